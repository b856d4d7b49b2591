"""Kubernetes objects as manifests declare them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any

from gate.model.document import Document, Key, Path
from gate.model.location import Location
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class ObjectName:
    """What a report calls an object."""

    kind: str
    namespace: str | None
    """None where the manifest does not say."""
    name: str
    source: str | None = field(default=None, compare=False)
    """The file that a tool rendered it from, as Helm and kustomize say; foreign text. It is no
    part of the name."""

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
    """Where the object is in its document; empty unless it is an item of a List."""
    holder: ObjectName | None = None
    """The object that carries this one, as a ManifestWork does; None for one that is
    applied by itself."""
    embedded: tuple[Embedded, ...] = ()
    """Objects that this one carries, each judged, and bound by the digest of this one alone."""
    patches: bool = False
    """Whether the policy says that pods of the kind patch those that an operator makes."""

    @property
    def value(self) -> dict[str, Any]:
        """The object itself."""
        value = self.document.held.plain
        for key in self.root:
            value = value[key]
        found: dict[str, Any] = value
        return found

    def place(self, *path: Key) -> Location:
        """Return where the field at `path` of the object is, or its nearest parent."""
        return self.document.place(*self.root, *path)

    def embeds(self, path: Path) -> bool:
        """Whether the field at `path` lies inside an object that this one carries."""
        return any(path[: len(e.path)] == e.path for e in self.embedded)

    def unfolded(self) -> Iterator[KubernetesObject]:
        """Yield the object and, at any depth, the objects that it carries."""
        yield self
        for held in self.embedded:
            yield from held.object.unfolded()


@dataclass(frozen=True, slots=True)
class Embedded:
    """An object inside another one."""

    object: KubernetesObject
    path: Path
    """The mapping that is the object, or the text that holds it, from the outer's root."""
    is_text: bool
    """Whether it is written as text, such as a YAML file in a ConfigMap."""


@dataclass(frozen=True, slots=True)
class Split:
    """What an image is written with besides the field that `ImageUse.path` names."""

    digest: Path | None
    """The field that takes the digest, from the object's root; it need not exist. None where
    the kind has no such field."""
    before: str = ""
    """The text of that field before the digest: `1.2@` where a tag takes it, as in
    `tag: 1.2@sha256:…`; empty where the field holds nothing else."""
    location: Location | None = None
    """Where that field is; None where it does not exist."""


@dataclass(frozen=True, slots=True)
class ImageUse:
    """One place where an object names an image."""

    image: str
    """As written, put together where it is written in parts; it may not be a reference at all."""
    object: ObjectName
    path: Path
    """The field, from the object's root; of an image in parts, the one with the repository."""
    location: Location
    container: str | None = None
    """The container's name; None where no container is meant, as in an image volume."""
    prefix: str = ""
    """What the field's text has before the image, such as `oci://`."""
    split: Split | None = None
    """Where several fields name the image together: `path` then holds less than `image`."""
    fixed: bool = False
    """Whether nothing is written here: the image is inside a longer text, or the policy alone
    knows the field. The object's digest then covers the field as it is declared."""


@dataclass(frozen=True, slots=True)
class ImagePosition:
    """A field of some kind of object of which the policy says what it is."""

    kind: str
    """`Broker`, of every API group, or `ops.example.org/Broker`."""
    path: str
    """From the object's root, as in `spec.pools[*].image`."""
    tag: str = ""
    """The field that holds the tag; empty where the first holds all of the image."""
    ignore: bool = False
    """Whether nothing that runs is named there."""

    def is_of(self, obj: KubernetesObject) -> bool:
        """Whether the position is one of the object's kind."""
        group, slash, kind = self.kind.rpartition("/")
        own = obj.api_version.rpartition("/")[0]
        return kind == obj.name.kind and (not slash or group == own)


def field_path(path: Path) -> str:
    """Return `spec.containers[0].image` for the path of a field."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text
