"""How outcomes add up."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model.image import Digest
from gate.model.kubernetes import ObjectName
from gate.model.location import Location
from gate.model.release import NO_RELEASE
from gate.model.verdict import (
    Action,
    Blocked,
    Cleared,
    Failed,
    Finding,
    Outcome,
    Passed,
    Plan,
    Question,
    Result,
    Severity,
    Undecided,
    WaivedFinding,
    decide,
)

A, B = Question("signature", "a"), Question("signature", "b")


def plan(*questions: Question) -> Plan:
    return Plan(questions, (), NO_RELEASE, Digest("0" * 64), datetime(2026, 1, 1, tzinfo=UTC))


def finding(action: Action = Action.BLOCK) -> Finding:
    return Finding(
        rule="signature", code="c", severity=Severity.LOW, message="m", remedy="r", action=action
    )


WAIVED = WaivedFinding(finding(), "me", "why", date(2026, 2, 1))


def test_every_question_answered_and_none_blocking_is_cleared() -> None:
    verdict = decide(plan(A, B), [Result(B, Passed()), Result(A, Passed())])
    assert verdict == Cleared(plan(A, B), (Result(A, Passed()), Result(B, Passed())))


@pytest.mark.parametrize(
    ("outcome", "cleared"),
    [
        (Passed(), True),
        (Failed((finding(Action.WARN),)), True),
        (Failed((), (WAIVED,)), True),
        (Failed((finding(),)), False),
        (Failed((finding(),), (WAIVED,)), False),
        (Failed((finding(Action.WARN), finding())), False),
        (Undecided("c", "r", "m"), False),
    ],
)
def test_an_outcome_blocks_or_does_not(outcome: Outcome, *, cleared: bool) -> None:
    assert isinstance(decide(plan(A), [Result(A, outcome)]), Cleared) is cleared


def test_r001_no_question_is_never_cleared() -> None:
    assert decide(plan(), []) == Blocked(plan(), ())


def test_r029_a_question_without_an_answer_blocks() -> None:
    assert decide(plan(A, B), [Result(A, Passed())]) == Blocked(
        plan(A, B), (Result(A, Passed()),), (B,)
    )


def test_a_question_answered_twice_blocks() -> None:
    assert isinstance(decide(plan(A), [Result(A, Passed()), Result(A, Passed())]), Blocked)


def test_an_answer_that_nobody_asked_for_blocks() -> None:
    assert isinstance(decide(plan(A), [Result(A, Passed()), Result(B, Passed())]), Blocked)


@pytest.mark.parametrize(
    "results",
    [
        (),
        (Result(B, Passed()),),
        (Result(A, Undecided("c", "r", "m")),),
        (Result(A, Passed()),) * 2,
        (Result(A, Passed()), Result(B, Passed())),
    ],
)
def test_cleared_cannot_be_made_of_anything_less(results: tuple[Result, ...]) -> None:
    with pytest.raises(ValueError, match="not clear"):
        Cleared(plan(A), results)


def test_cleared_cannot_be_made_of_nothing_nor_beside_one_that_blocks() -> None:
    blocked = (Result(A, Passed()), Result(B, Undecided("c", "r", "m")))
    with pytest.raises(ValueError, match="not clear"):
        Cleared(plan(A, B), blocked)
    with pytest.raises(ValueError, match="not clear"):
        Cleared(plan(), ())
    assert decide(plan(A, B), blocked) == Blocked(plan(A, B), blocked)


def test_a_failure_says_something() -> None:
    assert Failed((finding(),)).waived == ()
    assert Failed((), (WAIVED,)).findings == ()
    with pytest.raises(ValueError, match="at least one finding"):
        Failed(())


OUTCOMES: list[Outcome] = [Passed(), Failed((finding(),)), Undecided("c", "r", "m")]


@given(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=6), st.randoms())
def test_r026_the_order_of_answers_changes_nothing(outcomes: list[Outcome], random: object) -> None:
    results = [Result(Question("c", str(i)), o) for i, o in enumerate(outcomes)]
    asked = plan(*(r.question for r in results))
    mixed = results.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis hands over a random.Random
    assert decide(asked, mixed) == decide(asked, results)


def test_a_waiver_names_the_id_of_a_finding_or_its_code() -> None:
    assert finding().waiver_id == "c"
    assert replace(finding(), id="CVE-2026-1").waiver_id == "CVE-2026-1"


def test_a_fingerprint_is_made_of_what_the_finding_is_about() -> None:
    def of(*parts: str) -> str:
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    pod = ObjectName("Pod", "shop", "a")
    whole = replace(
        finding(),
        id="CVE-2026-1",
        object=pod,
        container="main",
        field="spec",
        image=f"e.org/a@sha256:{'1' * 64}",
        location=Location("a.yaml", 3),
    )
    assert finding().fingerprint == of("signature", "c", "", "", "", "", "", "")
    parts = ("signature", "c", "CVE-2026-1", str(pod), "main", "spec", "e.org/a", "a.yaml")
    assert whole.fingerprint == of(*parts)


def test_a_fingerprint_stays_when_a_line_moves_or_a_digest_changes() -> None:

    one = replace(finding(), location=Location("a.yaml", 3), image="ghcr.io/a@sha256:1")
    two = replace(one, location=Location("a.yaml", 9), image="ghcr.io/a@sha256:2", message="other")
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != replace(one, location=Location("b.yaml", 3)).fingerprint
