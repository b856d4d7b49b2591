"""From the bytes of an image's configuration to what a policy can ask about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.model.image import Digest, Platform, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageManifest
from gate.registry.repository import Repository, parse_stored
from gate.registry.resolve import manifest_digests
from gate.registry.wire import parse_object

_TIME: Final = expression(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_ZERO_YEAR: Final = 1


def configurations(
    repository: Repository, image: ResolvedImage, bounds: Bounds
) -> Iterator[ImageConfiguration]:
    """Yield the configuration of every platform, in the image's order. Raises RegistryError."""
    for digest in manifest_digests(image):
        what = f"{repository.name} {digest}"
        manifest = parse_stored(repository.manifest(digest), what=what, bounds=bounds)
        if not isinstance(manifest, ImageManifest) or not manifest.is_image:
            raise RegistryError(
                Code.NOT_AN_IMAGE,
                f"{what} is no container image",
                remedy="Push an index that lists images.",
            )
        yield parse_configuration(_content(repository, manifest.config, bounds), digest, what)


def parse_configuration(content: bytes, manifest: Digest, what: str) -> ImageConfiguration:
    """Read one configuration; `what` says whose, for people. Raises RegistryError."""
    value = parse_object(content, what=f"the configuration of {what}", depth=16)
    run = _object(value, "config", what)
    return ImageConfiguration(
        manifest=manifest,
        platform=Platform(
            _text(value, "os", what),
            _text(value, "architecture", what),
            _text(value, "variant", what),
        ),
        user=_text(run, "User", what),
        environment=tuple(_pair(entry) for entry in _texts(run, "Env", what)),
        ports=tuple(sorted(_object(run, "ExposedPorts", what))),
        entrypoint=_texts(run, "Entrypoint", what),
        command=_texts(run, "Cmd", what),
        labels=_labels(run, what),
        history=_history(value, what),
        created=_time(_text(value, "created", what), what),
    )


def _content(repository: Repository, config: Descriptor, bounds: Bounds) -> bytes:
    if config.size > bounds.configuration_bytes:
        raise RegistryError(
            Code.TOO_LARGE,
            f"the configuration of {repository.name} has {config.size} bytes, and at most"
            f" {bounds.configuration_bytes} are read",
            remedy="Look at the image's labels and history, and build it with less of them.",
        )
    return repository.blob(config)


def _history(value: dict[str, Any], what: str) -> tuple[str, ...]:
    steps = value.get("history")
    if steps is None:
        return ()
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        _malformed(what, "history")
    return tuple(_text(step, "created_by", what) for step in steps)


def _labels(run: dict[str, Any], what: str) -> dict[str, str]:
    labels = _object(run, "Labels", what)
    if not all(isinstance(text, str) for text in labels.values()):
        _malformed(what, "Labels")
    return labels


def _object(value: dict[str, Any], key: str, what: str) -> dict[str, Any]:
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        _malformed(what, key)
    return found


def _texts(value: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    found = value.get(key)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        _malformed(what, key)
    return tuple(found)


def _text(value: dict[str, Any], key: str, what: str) -> str:
    found = value.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        _malformed(what, key)
    return found


def _pair(entry: str) -> tuple[str, str]:
    name, _, text = entry.partition("=")
    return name, text


def _time(text: str, what: str) -> datetime | None:
    if not text:
        return None
    form = _TIME.fullmatch(text)
    if form is None:
        _malformed(what, "created")
    try:
        moment = datetime.fromisoformat(f"{form[1]}.{form[2] or 0:0<6}{form[3]}")
        return None if moment.year == _ZERO_YEAR else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        _malformed(what, "created")


def _malformed(what: str, key: str) -> NoReturn:
    raise RegistryError(
        Code.MALFORMED_CONFIGURATION,
        f"the configuration of {what} is malformed: {key} is not of the type that it has to be",
        remedy="Build the image again with a current tool.",
    )
