"""A world's images in OCI layout folders on disk: the same images, told by other code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gate.model.image import Digest
from gate.registry.route import LayoutRegistry
from tests.fakes.registry import (
    BUNDLE,
    OCI_CONFIG,
    OCI_EMPTY,
    OCI_INDEX,
    OCI_MANIFEST,
    descriptor,
    encode,
)
from tests.judge.made import signed, text_of
from tests.judge.world import PLATFORMS, Image, Part, World

_EMPTY: Final = b"{}"
_TAG: Final = "org.opencontainers.image.ref.name"


def can_be(world: World) -> bool:
    """Tell whether folders can say what the world's registry says: a folder has no faults."""
    return not any(image.silent or image.unread for image in world.images)


def digests(world: World) -> dict[tuple[str, Part], Digest]:
    """Return the digest of each manifest of the images, by the image's name."""
    return {
        (image.name, part): Digest.of(content)
        for image in world.images
        for part, content in _manifests(image).items()
    }


def laid_out(world: World, folder: Path) -> LayoutRegistry:
    """Write a world's images into folders; `digests` has to be what the world goes by."""
    folders = {image.name: folder / str(n) for n, image in enumerate(world.images)}
    for image in world.images:
        _Layout(folders[image.name]).write(image)
    return LayoutRegistry(folders)


def _configuration(image: Image, part: Part) -> bytes:
    return encode(
        {
            "os": "linux",
            "architecture": part,
            "created": text_of(image.created),
            "config": {"User": image.user},
        }
    )


def _image_manifest(image: Image, part: Part) -> bytes:
    config = descriptor(OCI_CONFIG, _configuration(image, part))
    value = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": []}
    return encode(value)


def _manifests(image: Image) -> dict[Part, bytes]:
    if not image.platforms:
        return {"index": _image_manifest(image, "index")}
    found = {part: _image_manifest(image, part) for part in PLATFORMS}
    entries = [
        descriptor(OCI_MANIFEST, content, platform={"os": "linux", "architecture": part})
        for part, content in found.items()
    ]
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
    return {**found, "index": encode(index)}


@dataclass(frozen=True)
class _Layout:
    folder: Path
    listed: list[dict[str, Any]] = field(default_factory=list)

    def write(self, image: Image) -> None:
        (self.folder / "blobs/sha256").mkdir(parents=True)
        (self.folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
        manifests = _manifests(image)
        kind = OCI_INDEX if image.platforms else OCI_MANIFEST
        self._list(kind, manifests["index"], annotations={_TAG: "1"})
        for part in PLATFORMS if image.platforms else ("index",):
            self._blob(manifests[part])
            if not image.unread_configuration:
                self._blob(_configuration(image, part))
        for about, content in _bundles(image):
            self._refer(kind if about == "index" else OCI_MANIFEST, manifests[about], content)
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": self.listed}
        (self.folder / "index.json").write_bytes(encode(index))

    def _refer(self, kind: str, subject: bytes, content: bytes) -> None:
        self._blob(_EMPTY)
        self._blob(content)
        value: Mapping[str, Any] = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "artifactType": BUNDLE,
            "config": descriptor(OCI_EMPTY, _EMPTY),
            "layers": [descriptor(BUNDLE, content)],
            "subject": descriptor(kind, subject),
        }
        self._list(OCI_MANIFEST, encode(value), artifactType=BUNDLE)

    def _list(self, kind: str, content: bytes, **more: object) -> None:
        self._blob(content)
        entry = descriptor(kind, content, **more)
        if entry not in self.listed:
            self.listed.append(entry)

    def _blob(self, content: bytes) -> None:
        (self.folder / "blobs/sha256" / Digest.of(content).hex).write_bytes(content)


def _bundles(image: Image) -> Iterator[tuple[Part, bytes]]:
    held = _manifests(image)
    for item in image.items:
        # What is about a manifest that is not there lies beside the image, as anything may.
        yield item.about if item.about in held else "index", signed(item, image.name)
