"""What is attached to an image already: whether the same content is, and whether there is room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.fetch_order import claimed_type, likely_first
from gate.registry.oci.contents import referrers_tag
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageIndex, ImageManifest
from gate.registry.repository import Repository, parse_stored

_LOOKED_AT: Final = 32
"""How many manifests are read to find the same content again. A second copy costs a little room."""


def listed(repository: Repository, subject: Digest, bounds: Bounds) -> tuple[Descriptor, ...]:
    """Return what is listed as attached, once each, by the referrers API and its stand-in tag."""
    found = {entry.digest: entry for entry in repository.referrers(subject) or ()}
    tag = referrers_tag(subject)
    held = repository.tagged(tag)
    if held is not None:
        index = parse_stored(held, what=f"{repository.name}:{tag}", bounds=bounds)
        entries: tuple[Descriptor, ...] = index.manifests if isinstance(index, ImageIndex) else ()
        found = {entry.digest: entry for entry in entries} | found
    return tuple(found.values())


def carrier(
    repository: Repository,
    entries: Iterable[Descriptor],
    subject: Digest,
    content: Digest,
    *,
    predicate_type: str,
    bounds: Bounds,
) -> Digest | None:
    """Return the manifest that attaches some content to a subject already. Raises RegistryError.

    Of what is listed as this predicate type, or as none, the newest are looked at.
    """
    alike = [entry for entry in entries if claimed_type(entry) in {"", predicate_type}]
    for entry in likely_first(alike, frozenset((predicate_type,)))[:_LOOKED_AT]:
        manifest = parse_stored(
            repository.manifest(entry.digest),
            what=f"{repository.name} {entry.digest}",
            bounds=bounds,
        )
        if (
            isinstance(manifest, ImageManifest)
            and manifest.subject is not None
            and manifest.subject.digest == subject
            and content in {layer.digest for layer in manifest.layers}
        ):
            return entry.digest
    return None


def demand_room(what: str, entries: int, size: int, bounds: Bounds) -> None:
    """Refuse to write a list that would not be read again, of so many entries and bytes.

    Raises RegistryError.
    """
    if entries > bounds.entries:
        raise _full(f"{what} would list {entries} attestations, and at most {bounds.entries}")
    if size > bounds.manifest_bytes:
        raise _full(f"{what} would have {size} bytes, and at most {bounds.manifest_bytes}")


def _full(problem: str) -> RegistryError:
    return RegistryError(
        Code.TOO_MANY,
        f"{problem} are read again, so nothing was written",
        remedy="Delete attestations of past builds from the image in the registry, then run again.",
    )
