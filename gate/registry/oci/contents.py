"""What one manifest carries: its layers that are signatures, attestations or bundles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.model.dsse import ENVELOPE_TYPE, PAYLOAD_TYPE
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.registry.bounds import Bounds
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageManifest, Manifest
from gate.registry.repository import Repository, Stored, parse_stored

BUNDLE_TYPE: Final = "application/vnd.dev.sigstore.bundle"
"""How every version's media type begins."""
SIGNATURE_TYPE: Final = SIMPLE_SIGNING
STATEMENT_TYPE: Final = PAYLOAD_TYPE


class Reader:
    """Reads manifests of one repository, each once."""

    def __init__(self, repository: Repository, bounds: Bounds) -> None:
        """Take the repository; nothing is read yet."""
        self.repository = repository
        self.bounds = bounds
        self._seen: dict[Digest, tuple[Stored, Manifest]] = {}
        self._blobs: dict[tuple[Digest, int], bytes] = {}

    def manifest(self, digest: Digest) -> tuple[Stored, Manifest]:
        """Return the manifest with a digest. Raises RegistryError."""
        if digest not in self._seen:
            stored = self.repository.manifest(digest)
            self._seen[digest] = stored, self._parse(stored, str(digest))
        return self._seen[digest]

    def tagged(self, tag: str) -> tuple[Stored, Manifest] | None:
        """Return the manifest under a tag; None where there is none. Raises RegistryError."""
        stored = self.repository.tagged(tag)
        return None if stored is None else (stored, self._parse(stored, tag))

    def _parse(self, stored: Stored, what: str) -> Manifest:
        what = f"{self.repository.name} {what}"
        return parse_stored(stored, what=what, bounds=self.bounds)

    def about(self, digest: Digest, subject: Digest, storage: Storage) -> Iterator[Attached]:
        """Yield what a manifest carries, if it says that it is about the subject."""
        stored, manifest = self.manifest(digest)
        if manifest.subject is not None and manifest.subject.digest == subject:
            yield from self.contents(stored, manifest, subject, storage)

    def contents(
        self, stored: Stored, manifest: Manifest, subject: Digest, storage: Storage
    ) -> Iterator[Attached]:
        """Yield each layer that is a signature, an attestation or a bundle."""
        unknown = not isinstance(manifest, ImageManifest) or not manifest.layers
        for layer in manifest.layers if isinstance(manifest, ImageManifest) else ():
            kind = _kind(layer)
            if kind is AttachedKind.UNKNOWN:
                unknown = True
                continue
            yield self._layer(kind, layer, stored, subject, storage)
        if unknown:
            yield _unknown(stored, manifest, subject, storage)

    def _blob(self, layer: Descriptor) -> bytes:
        key = layer.digest, layer.size
        if key not in self._blobs:
            self._blobs[key] = self.repository.blob(layer)
        return self._blobs[key]

    def _layer(
        self,
        kind: AttachedKind,
        layer: Descriptor,
        stored: Stored,
        subject: Digest,
        storage: Storage,
    ) -> Attached:
        unsigned = kind is AttachedKind.BUILDKIT_STATEMENT
        if unsigned and layer.size > self.bounds.unsigned_statement_bytes:
            content = stored.content
        else:
            content = self._blob(layer)
        annotations = {} if kind is AttachedKind.BUNDLE else layer.annotations
        return Attached(kind, content, storage, subject, annotations, layer.media_type)


def _kind(layer: Descriptor) -> AttachedKind:
    media_type = layer.media_type.partition(";")[0].strip().lower()
    if media_type.startswith(BUNDLE_TYPE):
        return AttachedKind.BUNDLE
    return {
        SIGNATURE_TYPE: AttachedKind.COSIGN_SIGNATURE,
        ENVELOPE_TYPE: AttachedKind.COSIGN_ATTESTATION,
        STATEMENT_TYPE: AttachedKind.BUILDKIT_STATEMENT,
    }.get(media_type, AttachedKind.UNKNOWN)


def _unknown(stored: Stored, manifest: Manifest, subject: Digest, storage: Storage) -> Attached:
    media_type = manifest.artifact_type
    if not media_type and isinstance(manifest, ImageManifest):
        media_type = manifest.config.media_type
    return Attached(AttachedKind.UNKNOWN, stored.content, storage, subject, {}, media_type)
