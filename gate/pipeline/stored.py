"""An object as a cluster stores it, as the part of a release that a pass must cover."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from gate.documents.lenient import mappings
from gate.live.match import has_controller
from gate.manifests.canonical import UnpinnedImageError, bound_object
from gate.manifests.manifests import Manifests
from gate.model.image import Digest
from gate.model.kubernetes import KubernetesObject
from gate.model.pod_tokens import tokens_by_number
from gate.model.release import ReleaseObject

_CHANGING: Final = frozenset(
    ("managedFields", "resourceVersion", "generation", "creationTimestamp", "selfLink")
)


def stored_objects(manifests: Manifests, pins: Mapping[str, str]) -> tuple[ReleaseObject, ...]:
    """Return the objects of a request, each image as `pins` names it.

    An object with an image that `pins` lacks is left out: that image blocks by itself. Two Pods of
    one controller that differ in what is made up for each (its name, the name of its token's
    volume) are equal, so that what is found out about one holds for the other. A name that
    anything else is held against, such as a host name, counts.
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
    except UnpinnedImageError:
        return None


def _stored(one: KubernetesObject, value: dict[str, Any]) -> ReleaseObject:
    metadata = value.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    said = {
        **{k: v for k, v in value.items() if k != "status"},
        "metadata": {k: v for k, v in metadata.items() if k not in _CHANGING},
    }
    begins = metadata.get("generateName")
    if not (one.name.kind == "Pod" and has_controller(value) and begins):
        return ReleaseObject(str(one.name), _digest(said), value)
    said["metadata"].pop("uid", None)
    spec = tokens_by_number(said.get("spec"))
    if not _tells_its_name(spec):
        said["metadata"].pop("name", None)
    shown = "/".join(filter(None, (one.name.namespace, "Pod", f"{str(begins)[:253]}…")))
    return ReleaseObject(shown, _digest({**said, "spec": spec}), value)


def _tells_its_name(spec: object) -> bool:
    """Whether a Pod has what is held against its own name: a host name, or a claim of its own."""
    if not isinstance(spec, dict):
        return False
    claims = ("persistentVolumeClaim" in one for _, one in mappings(spec.get("volumes")))
    return "hostname" in spec or any(claims)


def _digest(said: object) -> Digest:
    return Digest.of(json.dumps(said, sort_keys=True).encode("utf-8", "surrogatepass"))
