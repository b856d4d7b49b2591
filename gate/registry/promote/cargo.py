"""What there is to copy: an image's manifests, its evidence, and the tags that evidence lies under.

Only manifests are read here. In the order in which they are written: what a manifest lists comes
before it, the image before its evidence, and evidence before what is about that evidence.

A place that gave no answer ends the search with an error: evidence is never left behind because a
registry had a hiccup.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import Final

from gate.errors import RegistryError
from gate.model.dsse import ENVELOPE_TYPE
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.contents import BUNDLE_TYPE, referrers_tag
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageIndex, Manifest, media_type_of
from gate.registry.repository import Source, Stored, parse_stored

SUFFIXES: Final = (".sig", ".att", ".sbom")
"""Of the tags under which cosign keeps evidence beside the digest that it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One manifest."""

    digest: Digest
    stored: Stored
    manifest: Manifest
    source: Source
    """Where it is, with its blobs."""

    @property
    def media_type(self) -> str:
        """What a registry is told that it is."""
        return media_type_of(self.stored.content)

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """What it consists of besides other manifests."""
        if isinstance(self.manifest, ImageIndex):
            return ()
        return (self.manifest.config, *self.manifest.layers)

    @property
    def is_bundle(self) -> bool:
        """Whether it carries a signed bundle, of which nobody makes evidence."""
        return self.manifest.artifact_type.startswith(BUNDLE_TYPE)


@dataclass(slots=True)
class Cargo:
    """All that is copied. Dictionaries are in the order in which they are written."""

    root: Part
    image: dict[Digest, Part] = field(default_factory=dict)
    """The image's own manifests, itself last."""
    evidence: dict[Digest, Part] = field(default_factory=dict)
    listed: dict[Digest, list[Part]] = field(default_factory=dict)
    """By subject: which of the evidence a list of referrers names."""
    tagged: dict[str, Part] = field(default_factory=dict)
    """By tag: which of the evidence lies under a tag of its own."""

    def blobs(self) -> dict[Digest, tuple[Descriptor, Source]]:
        """Return each blob once, and where it is."""
        parts = (*self.image.values(), *self.evidence.values())
        return {blob.digest: (blob, part.source) for part in parts for blob in part.blobs}


def find_cargo(places: Sequence[Source], digest: Digest, bounds: Bounds) -> Cargo:
    """Return all that belongs to an image. Raises RegistryError.

    The first place holds the image. The others may hold evidence of it.
    """
    return _Search(places, bounds).find(digest)


class _Search:
    def __init__(self, places: Sequence[Source], bounds: Bounds) -> None:
        self._places = places
        self._bounds = bounds
        self._manifest_bytes = 0

    def find(self, digest: Digest) -> Cargo:
        home = self._places[0]
        cargo = Cargo(self._part(home, digest))
        self._gather(cargo.root, cargo.image, 1)
        waiting = deque((subject, 1) for subject in cargo.image)
        while waiting:
            subject, depth = waiting.popleft()
            for part in self._about(subject, cargo):
                if part.digest in cargo.evidence or part.digest in cargo.image:
                    continue
                if depth > self._bounds.evidence_depth:
                    raise self._too_many(f"has evidence of evidence more than {depth - 1} deep")
                self._gather(part, cargo.evidence, 1)
                if not part.is_bundle:
                    waiting.append((part.digest, depth + 1))
        size = sum(blob.size for blob, _ in cargo.blobs().values())
        if size > self._bounds.promoted_bytes:
            raise RegistryError(
                Code.TOO_LARGE,
                f"{home.name} {digest} has {size} bytes with its evidence, and at most "
                f"{self._bounds.promoted_bytes} are copied",
                remedy="Look at the image: this is more than any image needs.",
            )
        return cargo

    def _gather(self, part: Part, found: dict[Digest, Part], depth: int) -> None:
        """Add a manifest after all that it lists."""
        if part.digest in found:
            return
        if isinstance(part.manifest, ImageIndex):
            if depth > self._bounds.index_depth:
                raise self._too_many(f"nests indexes more than {self._bounds.index_depth} deep")
            for entry in part.manifest.manifests:
                if entry.digest not in found:
                    self._gather(self._part(part.source, entry.digest), found, depth + 1)
        found[part.digest] = part
        if len(found) > self._bounds.entries:
            raise self._too_many(f"has more than {self._bounds.entries} manifests")

    def _about(self, subject: Digest, cargo: Cargo) -> Iterator[Part]:
        """Yield the evidence of one digest, in every place and way, and note how it is found."""
        for place in self._places:
            for entry in self._entries(place, subject):
                part = cargo.evidence.get(entry.digest) or self._part(place, entry.digest)
                of = part.manifest.subject
                if of is not None and of.digest != subject:
                    continue
                listed = cargo.listed.setdefault(subject, [])
                if part.digest not in {one.digest for one in listed}:
                    listed.append(part)
                yield part
            for suffix in SUFFIXES:
                tag = f"{referrers_tag(subject)}{suffix}"
                stored = place.tagged(tag)
                if stored is not None:
                    yield from self._under_tag(self._read(place, stored), tag, cargo)
        if subject == cargo.root.digest:
            yield from self._companions(subject, cargo)

    def _entries(self, place: Source, subject: Digest) -> tuple[Descriptor, ...]:
        """Return what the referrers API lists, and the tag that takes the place of it."""
        found = {entry.digest: entry for entry in place.referrers(subject) or ()}
        tag = referrers_tag(subject)
        stored = place.tagged(tag)
        if stored is not None:
            index = self._read(place, stored).manifest
            if not isinstance(index, ImageIndex):
                raise RegistryError(
                    Code.MALFORMED_MANIFEST,
                    f"{place.name}:{tag} is not an index",
                    remedy="Delete that tag and attach the attestations again.",
                )
            found = {entry.digest: entry for entry in index.manifests} | found
        return tuple(found.values())

    def _companions(self, subject: Digest, cargo: Cargo) -> Iterator[Part]:
        """Yield what a layout marks as cosign's, which a registry keeps under a tag."""
        for digest in self._places[0].companions(subject):
            part = self._part(self._places[0], digest)
            attests = any(blob.media_type == ENVELOPE_TYPE for blob in part.blobs)
            suffix = ".att" if attests else ".sig"
            yield from self._under_tag(part, f"{referrers_tag(subject)}{suffix}", cargo)

    def _under_tag(self, part: Part, tag: str, cargo: Cargo) -> Iterator[Part]:
        held = cargo.tagged.setdefault(tag, part)
        if held.digest != part.digest:
            raise RegistryError(
                Code.AMBIGUOUS,
                f"{part.source.name} and {held.source.name} hold different manifests as {tag}",
                remedy="Keep the signatures of an image in one place, then run again.",
            )
        yield part

    def _part(self, place: Source, digest: Digest) -> Part:
        return self._read(place, place.manifest(digest))

    def _read(self, place: Source, stored: Stored) -> Part:
        what = f"{place.name} {stored.digest}"
        manifest = parse_stored(stored, what=what, bounds=self._bounds)
        self._manifest_bytes += len(stored.content)
        if self._manifest_bytes > self._bounds.promoted_manifest_bytes:
            raise self._too_many(
                f"has more than {self._bounds.promoted_manifest_bytes} bytes of manifests"
            )
        return Part(digest=stored.digest, stored=stored, manifest=manifest, source=place)

    def _too_many(self, problem: str) -> RegistryError:
        return RegistryError(
            Code.TOO_MANY,
            f"the image in {self._places[0].name} {problem}",
            remedy="Remove old evidence from the image, then run again.",
        )
