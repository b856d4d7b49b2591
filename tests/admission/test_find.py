"""What is asked of a registry for one image, and what of it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import pytest

from gate.admission.ended import EndedPasses
from gate.admission.find import Finder
from gate.admission.judge import ImageAnswer, ImageQuestion
from gate.admission.pulls import PullScope
from gate.errors import ClusterError, UsageError
from gate.model.evidence import Attached
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.release import NO_RELEASE, Release, ReleaseImage, release_of
from gate.model.review import ReviewedImage
from gate.model.revocations import EndedBy, EndedDigest, Revocation, RevocationList, Revocations
from gate.model.verdict import Failed, Passed, Undecided
from gate.trust.policy import verifier_of
from tests.builders.admission import DAY, HOUR, NOW, POLICY, Shelf, down, pinned
from tests.builders.doors import NothingSeen

SHOP, WORKER = map(pinned, ("shop", "worker"))
TAG: Final = "registry.example/acme/shop:1"
SCOPE: Final = PullScope(namespace="shop")
SIGNED: Final = POLICY.replace("acme", "elsewhere").replace(
    "images:\n",
    "images:\n  - match: registry.example/acme/*\n    signature: {by: [gate]}\n"
    '    without-pass: "signed"\n',
)


@dataclass
class Counting(Shelf):
    """A registry that counts what is read of it."""

    read: int = 0
    ways: list[str] = field(default_factory=list)

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterator[Attached]:
        self.ways.append("all")
        for one in super().attached(image, wanted):
            self.read += 1
            yield one

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        self.ways.append("first")
        for one in super().attached(image):
            self.read += 1
            yield one


class Listed(EndedPasses):
    """A list of ended passes as a test says it is."""

    def __init__(self, revocations: Revocations | None, ends: datetime | None) -> None:
        self._said, self._ends = revocations, ends

    def current(self, now: datetime) -> Revocations | None:
        del now
        return self._said

    def until(self) -> datetime | None:
        return self._ends


def released(*images: str) -> Release:
    return release_of(map(ReleaseImage.parse, images), (), stored=True)


def find(
    shelf: Shelf,
    image: str = SHOP,
    *,
    text: str = POLICY,
    covered: Sequence[str] = (SHOP,),
    again: bool = False,
    at: datetime = NOW,
    pull: PullScope | None = None,
    open_for: Callable[[PullScope], Shelf] | None = None,
    ended: EndedPasses | None = None,
) -> ImageAnswer:
    policy = shelf.policy(text)
    known = ended or EndedPasses(policy, lambda: shelf, NothingSeen())
    question = ImageQuestion(image, released(*covered) if covered else NO_RELEASE, again, pull)
    reviewed = ReviewedImage(name=image, reference=ImageReference.parse(image), uses=())
    return Finder(policy, lambda: shelf, known, open_for).find(
        reviewed, question, verifier_of(policy, at - DAY, None), at
    )


def code(answer: ImageAnswer) -> str:
    """Return `passed`, or the codes of what fails or is unknown."""
    (outcome,) = answer.outcomes.values()
    if isinstance(outcome, Failed):
        return ",".join(f.code for f in outcome.findings)
    return outcome.code if isinstance(outcome, Undecided) else "passed"


@pytest.fixture
def shelf() -> Counting:
    made = Counting()
    made.give_pass(SHOP, WORKER)
    return made


def test_no_more_is_read_than_opens_the_image(shelf: Counting) -> None:
    shelf.give_pass(SHOP)
    answer = find(shelf)
    assert (code(answer), shelf.ways, shelf.read) == ("passed", ["first"], 1)
    assert len(answer.passes) == 1


def test_all_is_read_where_the_first_does_not_open_it(shelf: Counting) -> None:
    shelf.give_pass(SHOP, environment="staging")
    shelf.attached_to[SHOP].reverse()
    answer = find(shelf, covered=[SHOP, WORKER])
    assert (code(answer), shelf.ways, shelf.read) == ("passed", ["first"], 2)
    lacking = find(shelf, covered=[SHOP, pinned("other")])
    assert "pass-incomplete-release" in code(lacking)
    assert (shelf.ways, shelf.read) == (["first", "first", "all"], 6)


def test_all_is_read_where_the_check_looks_at_all(shelf: Counting) -> None:
    assert code(find(shelf, text=SIGNED)) == "signature-absent"
    assert shelf.ways == ["all"]


def test_what_breaks_while_the_first_is_looked_for_is_met_and_told_by_a_full_look(
    shelf: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(image: ResolvedImage) -> Iterator[Attached]:
        raise ZeroDivisionError(image)

    monkeypatch.setattr(shelf, "attached_in_order", crash)
    assert (code(find(shelf)), shelf.ways) == ("passed", ["all"])


def test_what_goes_wrong_in_a_registry_is_unknown(shelf: Counting) -> None:
    shelf.fault = down()
    assert code(find(shelf)) == "timeout"


def test_a_defect_is_unknown(shelf: Counting) -> None:
    def crash(scope: PullScope) -> Shelf:
        raise ZeroDivisionError(scope)

    assert code(find(shelf, pull=SCOPE, open_for=crash)) == "internal-error"


@pytest.mark.parametrize("error", [ClusterError, UsageError])
def test_secrets_that_cannot_be_read_are_unknown_and_say_why(
    shelf: Counting, error: type[ClusterError | UsageError]
) -> None:
    def refuse(scope: PullScope) -> Shelf:
        raise error("cluster-unreachable", f"no answer about {scope.namespace}", remedy="wait")

    assert find(shelf, pull=SCOPE, open_for=refuse).outcomes == {
        "pass": Undecided("cluster-unreachable", "no answer about shop", "wait")
    }


def test_the_secrets_of_an_object_are_used_where_it_has_a_scope_and_gate_may(
    shelf: Counting,
) -> None:
    private, scopes = Counting(key=shelf.key), []

    def open_for(scope: PullScope) -> Shelf:
        scopes.append(scope)
        return private

    assert code(find(shelf, pull=SCOPE, open_for=open_for)) == "pass-absent"
    assert scopes == [SCOPE]
    assert code(find(shelf, open_for=open_for)) == "passed"
    assert code(find(shelf, pull=SCOPE)) == "passed"
    assert scopes == [SCOPE]


def test_nobody_is_asked_for_a_tag_and_nothing_is_answered(shelf: Counting) -> None:
    answer = find(shelf, TAG)
    assert (answer.outcomes, answer.blocks, shelf.asked) == ({}, True, [])


def test_the_time_of_the_question_counts_and_not_that_of_the_start(shelf: Counting) -> None:
    assert code(find(shelf, at=NOW)) == "passed"
    assert code(find(shelf, at=NOW + 2 * DAY)) == "pass-too-old"
    assert code(find(shelf, at=NOW + 2 * DAY, again=True)) == "passed"


def test_an_answer_ends_with_the_pass_or_with_the_list_of_ended_ones(shelf: Counting) -> None:
    end = NOW - HOUR + DAY
    assert find(shelf).until == end
    assert find(shelf, ended=Listed(None, NOW + HOUR)).until == NOW + HOUR
    assert find(shelf, ended=Listed(None, NOW + 3 * DAY)).until == end
    assert find(Shelf(key=shelf.key)).until is None


@pytest.mark.parametrize("sparing", [True, False])
def test_a_pass_that_is_on_the_list_opens_nothing(
    shelf: Counting,
    sparing: bool,  # noqa: FBT001  # by the first evidence, or by all
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not sparing:
        monkeypatch.setattr(shelf, "attached_in_order", None)
    digest = Digest.parse(SHOP.rpartition("@")[2])
    line = Revocation(EndedDigest(EndedBy.IMAGE, digest), "leaked", NOW)
    listed = RevocationList("a/b:c", 1, NOW, NOW + DAY, (line,))
    assert code(find(shelf, ended=Listed(listed, None))) == "pass-revoked"
    assert code(find(shelf, ended=Listed(RevocationList("a/b:c", 1, NOW, NOW + DAY), None))) == (
        "passed"
    )


@pytest.mark.parametrize("sparing", [True, False])
def test_what_a_pass_must_cover_counts_by_either_way(
    shelf: Counting,
    sparing: bool,  # noqa: FBT001  # by the first evidence, or by all
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not sparing:
        monkeypatch.setattr(shelf, "attached_in_order", None)
    assert code(find(shelf, covered=[SHOP, WORKER])) == "passed"
    assert code(find(shelf, covered=[SHOP, pinned("other")])) == "pass-incomplete-release"
    old = NOW + 2 * DAY
    assert code(find(shelf, covered=[SHOP, WORKER], again=True, at=old)) == "passed"


def test_an_answer_holds_no_evidence(shelf: Counting) -> None:
    (passed,) = find(shelf).outcomes.values()
    assert passed == Passed(until=NOW - HOUR + DAY)
    shelf.attached_to.clear()
    shelf.give_pass(SHOP, at=NOW - 2 * DAY, valid_for=timedelta(days=7))
    (failed,) = find(shelf).outcomes.values()
    assert isinstance(failed, Failed)
    assert failed.relied_on == ()
