"""`gate promote` from its call to what it tells."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.reference import read_reference
from gate.cli.writes.layouts import check_layouts
from gate.errors import UsageError
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS
from gate.registry.promote.cargo import Cargo, find_cargo
from gate.registry.promote.copier import Copied, Copier
from gate.registry.repository import Taken
from gate.registry.route import RoutedRegistry
from gate.reports.neutral import terminal


def run_promote(source: str, destination: str, access: Access) -> int:
    """Copy an image with its evidence. Raises GateError."""
    patient = replace(access, bounds=replace(BOUNDS, run_seconds=BOUNDS.promote_seconds))
    origin, (name,) = open_registry(patient, [source])
    target, (goal,) = open_registry(patient, [destination])
    with closing(origin), closing(target):
        wanted, place = read_reference(name), _destination(goal)
        check_layouts(target, [place])
        digest = wanted.digest or _digest(origin, wanted)
        cargo = find_cargo(origin.sources(wanted), digest, patient.bounds)
        tag = place.tag or wanted.tag
        repository = target.own_repository(place)
        copier = Copier(cargo, repository, patient.bounds)
        copier.copy()
        copier.tag(tag)
    arrived = f"{repository.name}{f':{tag}' if tag else ''}@{digest}"
    for line in _told(arrived, cargo, copier.copied):
        sys.stdout.write(f"{terminal(line)}\n")
    return 0


def _digest(origin: RoutedRegistry, wanted: ImageReference) -> Digest:
    """Return what a tag holds, be it an image or another artifact. Raises RegistryError."""
    if origin.layout_folder(wanted) is not None and wanted.tag is None:
        return origin.resolve(wanted).digest
    tag, place = wanted.tag or "latest", origin.sources(wanted)[0]
    stored = place.tagged(tag)
    if stored is None:
        raise place.untagged(tag)
    return stored.digest


def _destination(name: str) -> ImageReference:
    reference = read_reference(name)
    if reference.digest is not None:
        raise UsageError(
            "promote-destination",
            f"{name!r} names a digest, and the digest is that of the image that is copied",
            remedy="write the destination as registry/repository:tag",
        )
    return reference


def _told(arrived: str, cargo: Cargo, copied: Copied) -> Iterator[str]:
    yield f"{arrived} is there, with its evidence"
    yield f"  image     {_many(len(cargo.image), 'manifest')}"
    kinds = Counter("in a list of referrers" for parts in cargo.listed.values() for _ in parts)
    kinds.update(f"under a tag {tag[tag.rindex('.') :]}" for tag in cargo.tagged)
    ways = ", ".join(f"{count} {way}" for way, count in sorted(kinds.items()))
    yield f"  evidence  {_many(len(cargo.evidence), 'manifest')}{f' ({ways})' if ways else ''}"
    blobs = copied.blobs
    yield (
        f"  blobs     {blobs[Taken.COPIED]} copied ({copied.bytes} bytes), "
        f"{blobs[Taken.MOUNTED]} mounted, {blobs[Taken.THERE]} were there"
    )
    for blob in copied.elsewhere:
        yield (
            f"  not copied: layer {blob.digest} of type {blob.media_type}, which the "
            "source does not have: its manifest leaves it to another place"
        )
    yield "  found again at the destination: each manifest by its digest, each blob by its size"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
