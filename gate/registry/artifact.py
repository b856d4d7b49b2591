"""A document in a registry, under a tag: an OCI artifact of one layer.

https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
"""

from __future__ import annotations

from gate.errors import RegistryError
from gate.model.image import ImageReference, ResolvedImage
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.manifest import EMPTY_TYPE, OCI_MANIFEST, ImageManifest
from gate.registry.oci.written import descriptor_of, encode
from gate.registry.repository import Repository, Stored, WritableRepository, parse_stored


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What is under a tag. Nothing about it is verified but its digest."""

    image: ResolvedImage
    """The manifest; what is attached to it is found as it is for an image."""
    content: bytes
    stored: Stored


def read_artifact(
    repository: Repository, reference: ImageReference, media_type: str, most: int, bounds: Bounds
) -> StoredDocument:
    """Return the artifact under the reference's tag: of this type, and at most so many bytes.

    Raises RegistryError.
    """
    tag = reference.tag or "latest"
    stored = repository.tagged(tag)
    if stored is None:
        raise repository.untagged(tag)
    manifest = parse_stored(stored, what=str(reference), bounds=bounds)
    if (
        not isinstance(manifest, ImageManifest)
        or manifest.artifact_type != media_type
        or [layer.media_type for layer in manifest.layers] != [media_type]
    ):
        raise RegistryError(
            Code.UNSUPPORTED_MANIFEST,
            f"{reference} holds something else than {media_type}",
            remedy="Name the tag that holds it, or use a tag that nothing else uses.",
        )
    (layer,) = manifest.layers
    if layer.size > most:
        raise RegistryError(
            Code.TOO_LARGE,
            f"{reference} has {layer.size} bytes, and at most {most} are read",
            remedy="Use a shorter document.",
        )
    return StoredDocument(ResolvedImage(reference, stored.digest), repository.blob(layer), stored)


def put_artifact(repository: WritableRepository, content: bytes, media_type: str) -> bytes:
    """Store a document by its digest, under no tag yet; return its manifest.

    Raises RegistryError.
    """
    repository.put_blob(b"{}")
    repository.put_blob(content)
    manifest = encode(
        {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "artifactType": media_type,
            "config": {**descriptor_of(EMPTY_TYPE, b"{}"), "data": "e30="},
            "layers": [descriptor_of(media_type, content)],
        }
    )
    repository.put_manifest(manifest, OCI_MANIFEST)
    return manifest
