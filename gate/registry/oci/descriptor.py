"""Descriptors: what one document says about another.

https://github.com/opencontainers/image-spec/blob/main/descriptor.md
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, NoReturn

from gate.errors import RegistryError
from gate.model.image import Digest, Platform
from gate.model.records import dataclass
from gate.registry.codes import Code

_LONGEST_SIZE: Final = 2**53


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What one document says about another. Its digest binds; the rest are hints."""

    media_type: str
    digest: Digest
    size: int
    """In bytes, from 0."""
    artifact_type: str = ""
    platform: Platform | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)


def parse_descriptor(value: object, what: str) -> Descriptor:
    """Read one descriptor. Foreign `urls` are never read. Raises RegistryError."""
    if not isinstance(value, dict):
        malformed(what, "an entry is not a descriptor")
    size = value.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < _LONGEST_SIZE:
        malformed(what, "an entry has no size in bytes")
    descriptor = Descriptor(
        text_of(value, "mediaType", what),
        _digest(value.get("digest"), what),
        size,
        text_of(value, "artifactType", what),
        _platform(value.get("platform"), what),
        annotations_of(value, what),
    )
    _check_data(value.get("data"), descriptor, what)
    return descriptor


def text_of(value: dict[str, Any], key: str, what: str) -> str:
    """Return the text under a key, empty where there is none. Raises RegistryError."""
    text = value.get(key, "")
    if text is None:
        return ""
    if not isinstance(text, str):
        malformed(what, f"{key} is not text")
    return text


def _digest(value: object, what: str) -> Digest:
    try:
        return Digest.parse(value if isinstance(value, str) else "")
    except ValueError:
        malformed(what, "an entry has no sha256 digest")


def _platform(value: object, what: str) -> Platform | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        malformed(what, "a platform is not an object")
    return Platform(
        text_of(value, "os", what),
        text_of(value, "architecture", what),
        text_of(value, "variant", what),
    )


def annotations_of(value: dict[str, Any], what: str) -> dict[str, str]:
    """Return the annotations of a document. Raises RegistryError."""
    annotations = value.get("annotations")
    if annotations is None:
        return {}
    if not isinstance(annotations, dict) or not all(
        isinstance(text, str) for text in annotations.values()
    ):
        malformed(what, "annotations are not text")
    return annotations


def _check_data(data: object, descriptor: Descriptor, what: str) -> None:
    if data is None:
        return
    try:
        content = base64.b64decode(data if isinstance(data, str) else "!", validate=True)
    except (binascii.Error, ValueError):
        malformed(what, "the data of an entry is not base64")
    if base64.b64encode(content).decode() != data:
        malformed(what, "the data of an entry is not canonical base64")
    if Digest.of(content) != descriptor.digest or len(content) != descriptor.size:
        raise RegistryError(
            Code.DIGEST_MISMATCH,
            f"{what} has an entry whose data are not what its digest says",
            remedy="Push the image again; if it happens twice, do not trust this registry.",
        )


def malformed(what: str, problem: str) -> NoReturn:
    """Say what is wrong with a document. Raises RegistryError, always."""
    raise RegistryError(
        Code.MALFORMED_MANIFEST,
        f"{what} is malformed: {problem}",
        remedy="Push it again with a current tool.",
    )
