"""Kubernetes objects as manifests declare them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gate.model.document import Document, Key, Path
from gate.model.location import Location


@dataclass(frozen=True, slots=True, order=True)
class ObjectName:
    """What a report calls an object."""

    kind: str
    namespace: str | None
    """None where the manifest does not say."""
    name: str

    def __str__(self) -> str:
        """Return `namespace/Kind/name`, without the namespace where there is none."""
        return "/".join(filter(None, (self.namespace, self.kind, self.name)))


@dataclass(frozen=True, slots=True)
class KubernetesObject:
    """One object of a manifest: a document, or one item of a `List`."""

    api_version: str
    name: ObjectName
    document: Document
    root: Path = ()
    """Where the object stands in its document; empty unless it is an item of a List."""
    source: str | None = None
    """The template that rendered it, from Helm's `# Source:` comment."""

    @property
    def value(self) -> dict[str, Any]:
        """The object itself."""
        value = self.document.value
        for key in self.root:
            value = value[key]
        found: dict[str, Any] = value
        return found

    def place(self, *path: Key) -> Location:
        """Return where the field at `path` of the object stands, or its nearest parent."""
        return self.document.place(*self.root, *path)


@dataclass(frozen=True, slots=True)
class ImageUse:
    """One place where an object names an image."""

    image: str
    """As written; it may not be a reference at all."""
    object: ObjectName
    path: Path
    """The field, from the object's root."""
    location: Location
    container: str | None = None
    """The container's name; None for an image volume."""


def field_path(path: Path) -> str:
    """Return `spec.containers[0].image` for the path of a field."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
