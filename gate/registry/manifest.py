"""Image manifests and indexes, OCI 1.1 and Docker schema 2, read strictly.

https://github.com/opencontainers/image-spec/blob/main/manifest.md
https://github.com/opencontainers/image-spec/blob/main/image-index.md
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, TypeAlias

from gate.errors import RegistryError
from gate.model.image import Digest, Platform
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.wire import parse_object, quote

OCI_INDEX: Final = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST: Final = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
INDEX_TYPES: Final = frozenset((OCI_INDEX, DOCKER_LIST))
MANIFEST_TYPES: Final = frozenset((OCI_MANIFEST, DOCKER_MANIFEST))
ACCEPTED: Final = f"{OCI_INDEX}, {OCI_MANIFEST}, {DOCKER_LIST}, {DOCKER_MANIFEST}"
IMAGE_CONFIG_TYPES: Final = frozenset(
    (
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.container.image.v1+json",
    )
)
EMPTY_TYPE: Final = "application/vnd.oci.empty.v1+json"
_SCHEMA_1: Final = "application/vnd.docker.distribution.manifest.v1"
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


@dataclass(frozen=True, slots=True)
class ImageManifest:
    """One image, or one artifact in an image's clothes."""

    media_type: str
    config: Descriptor
    layers: tuple[Descriptor, ...]
    artifact_type: str = ""
    subject: Descriptor | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_image(self) -> bool:
        """Whether a container can be made of it."""
        return self.config.media_type in IMAGE_CONFIG_TYPES


@dataclass(frozen=True, slots=True)
class ImageIndex:
    """A list of manifests."""

    media_type: str
    manifests: tuple[Descriptor, ...]
    artifact_type: str = ""
    subject: Descriptor | None = None


Manifest: TypeAlias = ImageManifest | ImageIndex


def parse_manifest(
    content: bytes, *, content_type: str, what: str, bounds: Bounds, entries: int | None = None
) -> Manifest:
    """Read a manifest or an index; `what` says which, for people.

    `content_type` is what the storage calls it. It only fills in for a body that does not
    name its own media type; where both name a manifest type and differ, the document is
    refused, as is one that could be read as both a manifest and an index (CVE-2021-41190).
    Raises RegistryError.
    """
    value = parse_object(content, what=what, depth=bounds.json_depth)
    media_type = _media_type(value, content_type, what)
    most = bounds.entries if entries is None else entries
    if media_type in INDEX_TYPES:
        return ImageIndex(
            media_type,
            _descriptors(value, "manifests", what, most),
            _text(value, "artifactType", what),
            _subject(value, what),
        )
    return ImageManifest(
        media_type,
        parse_descriptor(value.get("config"), what),
        _descriptors(value, "layers", what, most),
        _text(value, "artifactType", what),
        _subject(value, what),
        _annotations(value, what),
    )


def parse_descriptor(value: object, what: str) -> Descriptor:
    """Read one descriptor. Foreign `urls` are never read. Raises RegistryError."""
    if not isinstance(value, dict):
        _malformed(what, "an entry is not a descriptor")
    size = value.get("size")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < _LONGEST_SIZE:
        _malformed(what, "an entry has no size in bytes")
    descriptor = Descriptor(
        _text(value, "mediaType", what),
        _digest(value.get("digest"), what),
        size,
        _text(value, "artifactType", what),
        _platform(value.get("platform"), what),
        _annotations(value, what),
    )
    _check_data(value.get("data"), descriptor, what)
    return descriptor


def listing(content: bytes, media_type: str) -> dict[str, Any]:
    """Return the JSON descriptor that lists one of our own manifests among referrers.

    Its artifact type, or else its configuration's media type, and all its annotations are
    copied, as the distribution specification demands.
    """
    manifest = json.loads(content)
    entry: dict[str, Any] = {
        "mediaType": media_type,
        "digest": str(Digest.of(content)),
        "size": len(content),
    }
    kind = manifest.get("artifactType") or manifest.get("config", {}).get("mediaType")
    if kind:
        entry["artifactType"] = kind
    if manifest.get("annotations"):
        entry["annotations"] = manifest["annotations"]
    return entry


def _media_type(value: dict[str, Any], content_type: str, what: str) -> str:
    named = _text(value, "mediaType", what)
    served = content_type.partition(";")[0].strip().lower()
    if value.get("schemaVersion") == 1 or f"{named or served}".startswith(_SCHEMA_1):
        raise RegistryError(
            Code.UNSUPPORTED_MANIFEST,
            f"{what} is a Docker schema 1 manifest, whose digest does not bind what runs",
            remedy="Push the image again with a current tool: it writes schema 2 or OCI.",
        )
    known = INDEX_TYPES | MANIFEST_TYPES
    if named and served in known and named != served:
        _malformed(what, f"it says {quote(named)} and is served as {served}")
    listed, single = "manifests" in value, "layers" in value or "config" in value
    if listed == single:
        _malformed(what, "it is not clearly either a manifest or an index")
    media_type = named or (served if served in known else OCI_INDEX if listed else OCI_MANIFEST)
    if media_type not in known:
        raise RegistryError(
            Code.UNSUPPORTED_MANIFEST,
            f"{what} is of type {quote(media_type)}, which is no image manifest or index",
            remedy="Push the image as an OCI or Docker schema 2 image.",
        )
    if (media_type in INDEX_TYPES) != listed:
        _malformed(what, "its media type and its content contradict each other")
    return media_type


def _descriptors(value: dict[str, Any], key: str, what: str, most: int) -> tuple[Descriptor, ...]:
    items = value.get(key)
    if not isinstance(items, list):
        _malformed(what, f"{key} is not a list")
    if len(items) > most:
        raise RegistryError(
            Code.TOO_MANY,
            f"{what} has {len(items)} {key}, and at most {most} are read",
            remedy="Remove old entries from it, such as attestations of past builds.",
        )
    return tuple(parse_descriptor(item, what) for item in items)


def _subject(value: dict[str, Any], what: str) -> Descriptor | None:
    subject = value.get("subject")
    return None if subject is None else parse_descriptor(subject, what)


def _text(value: dict[str, Any], key: str, what: str) -> str:
    text = value.get(key, "")
    if text is None:
        return ""
    if not isinstance(text, str):
        _malformed(what, f"{key} is not text")
    return text


def _digest(value: object, what: str) -> Digest:
    try:
        return Digest.parse(value if isinstance(value, str) else "")
    except ValueError:
        _malformed(what, "an entry has no sha256 digest")


def _platform(value: object, what: str) -> Platform | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        _malformed(what, "a platform is not an object")
    return Platform(
        _text(value, "os", what), _text(value, "architecture", what), _text(value, "variant", what)
    )


def _annotations(value: dict[str, Any], what: str) -> dict[str, str]:
    annotations = value.get("annotations")
    if annotations is None:
        return {}
    if not isinstance(annotations, dict) or not all(
        isinstance(text, str) for text in annotations.values()
    ):
        _malformed(what, "annotations are not text")
    return annotations


def _check_data(data: object, descriptor: Descriptor, what: str) -> None:
    if data is None:
        return
    try:
        content = base64.b64decode(data if isinstance(data, str) else "!", validate=True)
    except (binascii.Error, ValueError):
        _malformed(what, "the data of an entry is not base64")
    if base64.b64encode(content).decode() != data:
        _malformed(what, "the data of an entry is not canonical base64")
    if Digest.of(content) != descriptor.digest or len(content) != descriptor.size:
        raise RegistryError(
            Code.DIGEST_MISMATCH,
            f"{what} has an entry whose data are not what its digest says",
            remedy="Push the image again; if it happens twice, do not trust this registry.",
        )


def _malformed(what: str, problem: str) -> NoReturn:
    raise RegistryError(
        Code.MALFORMED_MANIFEST,
        f"{what} is malformed: {problem}",
        remedy="Push it again with a current tool.",
    )
