"""Image manifests and indexes, OCI 1.1 and Docker schema 2, read strictly.

https://github.com/opencontainers/image-spec/blob/main/manifest.md
https://github.com/opencontainers/image-spec/blob/main/image-index.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final, TypeAlias

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.descriptor import (
    Descriptor,
    annotations_of,
    malformed,
    parse_descriptor,
    text_of,
)
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
            text_of(value, "artifactType", what),
            _subject(value, what),
        )
    return ImageManifest(
        media_type,
        parse_descriptor(value.get("config"), what),
        _descriptors(value, "layers", what, most),
        text_of(value, "artifactType", what),
        _subject(value, what),
        annotations_of(value, what),
    )


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


def media_type_of(content: bytes) -> str:
    """Return the media type of a manifest that was read before, for a registry that takes it."""
    value = json.loads(content)
    return str(value.get("mediaType") or (OCI_INDEX if "manifests" in value else OCI_MANIFEST))


def _media_type(value: dict[str, Any], content_type: str, what: str) -> str:
    named = text_of(value, "mediaType", what)
    served = content_type.partition(";")[0].strip().lower()
    if value.get("schemaVersion") == 1 or f"{named or served}".startswith(_SCHEMA_1):
        raise RegistryError(
            Code.UNSUPPORTED_MANIFEST,
            f"{what} is a Docker schema 1 manifest, whose digest does not bind what runs",
            remedy="Push the image again with a current tool: it writes schema 2 or OCI.",
        )
    known = INDEX_TYPES | MANIFEST_TYPES
    if named and served in known and named != served:
        malformed(what, f"it says {quote(named)} and is served as {served}")
    if named and named not in known:
        raise _unsupported(named, what)
    listed, single = "manifests" in value, "layers" in value or "config" in value
    if listed == single:
        malformed(what, "it is not clearly either a manifest or an index")
    media_type = named or (served if served in known else OCI_INDEX if listed else OCI_MANIFEST)
    if (media_type in INDEX_TYPES) != listed:
        malformed(what, "its media type and its content contradict each other")
    return media_type


def _unsupported(media_type: str, what: str) -> RegistryError:
    return RegistryError(
        Code.UNSUPPORTED_MANIFEST,
        f"{what} is of type {quote(media_type)}, which is no image manifest or index",
        remedy="Push the image as an OCI or Docker schema 2 image.",
    )


def _descriptors(value: dict[str, Any], key: str, what: str, most: int) -> tuple[Descriptor, ...]:
    items = value.get(key)
    if not isinstance(items, list):
        malformed(what, f"{key} is not a list")
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
