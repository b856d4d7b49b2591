"""What one manifest carries: its layers that are signatures, attestations or bundles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from gate.errors import RegistryError
from gate.model.dsse import ENVELOPE_TYPE, PAYLOAD_TYPE
from gate.model.evidence import Attached, AttachedKind, Carrier, Storage, Unread
from gate.model.image import Digest
from gate.predicates.image_signature import SIMPLE_SIGNING
from gate.registry.attempt import Item, Where, attempt
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.fetch_order import Wanted, chosen
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageIndex, ImageManifest, Manifest
from gate.registry.repository import Repository, Stored, parse_stored

BUNDLE_TYPE: Final = "application/vnd.dev.sigstore.bundle"
"""How every version's media type begins."""
SIGNATURE_TYPE: Final = SIMPLE_SIGNING
STATEMENT_TYPE: Final = PAYLOAD_TYPE


def referrers_tag(subject: Digest) -> str:
    """Return the tag that takes the place of the referrers API."""
    return f"sha256-{subject.hex}"


class Reader:
    """Reads manifests of one repository, and keeps no content of them."""

    def __init__(self, repository: Repository, bounds: Bounds, wanted: Wanted = None) -> None:
        """Take the repository, and which predicate types are looked for. Nothing is read yet."""
        self.repository = repository
        self.bounds = bounds
        self._wanted = wanted
        self._read: set[tuple[Digest, Digest]] = set()
        """Manifests that `about` has read, each with the subject that it was read for."""

    def chosen(self, entries: Iterable[Descriptor]) -> tuple[Descriptor, ...]:
        """Return what to fetch of a list, and in which order."""
        return chosen(entries, self._wanted, read_all=self.bounds.read_all)

    def manifest(self, digest: Digest) -> tuple[Stored, Manifest]:
        """Return the manifest with a digest. Raises RegistryError."""
        stored = self.repository.manifest(digest)
        return stored, self._parse(stored, str(digest))

    def tagged(self, tag: str) -> tuple[Stored, Manifest] | None:
        """Return the manifest under a tag; None where there is none. Raises RegistryError."""
        stored = self.repository.tagged(tag)
        return None if stored is None else (stored, self._parse(stored, tag))

    def _parse(self, stored: Stored, what: str) -> Manifest:
        what = f"{self.repository.name} {what}"
        return parse_stored(stored, what=what, bounds=self.bounds)

    def about(self, digest: Digest, subject: Digest, storage: Storage) -> Iterator[Item]:
        """Yield what a manifest carries, if it says that it is about the subject; once each.

        An artifact of a kind that gate has no name for (ORAS, Notation) is unknown, and no error.
        """
        if (digest, subject) in self._read:
            return
        self._read.add((digest, subject))
        try:
            stored, manifest = self.manifest(digest)
        except RegistryError as error:
            if error.code != Code.UNSUPPORTED_MANIFEST:
                raise
            stored = self.repository.manifest(digest)
            kind, media_type = AttachedKind.UNKNOWN, stored.content_type
            yield Attached(kind, stored.content, storage, subject, {}, media_type)
            return
        if manifest.subject is not None and manifest.subject.digest == subject:
            yield from self.contents(stored, manifest, subject, storage)

    def contents(
        self, stored: Stored, manifest: Manifest, subject: Digest, storage: Storage
    ) -> Iterator[Item]:
        """Yield each layer that is a signature, an attestation or a bundle, read or not.

        Raises RegistryError.
        """
        layers = manifest.layers if isinstance(manifest, ImageManifest) else ()
        kinds = [(_kind(layer), layer) for layer in self.chosen(layers)]
        carriers: tuple[Carrier, ...] = ()
        if AttachedKind.BUILDKIT_STATEMENT in {kind for kind, _ in kinds}:
            every = tuple(islice(self._carriers(stored), self.bounds.carrier_signatures + 1))
            yield from (one for one in every if isinstance(one, Unread))
            carriers = tuple(one for one in every if isinstance(one, Carrier))
            if len(every) > self.bounds.carrier_signatures:
                raise RegistryError(
                    Code.TOO_MANY,
                    f"{self.repository.name} {stored.digest} has more than"
                    f" {self.bounds.carrier_signatures} signatures",
                    remedy="Remove old signatures from that attestation manifest.",
                )
        for kind, layer in kinds:
            where = Where(storage, subject, layer.digest, layer.media_type)
            if kind is AttachedKind.BUILDKIT_STATEMENT:
                yield from attempt(where, self._statements, layer, stored, where, carriers)
            elif kind is not AttachedKind.UNKNOWN:
                yield from attempt(where, self._signed, kind, layer, where)
        if not layers or AttachedKind.UNKNOWN in {kind for kind, _ in kinds}:
            yield _unknown(stored, manifest, subject, storage)

    def _signed(self, kind: AttachedKind, layer: Descriptor, where: Where) -> Iterator[Attached]:
        annotations = {} if kind is AttachedKind.BUNDLE else layer.annotations
        content = self._blob(layer)
        yield Attached(kind, content, where.storage, where.subject, annotations, layer.media_type)

    def _carriers(self, stored: Stored) -> Iterator[Carrier | Unread]:
        """Yield each signature of a manifest that holds bare statements."""
        about, repository = stored.digest, self.repository
        listed = {e.digest: Storage.REFERRERS for e in repository.referrers(about) or ()}
        tagged = self.tagged(referrers_tag(about))
        if tagged is not None and isinstance(tagged[1], ImageIndex):
            for entry in tagged[1].manifests:
                listed.setdefault(entry.digest, Storage.FALLBACK_TAG)
        for digest, storage in listed.items():
            where = Where(storage, about, digest, "manifest")
            yield from attempt(where, self._referring, stored, digest, storage)
        signatures = self.tagged(f"{referrers_tag(about)}.sig")
        if signatures is not None:
            yield from self._signatures(stored, *signatures, Storage.SIG_TAG)

    def _referring(
        self, signed: Stored, digest: Digest, storage: Storage
    ) -> Iterator[Carrier | Unread]:
        held, manifest = self.manifest(digest)
        if manifest.subject is not None and manifest.subject.digest == signed.digest:
            yield from self._signatures(signed, held, manifest, storage)

    def _signatures(
        self, signed: Stored, stored: Stored, manifest: Manifest, storage: Storage
    ) -> Iterator[Carrier | Unread]:
        layers = manifest.layers if isinstance(manifest, ImageManifest) else ()
        if any(_kind(layer) is AttachedKind.BUILDKIT_STATEMENT for layer in layers):
            return  # a bare statement signs nothing, and what is about it is not looked for
        for item in self.contents(stored, manifest, signed.digest, storage):
            if isinstance(item, Unread):
                yield item
            elif item.kind in (AttachedKind.BUNDLE, AttachedKind.COSIGN_SIGNATURE):
                yield Carrier(signed.content, item)

    def _statements(
        self, layer: Descriptor, stored: Stored, where: Where, carriers: tuple[Carrier, ...]
    ) -> Iterator[Attached]:
        """Yield a bare statement, once for each signature of the manifest that holds it."""
        unread = not carriers and layer.size > self.bounds.unsigned_statement_bytes
        content = stored.content if unread else self._blob(layer)
        kind, storage = AttachedKind.BUILDKIT_STATEMENT, where.storage
        for carrier in carriers or (None,):
            yield Attached(kind, content, storage, where.subject, {}, layer.media_type, carrier)

    def _blob(self, layer: Descriptor) -> bytes:
        return self.repository.blob(layer)


def is_content(layer: Descriptor) -> bool:
    """Whether a layer is what `Reader` reads of a manifest, by its unsigned media type."""
    return _kind(layer) is not AttachedKind.UNKNOWN


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
