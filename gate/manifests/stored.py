"""An object as an API server stores it: a JSON value, and no file with lines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from gate.documents.lenient import text
from gate.manifests.embedded import Budget, parts_of, with_embedded
from gate.manifests.manifests import Manifests
from gate.manifests.named import object_name
from gate.manifests.patching import marked
from gate.model.document import Document
from gate.model.kubernetes import ImagePosition, KubernetesObject
from gate.model.value import Value

PLACE: Final = "object"
"""What reports name instead of a file. Findings name the field beside it."""


def stored_object(
    value: dict[str, Any],
    positions: tuple[ImagePosition, ...] = (),
    *,
    patches: Collection[str] = (),
    place: str = PLACE,
) -> Manifests:
    """Return one object, with what it carries, as `load_manifests` returns those of a file.

    `value` is an object of an API server, with its apiVersion and kind as texts: never a List.
    `patches` are as `load_manifests` takes them.
    Raises ValueError where it is no object.
    """
    api_version, kind = text(value.get("apiVersion")), text(value.get("kind"))
    if not api_version or not kind:
        msg = "it lacks its apiVersion or its kind"
        raise ValueError(msg)
    document = Document(Value(value), place, [0] * parts_of(value))
    named = KubernetesObject(api_version, object_name(kind, value.get("metadata")), document)
    whole, findings = with_embedded(named, Budget())
    return Manifests(marked((whole,), patches), tuple(findings), 1, 1, positions)
