"""An image of two platforms in a layout folder."""

from __future__ import annotations

from pathlib import Path

from gate.registry.bounds import BOUNDS
from gate.registry.layout.repository import LayoutRepository
from tests.fakes.registry import OCI_CONFIG, OCI_INDEX, OCI_MANIFEST, descriptor, encode


def write_index(folder: Path) -> None:
    """Write an image of two platforms into a layout, tagged 1.0."""
    layout = LayoutRepository(folder, BOUNDS)
    layout.make()
    entries = []
    for architecture in ("amd64", "arm64"):
        config = encode(
            {
                "os": "linux",
                "architecture": architecture,
                "rootfs": {"type": "layers", "diff_ids": []},
            }
        )
        layout.put_blob(config)
        manifest = encode(
            {
                "schemaVersion": 2,
                "mediaType": OCI_MANIFEST,
                "config": descriptor(OCI_CONFIG, config),
                "layers": [],
            }
        )
        layout.put_blob(manifest)
        platform = {"os": "linux", "architecture": architecture}
        entries.append(descriptor(OCI_MANIFEST, manifest, platform=platform))
    index = encode({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})
    assert layout.put_tag("1.0", index, OCI_INDEX, over=None)
