"""The JSON documents that gate writes to registries and layouts, the same bytes each time."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from gate.model.image import Digest
from gate.model.words import timestamp
from gate.registry.oci.manifest import EMPTY_TYPE, OCI_MANIFEST

BUNDLE_TYPE: Final = "application/vnd.dev.sigstore.bundle.v0.3+json"
CONFIG_TYPE: Final = "application/vnd.oci.image.config.v1+json"
_EPOCH: Final = "0001-01-01T00:00:00Z"


def bundle_manifest(
    bundle: bytes, subject: dict[str, Any], *, predicate_type: str, created: datetime
) -> bytes:
    """Return the manifest that attaches a bundle, as cosign's BUNDLE_SPEC writes it.

    `subject` is the image's descriptor. `created` is shown to people and decides nothing.
    """
    return encode(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "artifactType": BUNDLE_TYPE,
            "config": {**descriptor_of(EMPTY_TYPE, b"{}"), "data": "e30="},
            "layers": [descriptor_of(BUNDLE_TYPE, bundle)],
            "subject": subject,
            "annotations": {
                "dev.sigstore.bundle.content": "dsse-envelope",
                "dev.sigstore.bundle.predicateType": predicate_type,
                "org.opencontainers.image.created": timestamp(created),
            },
        }
    )


def signatures_manifest(layers: list[dict[str, Any]], config: bytes) -> bytes:
    """Return the manifest of cosign's `.sig` or `.att` image."""
    return encode(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor_of(CONFIG_TYPE, config),
            "layers": layers,
        }
    )


def descriptor_of(media_type: str, content: bytes) -> dict[str, Any]:
    """Return the descriptor of some bytes."""
    return {"mediaType": media_type, "digest": str(Digest.of(content)), "size": len(content)}


def signatures_config(layers: list[dict[str, Any]]) -> bytes:
    """Return the configuration that cosign writes beside its layers."""
    return encode(
        {
            "architecture": "",
            "created": _EPOCH,
            "history": [{"created": _EPOCH} for _ in layers],
            "os": "",
            "rootfs": {"type": "layers", "diff_ids": [layer["digest"] for layer in layers]},
            "config": {},
        }
    )


def encode(value: dict[str, Any]) -> bytes:
    """Return compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
