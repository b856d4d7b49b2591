"""`gate check --shard` and `gate merge`: a run on several machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import rfc8785

from gate import __version__
from gate.cli.reads.at_time import parse_time
from gate.cli.runs.check import Checked, Judged
from gate.cli.runs.issue import signer_of
from gate.cli.runs.prepare import GivenRun, Options, prepare
from gate.cli.writes.files import make_room, write_whole
from gate.cli.writes.progress import telling
from gate.cli.writes.seen_lists import SeenLists
from gate.cli.writes.standard_error import warn
from gate.errors import PolicyError, UsageError
from gate.manifests.manifests import Manifests
from gate.model.image import Digest
from gate.model.release import NO_RELEASE
from gate.model.report import PassReport, PassState
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import Passed, Question, Result
from gate.pipeline.merge import QUESTION, TYPE, Demands, MergedShards, RecordFile, merged
from gate.pipeline.review import close_review, open_review, review
from gate.pipeline.revocations import revocations_of
from gate.pipeline.shard import Shard
from gate.pipeline.shard_record import MAX_BYTES, VERSION, Head, write_record
from gate.pipeline.shard_registry import Recording
from gate.predicates.statement import TYPES

RECORD: Final = ".jsonl"
SIGNATURE: Final = ".sigstore.json"
"""What the signature's name ends with: `3.jsonl.sigstore.json` lies beside `3.jsonl`."""
UNSIGNED_AGE: Final = timedelta(days=1)
"""How old a record may be where the policy says nothing and no pass is signed."""
MAX_FILES: Final = 4000
MAX_SUM: Final = 2 * 1024 * 1024 * 1024
"""Of the bytes of all records: what they say is held until the verdict."""
_MAX_BUNDLE: Final = 4 * 1024 * 1024


def read_shard(text: str) -> Shard:
    """Read the value of --shard. Raises UsageError."""
    try:
        return Shard.parse(text)
    except ValueError as error:
        raise UsageError(
            "shard-option",
            f"--shard {text!r} is no part of a run",
            remedy="write I/N with I from 1 to N and N at most 1000, such as --shard 3/8",
        ) from error


def demand_shard_alone(others: Iterable[tuple[object, str]]) -> None:
    """Refuse options of a whole run beside --shard, each with its name. Raises UsageError.

    A shard signs its record: with --dry-run it would sign all the same.
    """
    for value, name in others:
        if value:
            raise UsageError(
                "shard-option",
                f"--shard signs its record and no pass, and {name} was given too",
                remedy=f"leave out {name} here, and give it to `gate merge`",
            )


def run_shard(options: Options, shard: Shard, record: str, *, as_of: str | None = None) -> Checked:
    """Look at the images of one shard, and write and sign what was seen. Raises GateError.

    The report is about these images alone; no pass is signed. `gate merge` decides.
    """
    if not record.endswith(RECORD):
        raise UsageError(
            "shard-option",
            f"--record names {record!r}, and a record is a file *{RECORD}"
            if record
            else "--shard writes what it saw to a file, and the call names none",
            remedy=f"write --record records/{shard.index}{RECORD}",
        )
    path = Path(record)
    for written in (path, path.with_name(path.name + SIGNATURE)):
        make_room(written, options.inputs())
    now = parse_time(as_of) if as_of is not None else datetime.now(UTC).replace(microsecond=0)
    given = prepare(options, now)
    with closing(given.registry):
        judged, recording = _look(given, shard)
    head = Head(
        version=VERSION,
        index=shard.index,
        of=shard.of,
        plan=given.plan(shard.of),
        policy=given.policy.digest,
        tool=__version__,
        at=now,
        as_of=as_of is not None,
    )
    content = write_record(head, recording.seen())
    write_whole(path, content)
    section = given.policy.shards
    if section is not None:
        bundle = signer_of(given.policy, section.sign).sign(_statement(path.name, content))
        write_whole(path.with_name(path.name + SIGNATURE), bundle)
    note = f"this is shard {shard}; gate merge decides over all of them"
    passed = PassReport(state=PassState.NOT_ASKED, note=note)
    return Checked(report=judged.report("check", passed))


def _look(given: GivenRun, shard: Shard) -> tuple[Judged, Recording]:
    recording = Recording(given.registry)
    mine = [i for i in given.images() if i.reference and shard.holds(i.reference)]
    alone = Manifests((), (), 0, 0)
    judged = _review(given, alone, mine, recording) if mine else _nothing(given, alone, shard)
    return (
        Judged(
            policy=given.policy,
            inputs=replace(given.inputs, files=()),
            manifests=None,
            review=judged,
            registry=given.registry,
            verifier=given.verifier,
        ),
        recording,
    )


def _review(
    given: GivenRun, alone: Manifests, mine: list[ReviewedImage], recording: Recording
) -> Review:
    policy, now, verifier = given.policy, given.now, given.verifier
    seen = SeenLists.of(given.options.access.environ, Path.home())
    with telling() as progress:
        return review(
            alone,
            [image.name for image in mine],
            policy,
            registry=recording,
            verifier=verifier,
            rules=None,
            now=now,
            progress=progress,
            revocations=revocations_of(policy, given.registry, verifier, now, seen),
            artifacts=[image.artifact for image in mine if image.artifact],
        )


def _nothing(given: GivenRun, alone: Manifests, shard: Shard) -> Review:
    """Return the review of a shard to which no image falls: that is in order."""
    opening = open_review(alone, (), given.policy, rules=None, now=given.now)
    done = Result(Question(QUESTION, f"shard {shard}"), Passed())
    return close_review(opening, (), images=(), release=NO_RELEASE, beside=(done,))


def _statement(name: str, content: bytes) -> bytes:
    """Return what signs a record: that this shard wrote these bytes."""
    digest = {"sha256": Digest.of(content).hex}
    return rfc8785.dumps(
        {
            "_type": TYPES[0],
            "subject": [{"name": name, "digest": digest}],
            "predicateType": TYPE,
            "predicate": {},
        }
    )


def shards_in(given: GivenRun, folder: Path, *, dry: bool, as_of: bool) -> MergedShards:
    """Return what the shards of a run saw, from their records in a folder. Raises GateError.

    The policy has to say whose records count, but for a dry run, whose answer opens nothing.
    """
    section = given.policy.shards
    if section is None and not dry:
        raise PolicyError(
            "shards-without-signers",
            "the policy does not say whose shards it believes",
            remedy="add `shards: {by: […], max-age: 1h, sign: {…}}` to the policy, or give "
            "--dry-run",
        )
    if section is None:
        warn(
            "nobody has to sign these records, so this run shows what they say and decides "
            "nothing: what a record leaves out, nobody can see",
            "shards-without-signers",
            "add `shards: {by: […], max-age: 1h, sign: {…}}` to the policy",
        )
    demands = Demands(
        plan=cache(given.plan),
        images={image.name for image in given.images()},
        now=given.now,
        as_of=as_of,
        max_age=UNSIGNED_AGE if section is None else section.max_age,
        by=None if section is None else section.by,
        verifier=given.verifier,
        proof=None if dry else given.registry,
    )
    return merged(_files(folder), demands)


def _files(folder: Path) -> Iterator[RecordFile]:
    try:
        paths = sorted(path for path in folder.rglob(f"*{RECORD}") if path.is_file())
    except OSError as error:
        raise _unreadable(folder, error.strerror or str(error)) from error
    if not paths or len(paths) > MAX_FILES:
        raise _unreadable(folder, f"it holds {len(paths)} files *{RECORD}")
    _demand_bounded(folder, paths)
    for path in sorted(paths, key=lambda one: str(one.relative_to(folder))):
        beside = path.with_name(path.name + SIGNATURE)
        name = str(path.relative_to(folder))
        yield RecordFile(
            name=name,
            content=_read(path, MAX_BYTES),
            bundle=_read(beside, _MAX_BUNDLE) if beside.is_file() else None,
        )


def _demand_bounded(folder: Path, paths: Iterable[Path]) -> None:
    """Refuse more bytes than are held. Raises UsageError."""
    try:
        total = sum(path.stat().st_size for path in paths)
    except OSError as error:
        raise _unreadable(folder, error.strerror or str(error)) from error
    if total > MAX_SUM:
        raise UsageError(
            "shards-too-large",
            f"the records in {folder} have {total:,} bytes together, and {MAX_SUM:,} are read at "
            "most",
            remedy="leave out what is no record of this run, or judge the release in two parts, "
            "each with a policy and a pass of its own",
        )


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(
        "shards-unreadable",
        f"{path} has no records of shards that can be read: {why}",
        remedy="name the folder with the files that `gate check --shard I/N --record FILE` wrote",
    )
