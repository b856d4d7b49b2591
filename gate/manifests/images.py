"""Every position where manifests name an image."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from gate.model.document import Path
from gate.model.kubernetes import ImageUse, KubernetesObject, field_path
from gate.model.pods import CONTAINER_LISTS, PodSpec, custom_images, pod_specs
from gate.model.verdict import Finding, Severity

MISSING: Final = "image-missing"


@dataclass(frozen=True, slots=True)
class ImageUses:
    """The images of a set of objects, and the places that should name one and do not."""

    uses: tuple[ImageUse, ...]
    findings: tuple[Finding, ...]


def image_uses(objects: Iterable[KubernetesObject]) -> ImageUses:
    """Return the images of all containers, init containers, ephemeral containers and image volumes.

    Looked at are pods of every kind, those of custom kinds found by their shape, and in a
    custom kind also every text under a key `image`. A container without an image, with an
    empty one, or with one that is filled in later (`auto`, as Istio writes it) is a
    blocking finding: what runs there is unknown. The exception is a container of an operator's
    own that its custom resource patches: there the image is the operator's. Never raises on
    any shape.
    """
    uses: list[ImageUse] = []
    findings: list[Finding] = []
    for obj in objects:
        for pod in pod_specs(obj):
            for item in _pod(obj, pod):
                (uses if isinstance(item, ImageUse) else findings).append(item)  # type: ignore[arg-type]  # each to its own list
        for path, image in custom_images(obj):
            if image:
                uses.append(ImageUse(image, obj.name, path, obj.place(*path)))
    return ImageUses(tuple(uses), tuple(findings))


def _pod(obj: KubernetesObject, pod: PodSpec) -> Iterator[ImageUse | Finding]:
    for name in CONTAINER_LISTS:
        path = (*pod.path, name)
        containers = pod.value.get(name)
        if containers is not None and not isinstance(containers, list) and pod.whole:
            yield _missing(obj, path, None, "the containers are not a list")
        for index, container in enumerate(containers if isinstance(containers, list) else ()):
            if not (pod.patch and isinstance(container, dict) and "image" not in container):
                yield _container(obj, (*path, index), container)
    volumes = pod.value.get("volumes")
    for index, volume in enumerate(volumes if isinstance(volumes, list) else ()):
        if isinstance(volume, dict) and volume.get("image") is not None:
            path = (*pod.path, "volumes", index, "image")
            source = volume["image"]
            reference = source.get("reference") if isinstance(source, dict) else source
            yield _position(obj, (*path, "reference"), reference, None)


def _container(obj: KubernetesObject, path: Path, value: Any) -> ImageUse | Finding:  # noqa: ANN401
    if not isinstance(value, dict):
        return _missing(obj, path, None, "the container is not a mapping")
    name = value.get("name")
    return _position(
        obj, (*path, "image"), value.get("image"), name if isinstance(name, str) else ""
    )


def _position(
    obj: KubernetesObject,
    path: Path,
    image: Any,  # noqa: ANN401  # whatever the file holds
    container: str | None,
) -> ImageUse | Finding:
    if not isinstance(image, str) or not image.strip():
        return _missing(obj, path, container, "no image is named")
    if image == "auto":
        return _missing(obj, path, container, "the image is filled in only inside the cluster")
    return ImageUse(image, obj.name, path, obj.place(*path), container)


def _missing(obj: KubernetesObject, path: Path, container: str | None, why: str) -> Finding:
    return Finding(
        rule=MISSING,
        code=MISSING,
        severity=Severity.HIGH,
        message=f"{why}, so what runs here cannot be verified",
        remedy="name the image, with its digest",
        location=obj.place(*path),
        field=field_path(path),
        object=obj.name,
        container=container,
    )
