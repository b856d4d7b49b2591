"""All that is attached to an image: the union of every way in which tools store it.

Sources, never the first that answers: the referrers API, the tag that takes the place of it
(`sha256-<hex>`), cosign's `.sig` and `.att` tags, attestation manifests inside the image
index (BuildKit), and in layout folders the entries that cosign marks. Each is asked for
the index and for every platform.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final, TypeAlias

from gate.errors import RegistryError
from gate.model.evidence import Attached, PlaceNote, Storage, Unread
from gate.model.image import Digest, ResolvedImage
from gate.predicates.types import VERIFICATION_SUMMARY
from gate.registry.attempt import Item, Told, Where, attempt
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.fetch_order import Wanted
from gate.registry.oci.contents import Reader, referrers_tag
from gate.registry.oci.manifest import ImageIndex, Manifest
from gate.registry.repository import Repository, Stored

_REFERENCE_TYPE: Final = "vnd.docker.reference.type"
_REFERENCE_DIGEST: Final = "vnd.docker.reference.digest"
_ATTESTATION_MANIFEST: Final = "attestation-manifest"


def attached_to(
    repository: Repository,
    image: ResolvedImage,
    bounds: Bounds,
    wanted: Wanted = None,
    *,
    elsewhere: Sequence[Repository] = (),
    others: Iterable[Told] = (),
) -> Iterator[Told]:
    """Yield all that is attached to image and platforms, each content once, as it is fetched.

    Where a part of the answer could not be had, an Unread says so: without one, what is not
    yielded is not there. `wanted` are the predicate types that are looked for, first and newest
    first; of a long list, what is annotated with another type that gate reads is left where it is.
    `elsewhere` are repositories that hold evidence and not the image, `others` what lies in none.
    """
    beside = _read(SOURCES, Reader(repository, bounds, wanted), image)
    apart = (_read(ELSEWHERE, Reader(one, bounds, wanted), image) for one in elsewhere)
    yield from _each(chain(beside, chain.from_iterable(apart), others), image, bounds)


def in_order(repository: Repository, image: ResolvedImage, bounds: Bounds) -> Iterator[Attached]:
    """Yield what refers to the image's own digest, each fetched only when it is asked for.

    What the list says is a pass comes first, newest first, and then all else. Not complete, and
    what cannot be read is left out: a caller who does not find enough here asks `attached_to`.
    """
    reader = Reader(repository, bounds, frozenset(VERIFICATION_SUMMARY))
    every = _read((_referrers, _fallback_tag), reader, replace(image, platforms=()))
    return (item for item in _each(every, image, bounds) if isinstance(item, Attached))


def _each(items: Iterable[Told], image: ResolvedImage, bounds: Bounds) -> Iterator[Told]:
    """Yield each content once, within the bound on all of them together."""
    seen: set[object] = set()
    total = broken = 0
    for item in items:
        key = _key(item)
        if key in seen:
            continue
        seen.add(key)
        total += _size(item)
        if total > bounds.image_bytes:
            yield _too_large(image, bounds)
            return
        broken += isinstance(item, Unread) and item.code == Code.UNEXPECTED_STATUS
        yield item
        del item  # so that two large ones are not held at the same time
        if broken >= bounds.failures:
            return


def _read(sources: Iterable[_Source], reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    """Yield what each source holds, until a registry has no answer for any more."""
    for source in sources:
        where = Where(SOURCES[source], image.digest, None, "what else is attached")
        try:
            yield from attempt(where, source, reader, image)
        except RegistryError as error:
            yield where.unread(error)
            return


def _key(item: Told) -> object:
    """Return what is the same for one content, whichever way it was found."""
    if isinstance(item, PlaceNote):
        return item
    if isinstance(item, Unread):
        return item.digest or item
    by = item.carrier and item.carrier.signature.digest
    return item.kind, item.digest, tuple(sorted(item.annotations.items())), by


def _size(item: Told) -> int:
    if not isinstance(item, Attached):
        return 0
    return len(item.content) + (len(item.carrier.signature.content) if item.carrier else 0)


def _too_large(image: ResolvedImage, bounds: Bounds) -> Unread:
    where = Where(Storage.REFERRERS, image.digest, None, "what else is attached")
    return where.unread(
        RegistryError(
            Code.TOO_LARGE,
            f"more than {bounds.image_bytes} bytes are attached to {image}",
            remedy="Remove old attestations from the image.",
        )
    )


def _referrers(reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    for subject in image.digests:
        where = Where(Storage.REFERRERS, subject, None, "the list of referrers")
        yield from attempt(where, _listed, reader, subject)


def _listed(reader: Reader, subject: Digest) -> Iterator[Item]:
    for entry in reader.chosen(reader.repository.referrers(subject) or ()):
        where = Where(Storage.REFERRERS, subject, entry.digest, "manifest")
        yield from attempt(where, reader.about, entry.digest, subject, Storage.REFERRERS)


def _fallback_tag(reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    for subject in image.digests:
        where = Where(Storage.FALLBACK_TAG, subject, None, f"the tag {referrers_tag(subject)}")
        yield from attempt(where, _listed_in_tag, reader, subject)


def _listed_in_tag(reader: Reader, subject: Digest) -> Iterator[Item]:
    found = _tagged(reader, referrers_tag(subject))
    if found is None:
        return
    _, index = found
    if not isinstance(index, ImageIndex):
        raise RegistryError(
            Code.MALFORMED_MANIFEST,
            f"{reader.repository.name}:{referrers_tag(subject)} is not an index",
            remedy="Delete that tag and attach the attestations again.",
        )
    for entry in reader.chosen(index.manifests):
        where = Where(Storage.FALLBACK_TAG, subject, entry.digest, "manifest")
        yield from attempt(where, reader.about, entry.digest, subject, Storage.FALLBACK_TAG)


def _signature_tag(reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    yield from _cosign_tag(reader, image, ".sig", Storage.SIG_TAG)


def _attestation_tag(reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    yield from _cosign_tag(reader, image, ".att", Storage.ATT_TAG)


def _cosign_tag(
    reader: Reader, image: ResolvedImage, suffix: str, storage: Storage
) -> Iterator[Item]:
    for subject in image.digests:
        tag = f"{referrers_tag(subject)}{suffix}"
        where = Where(storage, subject, None, f"the tag {tag}")
        yield from attempt(where, _under_tag, reader, tag, subject, storage)


def _under_tag(reader: Reader, tag: str, subject: Digest, storage: Storage) -> Iterator[Item]:
    found = _tagged(reader, tag)
    if found is not None:
        yield from reader.contents(*found, subject, storage)


def _tagged(reader: Reader, tag: str) -> tuple[Stored, Manifest] | None:
    """Return the manifest under a tag of an image that this login may pull; None for no such tag.

    Artifactory answers 403 for a tag that is not there, where it lets the image be pulled.
    """
    try:
        return reader.tagged(tag)
    except RegistryError as error:
        if error.code != Code.DENIED:
            raise
        raise RegistryError(
            Code.DENIED,
            f"{error.problem} to the tag {tag}, although this login may pull the image: some"
            " registries answer 403 for what is absent",
            remedy="Let the registry answer 404 for what is absent, or let this login read every"
            " tag of the repository.",
        ) from error


def _index_entries(reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    if not image.platforms:
        return
    _, index = reader.manifest(image.digest)
    for entry in index.manifests if isinstance(index, ImageIndex) else ():
        if entry.annotations.get(_REFERENCE_TYPE) == _ATTESTATION_MANIFEST:
            about = entry.annotations.get(_REFERENCE_DIGEST, "")
            subject = next((d for d in image.digests if str(d) == about), image.digest)
            where = Where(Storage.INDEX, subject, entry.digest, "manifest")
            yield from attempt(where, _stored_beside, reader, entry.digest, subject)


def _stored_beside(reader: Reader, digest: Digest, subject: Digest) -> Iterator[Item]:
    yield from reader.contents(*reader.manifest(digest), subject, Storage.INDEX)


def _companions(reader: Reader, image: ResolvedImage) -> Iterator[Item]:
    for digest in reader.repository.companions(image.digest):
        where = Where(Storage.INDEX, image.digest, digest, "manifest")
        yield from attempt(where, _stored_beside, reader, digest, image.digest)


_Source: TypeAlias = Callable[[Reader, ResolvedImage], Iterator[Item]]

SOURCES: Final[dict[_Source, Storage]] = {
    _referrers: Storage.REFERRERS,
    _fallback_tag: Storage.FALLBACK_TAG,
    _signature_tag: Storage.SIG_TAG,
    _attestation_tag: Storage.ATT_TAG,
    _index_entries: Storage.INDEX,
    _companions: Storage.INDEX,
}
"""Every place where evidence is stored. A new one is one function and one line here."""

ELSEWHERE: Final = (_referrers, _fallback_tag, _signature_tag, _attestation_tag)
"""Of these, the ways of a repository that holds evidence and not the image itself."""
