"""`gate promote` from its call to what it tells."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.reference import read_reference
from gate.cli.runs.check import Judged, judge
from gate.cli.runs.issue import issue
from gate.cli.runs.prepare import Options
from gate.cli.writes.layouts import check_layouts
from gate.cli.writes.output import Outputs, write_reports
from gate.errors import UsageError
from gate.model.image import Digest, ImageReference
from gate.model.records import dataclass
from gate.model.verdict import Blocked, Cleared
from gate.model.words import counted
from gate.pipeline.deploy import demand_pass
from gate.pipeline.moved import demand_alike, demand_covered, demand_waived, moved
from gate.registry.bounds import BOUNDS
from gate.registry.promote.cargo import Cargo, find_cargo
from gate.registry.promote.copier import Copied, Copier
from gate.registry.repository import Taken
from gate.registry.route import RoutedRegistry
from gate.reports.neutral import terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What a person or a pipeline asked for."""

    source: str
    destination: str
    policy: str | None = None
    policy_digest: str | None = None
    access: Access


def run_promote(asked: Promotion) -> int:
    """Copy an image with its evidence, where the policy clears it. Raises GateError."""
    if asked.policy is None and asked.policy_digest is not None:
        raise UsageError(
            "promote-without-policy",
            "--policy-digest says which policy is meant, and none was named",
            remedy="name it with --policy, or drop --policy-digest",
        )
    patient = replace(asked.access, bounds=replace(BOUNDS, run_seconds=BOUNDS.promote_seconds))
    origin, (name,) = open_registry(patient, [asked.source])
    target, (goal,) = open_registry(patient, [asked.destination])
    with closing(origin), closing(target):
        wanted, place = read_reference(name), _destination(goal)
        check_layouts(target, [place])
        digest = wanted.digest or _digest(origin, wanted)
        there = replace(place, tag=place.tag or wanted.tag, digest=digest)
        pinned = replace(wanted, digest=digest)
        judged = _judged(asked, origin, pinned, there) if asked.policy is not None else None
        if judged is not None and isinstance(judged.review.verdict, Blocked):
            write_reports(judged.report("promote"), Outputs("text"))
            sys.stdout.write("nothing was copied\n")
            return judged.report("promote").exit_code
        cargo = find_cargo(origin.sources(wanted), digest, patient.bounds)
        repository = target.own_repository(place)
        copier = Copier(cargo, repository, patient.bounds)
        copier.copy()
        signed = tuple(_signed(judged, there, target)) if judged is not None else ()
        copier.tag(there.tag)
    arrived = f"{repository.name}{f':{there.tag}' if there.tag else ''}@{digest}"
    for line in (*_told(arrived, cargo, copier.copied), *signed):
        sys.stdout.write(f"{terminal(line)}\n")
    return 0


def _judged(
    asked: Promotion, origin: RoutedRegistry, pinned: ImageReference, there: ImageReference
) -> Judged:
    """Judge the image where it is, as `gate admit` does. Raises GateError."""
    folder = origin.layout_folder(pinned)
    layouts = (*asked.access.layouts, *([f"{pinned.name}={folder}"] if folder else []))
    options = Options(
        images=(str(pinned),),
        policy=asked.policy,
        policy_digest=asked.policy_digest,
        access=replace(asked.access, layouts=layouts),
    )
    policy = find_policy(asked.policy, asked.policy_digest)
    demand_pass(policy, found=False)
    demand_covered(policy, there)
    if policy.passes is not None:
        demand_alike(policy, pinned, there)
    judged = judge(options, datetime.now(UTC).replace(microsecond=0), digests_required=True)
    judged.registry.close()
    if policy.passes is not None and isinstance(judged.review.verdict, Cleared):
        demand_waived(judged.review, policy, there)
    return judged


def _signed(judged: Judged, there: ImageReference, target: RoutedRegistry) -> Iterator[str]:
    """Sign the pass for the image at its new place, where the policy has one to sign.

    Raises GateError.
    """
    if judged.policy.passes is None:
        return
    issued = issue(
        moved(judged.review, there),
        judged.policy,
        judged.policy.passes,
        target,
        roots=judged.verifier.roots,
        dry_run=False,
        folder=None,
    )
    if issued.error is not None:
        raise issued.error
    environment = judged.policy.passes.environment
    stored = ", ".join(issued.report.stored)
    yield f"  pass      for {environment}, {issued.report.state}: {stored}"


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
    yield f"  image     {counted(len(cargo.image), 'manifest')}"
    kinds = Counter("in a list of referrers" for parts in cargo.listed.values() for _ in parts)
    kinds.update(f"under a tag {tag[tag.rindex('.') :]}" for tag in cargo.tagged)
    ways = ", ".join(f"{count} {way}" for way, count in sorted(kinds.items()))
    yield f"  evidence  {counted(len(cargo.evidence), 'manifest')}{f' ({ways})' if ways else ''}"
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
