"""What objects hold: their pods, the images that they name, and the objects that they carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gate.documents.lenient import mapping
from gate.lint.facts.view import Container, Pod, pods
from gate.model.document import Key, Path
from gate.model.kubernetes import Embedded, ImageUse, KubernetesObject
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class NamedImage:
    """One place where an object names an image: a container, a volume, a field of its own."""

    text: str
    """The image, put together where it is written in parts."""
    path: Path
    """The field, from the object's root."""
    beside: dict[str, Any]
    """The mapping that the field is in; empty where there is none."""
    container: str | None
    """The container's name; None where it is no container."""


@dataclass(frozen=True, slots=True)
class Contents:
    """An object, the pods that it holds, and the images that it names."""

    object: KubernetesObject
    pods: tuple[Pod, ...]
    images: tuple[NamedImage, ...]

    def containers(self) -> Iterator[Container]:
        """Yield the containers of all its pods."""
        for pod in self.pods:
            yield from pod.containers


def images_by_object(
    objects: Iterable[KubernetesObject], uses: Iterable[ImageUse]
) -> dict[int, list[tuple[Path, ImageUse]]]:
    """Return images and their fields by the identity of their object's name; none for most.

    Two objects may have equal names, and each has its own. Raises ValueError where an image
    is of none of the objects.
    """
    known = {id(obj.name) for obj in objects}
    found: dict[int, list[tuple[Path, ImageUse]]] = {}
    for use in uses:
        if id(use.object) not in known:
            msg = f"{use.object} names an image, and is not among the objects"
            raise ValueError(msg)
        found.setdefault(id(use.object), []).append((use.path, use))
    return found


def contents(
    obj: KubernetesObject,
    images: Iterable[tuple[Path, ImageUse]],
    places: Mapping[int, Iterable[Path]],
) -> Iterator[Contents]:
    """Yield what an object holds, then the same of each object that it carries.

    `places` says where the pods of each object are, by its identity.
    `images` are those of the object and of all that it carries, with the field of each from
    the object's root. An image of a carried object goes to that one, unless it is written as
    text, which has no fields: then it stays with the object that has the text.
    """
    own: list[tuple[Path, ImageUse]] = []
    inner: dict[Path, list[tuple[Path, ImageUse]]] = {e.path: [] for e in obj.embedded}
    for path, use in images:
        held = _holder(obj, path)
        if held is None:
            own.append((path, use))
        else:
            inner[held.path].append((path[len(held.path) :], use))
    held_pods = pods(obj, places.get(id(obj), ()))
    yield Contents(obj, held_pods, tuple(_image(obj, p, use, held_pods) for p, use in own))
    for held in obj.embedded:
        yield from contents(held.object, () if held.is_text else inner[held.path], places)


def _holder(obj: KubernetesObject, path: Path) -> Embedded | None:
    for held in obj.embedded:
        if not held.is_text and path[: len(held.path)] == held.path:
            return held
    return None


def _image(obj: KubernetesObject, path: Path, use: ImageUse, held: tuple[Pod, ...]) -> NamedImage:
    beside: Any = obj.value
    for key in path[:-1]:
        beside = _item(beside, key)
    name = use.container
    if name is None:
        for pod in held:
            for container in pod.containers:
                if container.path == path[: len(container.path)]:
                    name = container.name
    return NamedImage(use.image, path, mapping(beside), name)


def _item(value: Any, key: Key) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(key, int):
        return value[key] if isinstance(value, list) and key < len(value) else None
    return value.get(key) if isinstance(value, dict) else None
