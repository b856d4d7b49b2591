"""Writing: signed things attached to an image, so that every reader finds them.

A bundle becomes a referrer (OCI 1.1), listed under the tag that takes the place of the referrers
API where a registry lacks it; a legacy attestation becomes one more layer of cosign's
`.att` image. Nothing that is there is pushed again, and nothing that
others wrote is lost: with `confirm`, tags that they write too are looked at again after a
while, one for all that was pushed.

https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from gate.model.dsse import ENVELOPE_TYPE
from gate.model.image import Digest, ResolvedImage
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.oci.contents import referrers_tag
from gate.registry.oci.manifest import OCI_MANIFEST
from gate.registry.oci.written import bundle_manifest, descriptor_of
from gate.registry.repository import Repositories, WritableRepository, parse_stored
from gate.registry.write.already_attached import carrier, demand_room, listed
from gate.registry.write.shared_tags import SharedTags

_SIGNATURE_ANNOTATION: Final = "dev.cosignproject.cosign/signature"


class RepositoryPublisher:
    """Attaches signed bytes to images, in registries or layout folders alike.

    One image's digest is its subject. Raises RegistryError.
    """

    def __init__(self, repositories: Repositories, *, bounds: Bounds = BOUNDS) -> None:
        """Take what knows where images are."""
        self._repositories = repositories
        self._bounds = bounds
        self._tags = SharedTags(bounds)
        self.nearly_full: dict[str, int] = {}
        """Images that carry more than half of what is read, and how many attestations that is."""

    def push_bundle(
        self, image: ResolvedImage, bundle: bytes, *, predicate_type: str, created: datetime
    ) -> Digest:
        """Attach a Sigstore bundle; return the digest of the manifest that carries it.

        `created` is shown to people and decides nothing. A bundle of the same bytes that
        is attached already is left as it is, and its manifest's digest is returned. Nothing is
        written that would not be read again: more than the bound is refused before anything is.
        """
        repository = self._repositories.repository(image.reference)
        entries = listed(repository, image.digest, self._bounds)
        present = carrier(
            repository,
            entries,
            image.digest,
            Digest.of(bundle),
            predicate_type=predicate_type,
            bounds=self._bounds,
        )
        if present is not None:
            return present
        demand_room(str(image), len(entries) + 1, 0, self._bounds)
        if len(entries) + 1 > self._bounds.entries // 2:
            self.nearly_full[str(image)] = len(entries) + 1
        subject = self._repositories.held(image)
        media_type = parse_stored(subject, what=str(image), bounds=self._bounds).media_type
        manifest = bundle_manifest(
            bundle,
            descriptor_of(media_type, subject.content),
            predicate_type=predicate_type,
            created=created,
        )
        repository.put_blob(b"{}")
        repository.put_blob(bundle)
        repository.put_manifest(manifest, OCI_MANIFEST)
        shown = {entry.digest for entry in repository.referrers(image.digest) or ()}
        if Digest.of(manifest) not in shown:
            self._tags.list_referrer(repository, image.digest, manifest)
        return Digest.of(manifest)

    def push_attestation_legacy(
        self, image: ResolvedImage, envelope: bytes, *, predicate_type: str
    ) -> Digest:
        """Append a DSSE envelope to the `.att` image; return that image's digest."""
        annotations = {_SIGNATURE_ANNOTATION: "", "predicateType": predicate_type}
        find = self._finds(image)
        tag = f"{referrers_tag(image.digest)}.att"
        return self._tags.append(find, tag, ENVELOPE_TYPE, envelope, annotations)

    def _finds(self, image: ResolvedImage) -> Callable[[], WritableRepository]:
        return lambda: self._repositories.repository(image.reference)

    @property
    def overwritten(self) -> Mapping[str, Collection[Digest]]:
        """By repository: manifests that were under a tag that others write too, before we wrote it.

        All that they list is listed under it now.
        """
        return self._tags.overwritten

    def confirm(self) -> None:
        """Look once more at each tag that others write too, and merge what has gone missing.

        Waits for `settle_seconds`, once for all tags, and not at all where none was written.
        """
        self._tags.confirm()
