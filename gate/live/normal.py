"""One form for what an object says, declared or stored: the one that the API server gives it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from decimal import ROUND_UP
from typing import Any, Final

from gate.live.types import ANYTHING, SERVERS_OWN, UNKNOWN, fields_of, root_type
from gate.model.quantity import quantity

MAX_DEPTH: Final = 100
"""How deep an object may be."""
_MILLI: Final = 1000
_STATUS: Final = (
    "autoscaling.alpha.kubernetes.io/conditions",
    "autoscaling.alpha.kubernetes.io/current-metrics",
)
_NOTHING: Final = {"s": "", "q": "0"}
"""What `null` is to the API server in a mapping of free keys, by the form of its values."""


def normal(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without what the API server drops or writes itself.

    Left out are `null`, what the API server alone writes (`status`, `metadata.uid`), and, in the
    types of Kubernetes, an empty value of a field that cannot tell empty from absent:
    `hostNetwork: false` is the same as no `hostNetwork`, while `replicas: 0` is not the same as
    no `replicas`. Quantities get one form: `0.5` and `500m` are both `500m`. `stringData` of a
    Secret becomes `data`. Objects of other kinds keep everything but `null`. Raises ValueError
    for an object that is deeper than 100.

    >>> normal({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 0.0,
    ...     "paused": False, "template": {"spec": {"hostname": ""}}}})
    {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'spec': {'replicas': 0}}
    """
    name = root_type(value.get("apiVersion"), value.get("kind"))
    if name == "Secret":
        value = _with_data(value)
    if name == "HorizontalPodAutoscaler":
        value = _without_alpha(value)
    return _of_type(value, name, 0)


def form_of(name: str, key: str) -> str:
    """Return the form of a field of a type."""
    field = (fields_of(name) or {}).get(key)
    return ANYTHING if field is None else field.form


def _normal(value: Any, form: str, depth: int, *, kept: bool = False) -> Any:  # noqa: ANN401  # any JSON value
    """Return a value in a form; None for one that is left out, unless empty ones are `kept`."""
    if depth > MAX_DEPTH:
        msg = f"the object is deeper than {MAX_DEPTH}"
        raise ValueError(msg)
    if value is None or form == SERVERS_OWN:
        return None
    if form[0] == "*":
        return _normal(value, form[1:], depth, kept=True)
    if isinstance(value, list):
        inner = form[1:] if form[0] == "[" else ANYTHING
        items = [_normal(item, inner, depth + 1, kept=True) for item in value]
        return items if items or kept or form == ANYTHING else None
    if isinstance(value, dict):
        if form[0] == "{":
            found = _mapping(value, form[1:], depth)
        elif form == "PodSpec":
            found = _of_type(_with_account(value), form, depth)
        elif fields_of(form) is not None and form != UNKNOWN:
            found = _of_type(value, form, depth)
        else:
            return _mapping(value, ANYTHING, depth)
        return found if found or kept else None
    scalar = _scalar(value, form)
    return scalar if scalar or kept or form in (ANYTHING, "q") else None


def _mapping(value: Mapping[str, Any], form: str, depth: int) -> dict[str, Any]:
    items = ((k, _normal(v, form, depth + 1, kept=True)) for k, v in value.items())
    # The key of a `null` stays, with the empty value of its form.
    nothing = _NOTHING.get(form)
    return {k: nothing if v is None else v for k, v in items if not (v is nothing is None)}


def _of_type(value: Mapping[str, Any], name: str, depth: int) -> dict[str, Any]:
    items = ((k, _normal(v, form_of(name, k), depth + 1)) for k, v in value.items())
    return {k: v for k, v in items if v is not None}


def _scalar(value: Any, form: str) -> Any:  # noqa: ANN401  # any JSON scalar
    if form == "q":
        return _quantity(value)
    if form == "y" and isinstance(value, str):
        return value.translate({10: None, 13: None})
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _quantity(value: Any) -> Any:  # noqa: ANN401  # any JSON scalar
    """Return a quantity in thousandths, rounded up as the API server does; else the value."""
    amount = quantity(value)
    if amount is None or not -(10**30) < amount < 10**30:
        return value
    milli = int((amount * _MILLI).to_integral_value(ROUND_UP))
    return str(milli // _MILLI) if milli % _MILLI == 0 else f"{milli}m"


def _with_account(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a PodSpec without the older name of `serviceAccountName`, which wins."""
    rest = {k: v for k, v in spec.items() if k != "serviceAccount"}
    if not rest.get("serviceAccountName") and spec.get("serviceAccount"):
        rest["serviceAccountName"] = spec["serviceAccount"]
    return rest


def _with_data(secret: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a Secret whose `stringData` is in its `data`."""
    texts, data = secret.get("stringData"), secret.get("data") or {}
    if not isinstance(texts, dict) or not isinstance(data, dict):
        return secret
    written = {k: _encoded(v) for k, v in texts.items()}
    return {**{k: v for k, v in secret.items() if k != "stringData"}, "data": {**data, **written}}


def _without_alpha(autoscaler: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an autoscaler of `autoscaling/v1` without the annotations that are a status in it."""
    metadata = autoscaler.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(metadata, dict) or not isinstance(annotations, dict):
        return autoscaler
    kept = {k: v for k, v in annotations.items() if k not in _STATUS}
    return {**autoscaler, "metadata": {**metadata, "annotations": kept}}


def _encoded(text: object) -> object:
    if not isinstance(text, str):
        return text
    try:
        return base64.b64encode(text.encode()).decode()
    except (UnicodeEncodeError, binascii.Error):
        return text
