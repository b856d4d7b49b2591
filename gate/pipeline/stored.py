"""An object as a cluster stores it, as the part of a release that a pass must cover."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from gate.live.match import has_controller
from gate.manifests.canonical import bound_object
from gate.manifests.load import Manifests
from gate.model.image import Digest
from gate.model.kubernetes import KubernetesObject
from gate.model.release import ReleaseObject

_TOKEN: Final = re.compile(r"kube-api-access-[a-z0-9]{5}")
_CHANGING: Final = frozenset(
    ("managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink")
)


def stored_objects(manifests: Manifests, pins: Mapping[str, str]) -> tuple[ReleaseObject, ...]:
    """Return the objects of a request, each image as `pins` names it.

    An object with an image that `pins` lacks is left out: that image blocks by itself. Two Pods of
    one controller that differ in what is made up for each (its name, the name of its token's
    volume) are equal, so that what is found out about one holds for the other.
    """
    return tuple(
        _stored(one, value)
        for one in manifests.objects
        if (value := _bound(one, manifests, pins)) is not None
    )


def _bound(
    one: KubernetesObject, manifests: Manifests, pins: Mapping[str, str]
) -> dict[str, Any] | None:
    try:
        return bound_object(one, pins, manifests.positions)
    except KeyError:
        return None


def _stored(one: KubernetesObject, value: dict[str, Any]) -> ReleaseObject:
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    said = {
        **{k: v for k, v in value.items() if k != "status"},
        "metadata": {k: v for k, v in metadata.items() if k not in _CHANGING},
    }
    name, begins = metadata.get("name"), metadata.get("generateName")
    if not (one.name.kind == "Pod" and has_controller(value) and begins):
        return ReleaseObject(str(one.name), _digest(json.dumps(said, sort_keys=True)), value)
    said["metadata"].pop("uid", None)
    text = json.dumps(said, sort_keys=True)
    if isinstance(name, str) and name:
        text = text.replace(json.dumps(name), '"/name"')
    shown = "/".join(filter(None, (one.name.namespace, "Pod", f"{str(begins)[:253]}…")))
    return ReleaseObject(shown, _digest(_TOKEN.sub("/token", text)), value)


def _digest(text: str) -> Digest:
    return Digest.of(text.encode("utf-8", "surrogatepass"))
