"""Of the records of a run's parts each part counts once, or the run is undecided by its name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from gate.errors import RegistryError
from gate.model.clock import TOLERANCE
from gate.model.evidence import Attached, AttachedKind, Rejection, Storage, VerifiedAttestation
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import Predicate, Unrecognised
from gate.model.verdict import Undecided
from gate.pipeline.merge import TYPE, Demands, MergedShards, RecordFile, merged
from gate.pipeline.shard import shard_of
from gate.pipeline.shard_record import Head, ShardImage, write_record
from tests.builders.reviews import NOW
from tests.checks.given import attested

BY_CI = "https://example.com/ci (issuer https://issuer)"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
NAMES = [f"ghcr.io/acme/shop{number}:1.0" for number in range(4)]
OF = 2
STRAYS = [f"ghcr.io/acme/stray{number}:1.0" for number in range(9)]


def plan(of: int) -> Digest:
    return Digest.of(b"plan in %d" % of)


def head(index: int = 1, of: int = OF) -> Head:
    return Head(
        version=1, index=index, of=of, plan=plan(of), policy=Digest("d" * 64), tool="1.0", at=NOW
    )


def image(name: str) -> ResolvedImage:
    return ResolvedImage(ImageReference.parse(name), Digest.of(name.encode()))


def record(said: Head, *more: str) -> bytes:
    """Return the record of a part, with what falls to it of the run's images, and more."""
    own = [n for n in NAMES if shard_of(ImageReference.parse(n), said.of) == said.index]
    return write_record(said, [ShardImage(name=n, image=image(n)) for n in (*own, *more)])


def file(said: Head, name: str = "", bundle: bytes | None = b"shard") -> RecordFile:
    return RecordFile(name=name or f"{said.index}.jsonl", content=record(said), bundle=bundle)


@dataclass(frozen=True)
class Verifier:
    """Takes a bundle for one by the signer whom its bytes name."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        assert (attached.kind, attached.storage) == (AttachedKind.BUNDLE, Storage.FILE)
        assert (str(image.reference), attached.subject) == ("shard.invalid/record", image.digest)
        if attached.content == b"broken":
            kind, at = attached.kind, attached.storage
            return Rejection(
                attached.digest, "bad-signature", "it is wrong", kind, at, image.digest
            )
        by = attached.content.decode()
        stated = "https://example.com/x" if by == "of-something" else TYPE
        subject = Digest("9" * 64) if by == "of-another" else image.digest
        return attested(Unrecognised(stated), by=by, predicate_type=stated, subject=subject)


def demands(*, by: Collection[str] | None = ("shard",), as_of: bool = False) -> Demands:
    return Demands(
        plan=plan,
        images=NAMES,
        now=NOW,
        as_of=as_of,
        max_age=HOUR,
        by=by,
        verifier=Verifier(),
    )


def told(done: MergedShards) -> list[tuple[str, str]]:
    return [
        (r.question.subject, r.outcome.code)
        for r in done.faults
        if isinstance(r.outcome, Undecided)
    ]


def reason(done: MergedShards) -> str:
    outcome = done.faults[0].outcome
    assert isinstance(outcome, Undecided)
    return outcome.reason


ONE, TWO = file(head(1)), file(head(2))


@pytest.mark.parametrize("of", [1, 2, 3])
def test_where_each_part_counts_once_every_image_is_known(of: int) -> None:
    done = merged([file(head(index, of)) for index in range(1, of + 1)], demands())
    assert done.faults == ()
    assert [done.registry.resolve(ImageReference.parse(n)) for n in NAMES] == list(
        map(image, NAMES)
    )


def judged(first: RecordFile, *, as_of: bool = False) -> list[tuple[str, str]]:
    return told(merged([first, TWO], demands(as_of=as_of)))


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (HOUR, None),
        (HOUR + SECOND, "shard-late"),
        (-TOLERANCE, None),
        (-TOLERANCE - SECOND, "shard-late"),
    ],
)
def test_a_part_that_looked_too_long_ago_or_later_does_not_count(
    age: timedelta, code: str | None
) -> None:
    expected = [("shard 1/2", code)] if code else []
    assert judged(file(replace(head(1), at=NOW - age))) == expected


@pytest.mark.parametrize(
    ("made", "merges", "counts"), [(True, False, False), (True, True, True), (False, True, True)]
)
def test_a_part_whose_time_the_call_gave_counts_only_where_the_merge_has_such_a_time_too(
    *, made: bool, merges: bool, counts: bool
) -> None:
    expected = [] if counts else [("shard 1/2", "shard-late")]
    assert judged(file(replace(head(1), as_of=made)), as_of=merges) == expected


@pytest.mark.parametrize(
    ("bundle", "why"),
    [
        (None, "no signature lies beside 1.jsonl"),
        (b"broken", "the signature of 1.jsonl does not count: it is wrong"),
        (b"of-something", "the signature of 1.jsonl does not count: it signs something else"),
        (b"of-another", "the signature of 1.jsonl does not count: it signs something else"),
        (
            b"ci",
            f"the signature of 1.jsonl does not count: {BY_CI} signed it",
        ),
    ],
)
def test_a_record_that_nobody_signed_whom_the_policy_names_counts_only_where_nobody_has_to(
    bundle: bytes | None, why: str
) -> None:
    first = file(head(1), bundle=bundle)
    done = merged([first, TWO], demands())
    assert (told(done), reason(done)) == ([("shard 1/2", "shard-unsigned")], why)
    assert told(merged([first, TWO], demands(by=None))) == []
    outcome = merged([first, TWO], demands(by=("shard", "other"))).faults[0].outcome
    assert isinstance(outcome, Undecided)
    assert outcome.remedy == (
        "run that shard so that other, shard signs its record, and hand on the file beside it too"
    )


def test_a_record_of_another_plan_does_not_count() -> None:
    other = replace(head(1), plan=plan(7), tool="0.9")
    done = merged([file(other), TWO], demands())
    assert told(done) == [("shard 1/2", "shard-foreign")]
    assert reason(done).endswith(f"or version of gate (0.9, policy {other.policy})")


@pytest.mark.parametrize(
    "content",
    [
        ONE.content[:-1],
        ONE.content.replace(b'"version":1', b'"version":2'),
        record(head(1), *STRAYS),
    ],
)
def test_a_record_that_is_not_whole_or_tells_of_more_than_the_run_does_not_count(
    content: bytes,
) -> None:
    done = merged([replace(ONE, content=content), TWO], demands())
    assert "shard-altered" in [code for _, code in told(done)]
    assert {subject for subject, _ in told(done)} <= {"shard 1/2", "file 1"}
    assert reason(done)


def test_a_record_that_was_cut_off_is_told_as_that_whoever_signed_it() -> None:
    for bundle in (None, b"ci", b"shard"):
        done = merged([replace(ONE, content=ONE.content[:-1], bundle=bundle), TWO], demands())
        assert told(done) == [("shard 1/2", "shard-altered")]


def test_a_record_that_tells_of_images_that_are_not_of_the_run_names_the_first_of_them() -> None:
    strays = [n for n in STRAYS if shard_of(ImageReference.parse(n), OF) == 1]
    done = merged([replace(ONE, content=record(head(1), *strays[::-1])), TWO], demands())
    assert told(done) == [("shard 1/2", "shard-altered")]
    assert reason(done) == (f"1.jsonl is no whole record: {min(strays)} is no image of this run")
    assert len(strays) > 1


def test_a_part_without_a_record_is_missing_and_one_with_two_counts_neither() -> None:
    assert told(merged([ONE], demands())) == [("shard 2/2", "shard-missing")]
    assert told(merged([ONE, ONE, TWO], demands())) == [("shard 1/2", "shard-twice")]
    done = merged([ONE, ONE, TWO], demands())
    assert reason(done) == "shard 1/2 handed in 2 records"
    for name in NAMES:
        reference = ImageReference.parse(name)
        if shard_of(reference, OF) == 1:
            with pytest.raises(RegistryError):
                done.registry.resolve(reference)
        else:
            assert done.registry.resolve(reference) == image(name)


def test_no_record_at_all_is_a_run_of_one_part_that_is_missing() -> None:
    assert told(merged([], demands())) == [("shard 1/1", "shard-missing")]
    torn = RecordFile(name="x.jsonl", content=b"{")
    assert told(merged([torn], demands())) == [
        ("shard 1/1", "shard-missing"),
        ("file 1", "shard-altered"),
    ]


def test_a_record_that_does_not_count_is_told_beside_one_of_the_same_part_that_does() -> None:
    late = file(replace(head(1), at=NOW - 2 * HOUR), "late.jsonl")
    for files in ([ONE, TWO, late], [late, ONE, TWO]):
        assert told(merged(files, demands())) == [("shard 1/2", "shard-late")]


def test_of_the_records_of_two_runs_the_one_in_more_parts_counts_and_the_others_are_told() -> None:
    whole = file(head(1, 1), "whole.jsonl")
    done = merged([ONE, TWO, whole], demands())
    assert told(done) == [("shards of 1", "shard-foreign")]
    assert reason(done) == "1 record of a run in 1 shard, beside those of a run in 2"
    third = file(head(3, 3), "third.jsonl")
    assert told(merged([ONE, TWO, third, whole], demands())) == [
        ("shard 1/3", "shard-missing"),
        ("shard 2/3", "shard-missing"),
        ("shards of 1", "shard-foreign"),
        ("shards of 2", "shard-foreign"),
    ]


def test_a_record_that_does_not_count_makes_the_run_no_larger_where_others_count() -> None:
    many = file(replace(head(9, 9), at=NOW - 2 * HOUR), "many.jsonl")
    assert told(merged([ONE, TWO, many], demands())) == [("file 1", "shard-late")]
    assert [subject for subject, _ in told(merged([many], demands()))] == [
        f"shard {index}/9" for index in range(1, 10)
    ]


def test_of_several_that_do_not_count_each_is_told_by_its_place_among_them() -> None:
    torn = RecordFile(name="x.jsonl", content=b"{")
    other = file(replace(head(2, 5), at=NOW - 2 * HOUR), "other.jsonl")
    assert told(merged([torn, ONE, other, TWO], demands())) == [
        ("file 1", "shard-altered"),
        ("file 2", "shard-late"),
    ]
    assert told(merged([ONE, other], demands())) == [
        ("shard 2/2", "shard-missing"),
        ("file 1", "shard-late"),
    ]
    same = file(replace(head(2), at=NOW - 2 * HOUR), "same.jsonl")
    assert told(merged([ONE, same, torn], demands())) == [
        ("shard 2/2", "shard-late"),
        ("file 2", "shard-altered"),
    ]
