"""The images of one pod: its containers and volumes, and what operators and injectors read."""

from __future__ import annotations

from typing import Any

from gate.documents.lenient import dig, labels, mappings, sequence, text
from gate.manifests.positions.forms import compose, is_complete
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.pod_rows import ANNOTATIONS, ARGUMENTS
from gate.manifests.positions.walk import likely, named_variable
from gate.manifests.positions.words import Speaks, has_host, is_whole, speaks
from gate.model.document import Path
from gate.model.kubernetes import Split
from gate.model.pods import CONTAINER_LISTS, PodSpec

_FILLED_IN = "the image is filled in only inside the cluster"


def pod(found: Gathered, spec: PodSpec) -> None:
    """Remember every image of a pod. Never raises on any shape.

    An operator's own container, which its custom resource patches, needs none.
    """
    for kind in CONTAINER_LISTS:
        path = (*spec.path, kind)
        containers = spec.value.get(kind)
        if containers is not None and not isinstance(containers, list) and spec.whole:
            found.missing(path, None, "the containers are not a list")
        for index, value in enumerate(sequence(containers)):
            if not (spec.patch and isinstance(value, dict) and "image" not in value):
                _container(found, (*path, index), value)
    for index, volume in mappings(spec.value.get("volumes")):
        _volume(found, (*spec.path, "volumes", index), volume)
    for part in spec.containers:
        _read_by_programs(found, part.path, part.value)
    annotated(found, spec.metadata, spec.metadata_path)


def annotated(found: Gathered, metadata: Any, at: Path) -> None:  # noqa: ANN401  # any JSON value
    """Remember the images that annotations name, by the table or by their own names."""
    given = labels(dig(metadata, "annotations"))
    at = (*at, "annotations")
    for row in ANNOTATIONS:
        said = given.get(row.key)
        if not said:
            continue
        version = given.get(row.version)
        path = (*at, row.key)
        if not row.version or is_complete(said):
            found.use(path, said)
        elif version:
            found.use(path, said, image=compose(said, version, ""), split=Split(None))
        else:
            found.unjudged(path, said, f"its tag is in {row.version}, which is not there")
    for key, said in given.items():
        if speaks(key.rpartition("/")[2]) is not Speaks.NOTHING:
            likely(found, (*at, key), said)


def _container(found: Gathered, path: Path, value: Any) -> None:  # noqa: ANN401  # any JSON value
    if not isinstance(value, dict):
        found.missing(path, None, "the container is not a mapping")
        return
    _position(found, (*path, "image"), value.get("image"), text(value.get("name")))


def _read_by_programs(found: Gathered, path: Path, value: dict[str, Any]) -> None:
    """Remember the images that the program in a container gets to run."""
    container = text(value.get("name"))
    for index, variable in mappings(value.get("env")):
        called = text(variable.get("name"))
        at, said = (*path, "env", index, "value"), text(variable.get("value"))
        if speaks(called) is not Speaks.NOTHING:
            named_variable(found, at, called, said, container)
        elif is_whole(said):
            found.unjudged(at, said)
    parts = [
        ((*path, key, index), text(part))
        for key in ("command", "args")
        for index, part in enumerate(sequence(value.get(key)))
    ]
    _arguments(found, parts, container)


def _arguments(found: Gathered, parts: list[tuple[Path, str]], container: str) -> None:
    waiting = Speaks.NOTHING
    for at, part in parts:
        option, equals, said = part.partition("=")
        pinned = part if not equals else said
        if not part.startswith("-"):
            if waiting is not Speaks.NOTHING:
                _argument(found, at, part, "", (waiting, container))
            elif _is_pinned(pinned):
                found.unjudged(at, pinned)
            waiting = Speaks.NOTHING
            continue
        means = Speaks.REFERENCE if option in ARGUMENTS else speaks(option.lstrip("-"))
        waiting = Speaks.NOTHING if equals else means
        if means is not Speaks.NOTHING:
            _argument(found, at, said, f"{option}=", (means, container))
        elif _is_pinned(pinned):
            found.unjudged(at, pinned)


def _is_pinned(text: str) -> bool:
    """Whether an argument is an image by digest. One with a tag may be what a program pushes."""
    return "@sha256:" in text and is_whole(text)


def _argument(
    found: Gathered, path: Path, name: str, prefix: str, option: tuple[Speaks, str]
) -> None:
    means, container = option
    if not has_host(name):
        likely(found, path, name)
    elif means in (Speaks.IMAGE, Speaks.REFERENCE):
        found.use(path, name, prefix=prefix, container=container)
    else:
        found.unjudged(path, name)


def _volume(found: Gathered, path: Path, volume: dict[str, Any]) -> None:
    source = volume.get("image")
    if source is not None:
        _position(found, (*path, "image", "reference"), dig(source, "reference"), None)
    for at in (("csi", "volumeAttributes"), ("flexVolume", "options")):
        image_attribute(found, (*path, *at), dig(volume, *at))


def image_attribute(found: Gathered, path: Path, attributes: Any) -> None:  # noqa: ANN401  # any JSON value
    """Remember the image that a volume driver mounts."""
    for key, said in labels(attributes).items():
        means = speaks(key)
        if (said and means is Speaks.IMAGE) or (means is not Speaks.NOTHING and has_host(said)):
            found.use((*path, key), said)
        elif is_whole(said):
            found.unjudged((*path, key), said)


def _position(found: Gathered, path: Path, image: Any, container: str | None) -> None:  # noqa: ANN401  # any JSON value
    said = text(image)
    if not said.strip():
        found.missing(path, container, "no image is named")
    elif said == "auto":
        found.missing(path, container, _FILLED_IN)
    else:
        found.use(path, said, prefix="", container=container)
