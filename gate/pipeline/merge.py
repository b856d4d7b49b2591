"""From the records of shards to one registry that tells what they saw, and what is wrong with them.

A record counts where one that the policy names signed it, it is whole, of this plan, young enough,
and the only one of its shard. Each of the N shards counts exactly once, or the run is undecided.
Of a record that does not count no more is read than whose it claims to be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from gate.model.clock import is_ahead
from gate.model.evidence import Attached, AttachedKind, Rejection, Storage
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.records import dataclass
from gate.model.verdict import Question, Result, Undecided
from gate.model.words import counted, timestamp
from gate.pipeline.gather import Verifier
from gate.pipeline.shard import Shard
from gate.pipeline.shard_record import (
    Head,
    MalformedRecord,
    Record,
    SeenProblem,
    demand_whole,
    read_head,
    read_record,
)
from gate.pipeline.shard_registry import Recorded
from gate.policy.duration import write_duration
from gate.registry.interface import Registry

QUESTION: Final = "shards"
TYPE: Final = "urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#shard"
"""The predicate type of the statement that signs a record."""
_ABOUT: Final = ImageReference.parse("shard.invalid/record")
"""A verifier judges what is about an image; a record takes the place of its manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A record as it was found. Nothing about it is believed."""

    name: str
    content: bytes
    bundle: bytes | None = None
    """What lies beside it as its signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a record has to be to count."""

    plan: Callable[[int], Digest]
    """The digest of this run's plan in so many shards."""
    images: Collection[str]
    """The names of this run's images."""
    now: datetime
    as_of: bool
    """Whether --as-of gave this time."""
    max_age: timedelta
    by: Collection[str] | None
    """Signers of whom one signed it; None where nobody has to."""
    verifier: Verifier
    proof: Registry | None = None
    """Asked for what a digest says; None in a dry run, which signs and opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedShards:
    """What the shards saw."""

    registry: Recorded
    faults: tuple[Result, ...] = ()
    """An answer for each shard that does not count; empty where all do."""


@dataclass(slots=True)
class _Found:
    good: dict[int, list[Record]] = field(default_factory=dict)
    bad: list[tuple[Head | None, SeenProblem]] = field(default_factory=list)
    """In the order of their files' names."""


def merged(files: Iterable[RecordFile], demands: Demands) -> MergedShards:
    """Return what the shards saw, each of them once. Never raises on any bytes.

    `files` come sorted by name; of each nothing but its images is held when the next one comes.
    """
    found = _Found()
    for file in files:
        head: Head | None = None
        try:
            head = read_head(file.content)
            judged = _judged(file, head, demands)
        except MalformedRecord as problem:
            judged = _altered(file, problem)
        if isinstance(judged, Record):
            found.good.setdefault(judged.head.of, []).append(judged)
        else:
            found.bad.append((head, judged))
    # Of two numbers the greater: whoever lost a record does not make the run smaller. What a
    # record that does not count says of it is asked only where no record counts.
    said = found.good or {h.of for h, _ in found.bad if h is not None}
    of = max(said, default=1)
    counting = found.good.get(of, [])
    lost = {index: p for index in range(1, of + 1) if (p := _lost(index, of, counting, found.bad))}
    faults = [
        Result(Question(QUESTION, f"shard {index}/{of}"), Undecided(p.code, p.problem, p.remedy))
        for index, p in sorted(lost.items())
    ]
    return MergedShards(
        registry=Recorded(counting, lost, of, proof=demands.proof),
        faults=(*faults, *_strays(found, of)),
    )


def _altered(file: RecordFile, problem: MalformedRecord) -> SeenProblem:
    return SeenProblem(
        "shard-altered",
        f"{file.name} is no whole record: {problem}",
        "run that shard again, and hand its file on as it is",
    )


def _judged(file: RecordFile, head: Head, demands: Demands) -> Record | SeenProblem:
    """Return the record where it counts, else why not. Raises MalformedRecord."""
    demand_whole(file.content)
    refused = _refused(file, head, demands)
    if refused is not None:
        return refused
    record = read_record(file.content)
    if other := min(record.images.keys() - demands.images, default=None):
        msg = f"{other} is no image of this run"
        raise MalformedRecord(msg)
    return record


def _refused(file: RecordFile, head: Head, demands: Demands) -> SeenProblem | None:
    """Return why a record does not count, before its images are read; None where it may."""
    if demands.by is not None and (unsigned := _unsigned(file, demands.by, demands.verifier)):
        return unsigned
    if head.plan != demands.plan(head.of):
        return SeenProblem(
            "shard-foreign",
            f"{file.name} is of another run: another policy, release, number of shards or version "
            f"of gate ({head.tool}, policy {head.policy})",
            "run every shard and the merge with the same files, images, policy and gate",
        )
    if head.as_of and not demands.as_of:
        return SeenProblem(
            "shard-late",
            f"{file.name} was made with --as-of, so nobody knows when that shard looked",
            "run that shard again without --as-of, or give --as-of to this merge too",
        )
    if is_ahead(head.at, demands.now) or demands.now - head.at > demands.max_age:
        return SeenProblem(
            "shard-late",
            f"{file.name} is of {timestamp(head.at)}, here it is {timestamp(demands.now)}, and a "
            f"shard may have looked {write_duration(demands.max_age)} ago at most",
            "run that shard again, or let the policy say a longer `max-age` under `shards`",
        )
    return None


def _unsigned(file: RecordFile, by: Collection[str], verifier: Verifier) -> SeenProblem | None:
    named = ", ".join(sorted(by))
    remedy = f"run that shard so that {named} signs its record, and hand on the file beside it too"
    if file.bundle is None:
        return SeenProblem("shard-unsigned", f"no signature lies beside {file.name}", remedy)
    digest = Digest.of(file.content)
    attached = Attached(AttachedKind.BUNDLE, file.bundle, Storage.FILE, digest)
    judged = verifier.verify(attached, ResolvedImage(_ABOUT, digest))
    if isinstance(judged, Rejection):
        why = judged.message
    elif judged.predicate_type != TYPE or judged.subject != digest:
        why = "it signs something else"
    elif set(by).isdisjoint(judged.signers):
        why = f"{judged.identity} signed it"
    else:
        return None
    return SeenProblem(
        "shard-unsigned", f"the signature of {file.name} does not count: {why}", remedy
    )


def _lost(
    index: int,
    of: int,
    counting: Iterable[Record],
    bad: Iterable[tuple[Head | None, SeenProblem]],
) -> SeenProblem | None:
    """Return why a shard does not count; None where exactly one record of it does."""
    shard = Shard(index, of)
    same = [one for one in counting if one.head.index == index]
    told = next((p for h, p in bad if h is not None and h.index == index and h.of == of), None)
    if told is not None:
        return told
    if not same:
        return SeenProblem(
            "shard-missing",
            f"shard {shard} handed in no record that counts",
            f"run `gate check --shard {shard}` with the arguments of the others, and merge again",
        )
    if len(same) > 1:
        return SeenProblem(
            "shard-twice",
            f"shard {shard} handed in {len(same)} records",
            "keep the record of its last run alone",
        )
    return None


def _strays(found: _Found, of: int) -> Iterator[Result]:
    """Yield an answer for each record that is no shard's of this run, or is no record."""
    for number, (head, problem) in enumerate(found.bad, 1):
        if head is None or head.of != of:
            yield Result(
                Question(QUESTION, f"file {number}"),
                Undecided(problem.code, problem.problem, problem.remedy),
            )
    for other in sorted(found.good.keys() - {of}):
        yield Result(
            Question(QUESTION, f"shards of {other}"),
            Undecided(
                "shard-foreign",
                f"{counted(len(found.good[other]), 'record')} of a run in "
                f"{counted(other, 'shard')}, beside those of a run in {of}",
                "merge the records of one run alone",
            ),
        )
