"""The images of one pod: its containers and volumes, and what operators and injectors read."""

from __future__ import annotations

from typing import Any

from gate.manifests.positions.forms import compose, is_complete
from gate.manifests.positions.gathered import Gathered
from gate.manifests.positions.pod_rows import ANNOTATIONS, ARGUMENTS
from gate.manifests.positions.walk import likely, named_variable
from gate.manifests.positions.words import Speaks, has_host, speaks
from gate.model.document import Path
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
        for index, value in enumerate(containers if isinstance(containers, list) else ()):
            if not (spec.patch and isinstance(value, dict) and "image" not in value):
                _container(found, (*path, index), value)
    volumes = spec.value.get("volumes")
    for index, volume in enumerate(volumes if isinstance(volumes, list) else ()):
        if isinstance(volume, dict):
            _volume(found, (*spec.path, "volumes", index), volume)
    for part in spec.containers:
        if part.kind not in CONTAINER_LISTS or spec.patch:
            _read_by_programs(found, part.path, part.value)
    annotated(found, spec.metadata, spec.metadata_path)


def annotated(found: Gathered, metadata: Any, at: Path) -> None:  # noqa: ANN401  # any JSON value
    """Remember the images that annotations name, by the table or by their own names."""
    given = metadata.get("annotations") if isinstance(metadata, dict) else None
    if not isinstance(given, dict):
        return
    at = (*at, "annotations")
    for row in ANNOTATIONS:
        text = given.get(row.key)
        if not isinstance(text, str) or not text:
            continue
        version = given.get(row.version)
        path = (*at, row.key)
        if not row.version or is_complete(text):
            found.use(path, text)
        elif isinstance(version, str) and version:
            image = compose(text, version, "")
            found.use(path, text, image=image, split=found.split(None))
        else:
            found.unjudged(path, text, f"its tag is in {row.version}, which is not there")
    for key, text in given.items():
        if isinstance(text, str) and "mage" in key and (*at, key) not in found.items:
            name = key.rpartition("/")[2]
            if speaks(name) is not Speaks.NOTHING:
                likely(found, (*at, key), text)


def _container(found: Gathered, path: Path, value: Any) -> None:  # noqa: ANN401  # any JSON value
    if not isinstance(value, dict):
        found.missing(path, None, "the container is not a mapping")
        return
    name = value.get("name")
    container = name if isinstance(name, str) else ""
    _position(found, (*path, "image"), value.get("image"), container)
    _read_by_programs(found, path, value)


def _read_by_programs(found: Gathered, path: Path, value: dict[str, Any]) -> None:
    """Remember the images that the program in a container gets to run."""
    name = value.get("name")
    container = name if isinstance(name, str) else ""
    variables = value.get("env")
    for index, variable in enumerate(variables if isinstance(variables, list) else ()):
        if isinstance(variable, dict):
            called, text = variable.get("name"), variable.get("value")
            if not isinstance(called, str) or not isinstance(text, str):
                continue
            if speaks(called) is not Speaks.NOTHING:
                at = (*path, "env", index, "value")
                named_variable(found, at, called, text, container)
    for key in ("command", "args"):
        parts = value.get(key)
        if isinstance(parts, list):
            _arguments(found, (*path, key), parts, container)


def _arguments(found: Gathered, path: Path, parts: list[Any], container: str) -> None:
    waiting = Speaks.NOTHING
    for index, part in enumerate(parts):
        if not isinstance(part, str):
            waiting = Speaks.NOTHING
            continue
        option, equals, text = part.partition("=")
        if not part.startswith("-"):
            if waiting is not Speaks.NOTHING:
                _argument(found, (*path, index), part, "", (waiting, container))
            waiting = Speaks.NOTHING
            continue
        said = Speaks.REFERENCE if option in ARGUMENTS else speaks(option.lstrip("-"))
        waiting = Speaks.NOTHING if equals else said
        if equals and said is not Speaks.NOTHING:
            _argument(found, (*path, index), text, f"{option}=", (said, container))


def _argument(
    found: Gathered, path: Path, text: str, prefix: str, option: tuple[Speaks, str]
) -> None:
    said, container = option
    if not has_host(text):
        likely(found, path, text)
    elif said in (Speaks.IMAGE, Speaks.REFERENCE):
        found.use(path, text, prefix=prefix, container=container)
    else:
        found.unjudged(path, text)


def _volume(found: Gathered, path: Path, volume: dict[str, Any]) -> None:
    source = volume.get("image")
    if source is not None:
        reference = source.get("reference") if isinstance(source, dict) else source
        _position(found, (*path, "image", "reference"), reference, None)
    csi = volume.get("csi")
    attributes = csi.get("volumeAttributes") if isinstance(csi, dict) else None
    if isinstance(attributes, dict):
        image_attribute(found, (*path, "csi", "volumeAttributes"), attributes)
    flex = volume.get("flexVolume")
    options = flex.get("options") if isinstance(flex, dict) else None
    if isinstance(options, dict):
        image_attribute(found, (*path, "flexVolume", "options"), options)


def image_attribute(found: Gathered, path: Path, attributes: dict[str, Any]) -> None:
    """Remember the image that a volume driver mounts."""
    for key, text in attributes.items():
        said = speaks(key)
        named = said is Speaks.IMAGE or (said is not Speaks.NOTHING and has_host(str(text)))
        if isinstance(text, str) and text and named:
            found.use((*path, key), text)


def _position(found: Gathered, path: Path, image: Any, container: str | None) -> None:  # noqa: ANN401
    if not isinstance(image, str) or not image.strip():
        found.missing(path, container, "no image is named")
    elif image == "auto":
        found.missing(path, container, _FILLED_IN)
    else:
        found.use(path, image, prefix="", container=container)
