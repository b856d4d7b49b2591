"""What several tests make of layouts."""

from __future__ import annotations

from pathlib import Path

from gate.model.image import Digest
from gate.registry.bounds import BOUNDS
from gate.registry.layout.repository import LayoutRepository
from tests.fakes.registry import OCI_CONFIG, OCI_MANIFEST, descriptor, encode


def make_image(folder: Path, tag: str, label: str = "") -> Digest:
    """Write an image without layers into a layout, which is made where there is none."""
    layout = LayoutRepository(folder, BOUNDS)
    layout.make()
    config = encode({"os": "linux", "architecture": "amd64", "label": label or tag})
    layout.put_blob(config)
    manifest = encode(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor(OCI_CONFIG, config),
            "layers": [],
        }
    )
    assert layout.put_tag(tag, manifest, OCI_MANIFEST, over=layout.tagged(tag))
    return Digest.of(manifest)
