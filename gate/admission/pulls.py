"""By which secrets a pod pulls its images: what the object names, in its own namespace alone.

https://kubernetes.io/docs/concepts/containers/images/#specifying-imagepullsecrets-on-a-pod
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from gate.admission.request import AdmissionRequest
from gate.model.expressions import expression
from gate.model.kubernetes import KubernetesObject
from gate.model.pods import pod_specs
from gate.model.records import dataclass

MOST: Final = 10
"""Secrets of one object that are read; of more, the first."""
_NAME: Final = expression(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.ASCII)
_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class PullScope:
    """The secrets of one object. An answer that was found with them is held for them alone."""

    namespace: str
    """Of the object, as the API server says it, and so of the secrets: nobody writes another."""
    secrets: tuple[str, ...] = ()
    account: str = ""
    """Of the pods without `imagePullSecrets`: the service account whose own are taken."""


def pull_scope(
    asked: AdmissionRequest, obj: KubernetesObject, opted_in: Collection[str]
) -> PullScope | None:
    """Return by which secrets an object's pods pull; None in a namespace that did not opt in.

    For example `PullScope(namespace="shop", secrets=("regcred",))`. Of pods that name several
    accounts the first is taken. What is no name of a secret is left out.
    """
    if asked.namespace not in opted_in:
        return None
    specs = [spec.value for spec in pod_specs(obj)]
    named = dict.fromkeys(name for spec in specs for name in _secrets(spec))
    accounts = [_account(spec) for spec in specs if not any(_secrets(spec))]
    return PullScope(
        namespace=asked.namespace,
        secrets=tuple(named)[:MOST],
        account=accounts[0] if accounts else "",
    )


def secret_names(value: object) -> tuple[str, ...]:
    """Return the names of a list `imagePullSecrets`, each once and well formed."""
    named = (
        (one.get("name") for one in value if isinstance(one, dict))
        if isinstance(value, list)
        else ()
    )
    return tuple(dict.fromkeys(n for n in named if isinstance(n, str) and _NAME.fullmatch(n)))


def _secrets(spec: dict[str, Any]) -> tuple[str, ...]:
    return secret_names(spec.get("imagePullSecrets"))


def _account(spec: dict[str, Any]) -> str:
    found = spec.get("serviceAccountName") or spec.get("serviceAccount") or _DEFAULT
    return found if isinstance(found, str) and _NAME.fullmatch(found) else _DEFAULT
