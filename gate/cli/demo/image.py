"""An image of the demo: one layer with one program, in an OCI layout folder."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from datetime import datetime

import rfc8785

from gate.model.image import ImageReference, ResolvedImage
from gate.model.words import timestamp
from gate.registry.oci.manifest import OCI_MANIFEST
from gate.registry.oci.written import CONFIG_TYPE, descriptor_of
from gate.registry.route import LayoutRegistry


def push_image(
    registry: LayoutRegistry, reference: ImageReference, created: datetime
) -> ResolvedImage:
    """Store an image of one small program under a tag; return it as it resolves."""
    name = reference.repository.rpartition("/")[2]
    repository = registry.repository(reference)
    layer, unpacked = _layer(name)
    config = rfc8785.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "created": timestamp(created),
            "config": {"User": "65532", "Entrypoint": [f"/{name}"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{unpacked}"]},
        }
    )
    manifest = rfc8785.dumps(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor_of(CONFIG_TYPE, config),
            "layers": [descriptor_of("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
        }
    )
    repository.put_blob(layer)
    repository.put_blob(config)
    repository.put_tag(reference.tag or "latest", manifest, OCI_MANIFEST, over=None)
    return registry.resolve(reference)


def _layer(name: str) -> tuple[bytes, str]:
    """Return a layer of one file, and the digest of what it unpacks to."""
    buffer = io.BytesIO()
    program = f"#!/bin/sh\necho {name}\n".encode()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(program), 0o755
        tar.addfile(entry, io.BytesIO(program))
    raw = buffer.getvalue()
    return gzip.compress(raw, mtime=0), hashlib.sha256(raw).hexdigest()
