"""All that hangs on an image: the union of every way in which tools store it.

Sources, never the first that answers: the referrers API, the tag that stands in for it
(`sha256-<hex>`), cosign's `.sig` and `.att` tags, attestation manifests inside the image
index (BuildKit), and in layout folders the entries that cosign marks. Each is asked for
the index and for every platform.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from gate.errors import RegistryError
from gate.model.evidence import Attached, Storage
from gate.model.image import ResolvedImage
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.fetch_order import likely_first
from gate.registry.oci.contents import Reader, referrers_tag
from gate.registry.oci.manifest import ImageIndex
from gate.registry.repository import Repository

_REFERENCE_TYPE: Final = "vnd.docker.reference.type"
_REFERENCE_DIGEST: Final = "vnd.docker.reference.digest"
_ATTESTATION_MANIFEST: Final = "attestation-manifest"


def gather(repository: Repository, image: ResolvedImage, bounds: Bounds) -> tuple[Attached, ...]:
    """Return all that hangs on the image and its platforms, each content once.

    Order: by source, subject and position. Raises RegistryError where any part of the
    answer could not be had, so that what is not returned is not there.
    """
    return tuple(_each(SOURCES, repository, image, bounds))


def in_order(repository: Repository, image: ResolvedImage, bounds: Bounds) -> Iterator[Attached]:
    """Yield what refers to the image's own digest, each fetched only when it is asked for.

    The order is the repository's: what its list says is a pass, newest first, and then
    all else. Not complete: whoever does not find enough here calls `gather`. Raises
    RegistryError.
    """
    return _each((_referrers, _fallback_tag), repository, replace(image, platforms=()), bounds)


def _each(
    sources: Sequence[_Source], repository: Repository, image: ResolvedImage, bounds: Bounds
) -> Iterator[Attached]:
    """Yield each content of the sources once, within the bound on all of them together."""
    reader = Reader(repository, bounds)
    seen: set[object] = set()
    total = 0
    for source in sources:
        for item in source(reader, image):
            by = item.carrier and item.carrier.signature.digest
            key = (item.kind, item.digest, tuple(sorted(item.annotations.items())), by)
            if key in seen:
                continue
            seen.add(key)
            total += len(item.content)
            total += len(item.carrier.signature.content) if item.carrier else 0
            if total > bounds.image_bytes:
                raise RegistryError(
                    Code.TOO_LARGE,
                    f"more than {bounds.image_bytes} bytes are attached to {image}",
                    remedy="Remove old attestations from the image.",
                )
            yield item


def _referrers(reader: Reader, image: ResolvedImage) -> Iterator[Attached]:
    for subject in image.digests:
        for digest in reader.repository.referrers(subject) or ():
            yield from reader.about(digest, subject, Storage.REFERRERS)


def _fallback_tag(reader: Reader, image: ResolvedImage) -> Iterator[Attached]:
    for subject in image.digests:
        found = reader.tagged(referrers_tag(subject))
        if found is None:
            continue
        _, index = found
        if not isinstance(index, ImageIndex):
            raise RegistryError(
                Code.MALFORMED_MANIFEST,
                f"{reader.repository.name}:{referrers_tag(subject)} is not an index",
                remedy="Delete that tag and attach the attestations again.",
            )
        for digest in likely_first(index.manifests):
            yield from reader.about(digest, subject, Storage.FALLBACK_TAG)


def _signature_tag(reader: Reader, image: ResolvedImage) -> Iterator[Attached]:
    yield from _cosign_tag(reader, image, ".sig", Storage.SIG_TAG)


def _attestation_tag(reader: Reader, image: ResolvedImage) -> Iterator[Attached]:
    yield from _cosign_tag(reader, image, ".att", Storage.ATT_TAG)


def _cosign_tag(
    reader: Reader, image: ResolvedImage, suffix: str, storage: Storage
) -> Iterator[Attached]:
    for subject in image.digests:
        found = reader.tagged(f"{referrers_tag(subject)}{suffix}")
        if found is not None:
            yield from reader.contents(*found, subject, storage)


def _index_entries(reader: Reader, image: ResolvedImage) -> Iterator[Attached]:
    if not image.platforms:
        return
    _, index = reader.manifest(image.digest)
    for entry in index.manifests if isinstance(index, ImageIndex) else ():
        if entry.annotations.get(_REFERENCE_TYPE) == _ATTESTATION_MANIFEST:
            stored, manifest = reader.manifest(entry.digest)
            about = entry.annotations.get(_REFERENCE_DIGEST, "")
            subject = next((d for d in image.digests if str(d) == about), image.digest)
            yield from reader.contents(stored, manifest, subject, Storage.INDEX)


def _companions(reader: Reader, image: ResolvedImage) -> Iterator[Attached]:
    for digest in reader.repository.companions(image.digest):
        yield from reader.contents(*reader.manifest(digest), image.digest, Storage.INDEX)


_Source: TypeAlias = Callable[[Reader, ResolvedImage], Iterator[Attached]]

SOURCES: Final[tuple[_Source, ...]] = (
    _referrers,
    _fallback_tag,
    _signature_tag,
    _attestation_tag,
    _index_entries,
    _companions,
)
"""Every place where evidence is stored. A new one is one function and one line here."""
