"""Taking off an image what is superseded, where the registry lets us.

What goes is first taken off the lists that gate writes itself (the tag in the place of the
referrers API, cosign's `.att`), then the lists are looked at again, and only then is a manifest
deleted: so that no list names what is gone. Where the registry refuses to delete, what could be
taken off a list is off it, and the rest stays.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#content-management
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final

from gate.errors import RegistryError
from gate.model.dsse import ENVELOPE_TYPE
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.fetch_order import claimed_type, likely_first
from gate.registry.oci.contents import BUNDLE_TYPE, referrers_tag
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageManifest
from gate.registry.repository import Repositories, WritableRepository, parse_stored
from gate.registry.write.already_attached import listed
from gate.registry.write.shared_tags import SharedTags

_ATT: Final = ".att"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one statement is stored: a manifest of its own, or a layer of cosign's `.att`."""

    manifest: Digest | None
    layer: Digest | None

    def __str__(self) -> str:
        """Return which it is, for people."""
        return f"manifest {self.manifest}" if self.manifest else f"layer {self.layer} of .att"


@dataclass(frozen=True, slots=True)
class Removal:
    """What the run takes off one image."""

    image: ResolvedImage
    spots: Collection[Spot]
    overwritten: Mapping[str, Collection[Digest]] = field(default_factory=dict)
    """By repository, older forms of the lists that a run wrote: they go too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What became of what was to go."""

    gone: int
    """Statements that no list names any more, one for each place."""
    refused: int
    """Those that stay, because the registry does not let us delete."""


class Remover:
    """Finds what is stored beside images one by one, and takes it off. Raises RegistryError."""

    def __init__(self, repositories: Repositories, *, bounds: Bounds = BOUNDS) -> None:
        """Take what knows where the evidence of images is."""
        self._repositories = repositories
        self._bounds = bounds

    def stored(
        self,
        image: ResolvedImage,
        types: Collection[str],
        most: int,
        *,
        but: Collection[Digest] = (),
    ) -> Iterator[tuple[Spot, Attached]]:
        """Yield what is listed as one of these predicate types, each when it is asked for.

        In each list the `most` newest and the `most` oldest, by their unsigned annotations. What
        cannot be read is left out: it is not known, so it is not removed. `but` are manifests and
        layers that are not fetched.
        """
        repository = self._repositories.repository(image.reference, deletes=True)
        entries = listed(repository, image.digest, self._bounds)
        alike = [e for e in entries if claimed_type(e) in types and e.digest not in but]
        for entry in _ends(likely_first(alike, frozenset(types)), most):
            try:
                found = self._bundle(repository, entry.digest, image)
            except RegistryError:
                continue
            if found is not None:
                yield Spot(entry.digest, None), found
        yield from self._layers(repository, image, types, most, but)

    def remove(self, *every: Removal) -> Removed:
        """Take statements off their images.

        Tags that others write too are looked at again once, for all images together.
        """
        tags = SharedTags(self._bounds)
        listless = [(one, *self._unlist(one, tags)) for one in every if one.spots]
        tags.confirm()
        gone = refused = 0
        for one, unlisted, dropped in listless:
            manifests = {spot.manifest for spot in one.spots if spot.manifest is not None}
            kept = self._delete(one, manifests, unlisted, tags)
            gone += len(manifests) - kept + dropped
            refused += kept
        return Removed(gone=gone, refused=refused)

    def _unlist(self, one: Removal, tags: SharedTags) -> tuple[frozenset[Digest], int]:
        """Take them off the lists that gate writes; return manifests, and how many layers."""
        repository = self._repositories.repository(one.image.reference, deletes=True)
        manifests = {spot.manifest for spot in one.spots if spot.manifest is not None}
        layers = {spot.layer for spot in one.spots if spot.layer is not None}
        subject = one.image.digest
        unlisted = tags.unlist(repository, subject, manifests) if manifests else frozenset()
        return unlisted, tags.drop(repository, subject, _ATT, layers) if layers else 0

    def _delete(
        self,
        one: Removal,
        manifests: Collection[Digest],
        unlisted: Collection[Digest],
        tags: SharedTags,
    ) -> int:
        """Delete manifests that are off the lists; return how many are still listed."""
        repository = self._repositories.repository(one.image.reference, deletes=True)
        kept = 0
        for digest in sorted(manifests):
            if not repository.delete(digest) and digest not in unlisted:
                kept += 1
        here = repository.name
        older = {*one.overwritten.get(here, ()), *tags.overwritten.get(here, ())}
        tag = referrers_tag(one.image.digest)
        lists = (repository.tagged(name) for name in (tag, f"{tag}{_ATT}"))
        for digest in sorted(older.difference(held.digest for held in lists if held)):
            repository.delete(digest)
        return kept

    def _bundle(
        self, repository: WritableRepository, digest: Digest, image: ResolvedImage
    ) -> Attached | None:
        what = f"{repository.name} {digest}"
        manifest = parse_stored(repository.manifest(digest), what=what, bounds=self._bounds)
        if (
            not isinstance(manifest, ImageManifest)
            or manifest.subject is None
            or manifest.subject.digest != image.digest
            or len(manifest.layers) != 1
            or not manifest.layers[0].media_type.startswith(BUNDLE_TYPE)
        ):
            return None
        content = repository.blob(manifest.layers[0])
        return Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, image.digest)

    def _layers(
        self,
        repository: WritableRepository,
        image: ResolvedImage,
        types: Collection[str],
        most: int,
        but: Collection[Digest],
    ) -> Iterator[tuple[Spot, Attached]]:
        tag = f"{referrers_tag(image.digest)}{_ATT}"
        held = repository.tagged(tag)
        if held is None:
            return
        manifest = parse_stored(held, what=f"{repository.name}:{tag}", bounds=self._bounds)
        layers = manifest.layers if isinstance(manifest, ImageManifest) else ()
        alike = [
            layer
            for layer in layers
            if layer.media_type == ENVELOPE_TYPE
            and claimed_type(layer) in types
            and layer.digest not in but
        ]
        for layer in _ends(alike, most):
            try:
                content = repository.blob(layer)
            except RegistryError:
                continue
            kind, annotations = AttachedKind.COSIGN_ATTESTATION, layer.annotations
            found = Attached(
                kind, content, Storage.ATT_TAG, image.digest, annotations, ENVELOPE_TYPE
            )
            yield Spot(None, layer.digest), found


def _ends(entries: Iterable[Descriptor], most: int) -> list[Descriptor]:
    every = list(entries)
    return every if len(every) <= 2 * most else every[:most] + every[-most:]
