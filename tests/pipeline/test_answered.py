"""What a run keeps of an image whose checks are answered, and when they are put."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import deque
from concurrent.futures import wait
from dataclasses import replace
from typing import Any

import pytest

from gate.checks import CHECKS, PASS
from gate.checks.verdict_pass import CHECK as PASS_CHECK
from gate.model.evidence import Attached, ImageEvidence, Rejection, VerifiedAttestation
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import LetGo, Package, Predicate, Sbom
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import Cleared, Failed, Passed, Undecided
from gate.pipeline.answered import Alike, answered
from gate.pipeline.evaluate import answer, judge_evidence
from gate.pipeline.gather import MAX_PARALLEL, each
from gate.reports.assemble import assemble
from gate.reports.json_v1 import render
from tests.builders.passes import deployed, params, signed, summary
from tests.builders.reviews import NOW, POLICY, Verifier, judge, load
from tests.checks.given import attested

SBOMS = POLICY.replace("signature:", "sbom:")
NAMES = tuple(f"ghcr.io/acme/shop{number}:1" for number in range(3 * MAX_PARALLEL))


class SbomVerifier(Verifier):
    """Finds an SBOM in whatever is attached, and watches how long each is held."""

    def __init__(self) -> None:
        self.made: list[weakref.ref[Sbom]] = []
        self.most = 0
        self.lock = threading.Lock()

    @property
    def held(self) -> int:
        return sum(made() is not None for made in self.made)

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        said = Sbom(
            "cyclonedx",
            "1.5",
            1,
            tools=("syft",),
            created=NOW,
            packages=(Package(f"left-pad-{image}"),),
        )
        with self.lock:
            self.made.append(weakref.ref(said))
            self.most = max(self.most, self.held)
        verified = super().verify(attached, image)
        assert isinstance(verified, VerifiedAttestation)
        return replace(verified, predicate=said, predicate_type="https://cyclonedx.org/bom")


def report(done: Review) -> str:
    return render(assemble(done, command="check", tool_version="0", policy_path="p.yaml"))


def test_no_more_sboms_are_held_than_images_are_looked_at_together() -> None:
    verifier = SbomVerifier()
    done = judge(names=NAMES, policy=SBOMS, verifier=verifier)
    gc.collect()
    assert isinstance(done.verdict, Cleared)
    assert len(verifier.made) == len(NAMES)
    assert verifier.most <= MAX_PARALLEL
    assert verifier.held == 0


def test_the_report_says_the_same_as_one_of_a_run_that_keeps_all() -> None:
    policy = SBOMS + "    vulnerabilities: {by: [ci], fail-on: high}\n"
    kept, light = (
        judge(names=NAMES[:3], policy=policy, verifier=SbomVerifier(), keeps=keeps)
        for keeps in (True, False)
    )
    assert report(light) == report(kept)
    assert [type(e.attestations[0].predicate) for e in evidence(kept)] == [Sbom] * 3
    assert [e.attestations[0].predicate for e in evidence(light)] == [LetGo(Sbom)] * 3


def evidence(done: Review) -> list[ImageEvidence]:
    return [i.evidence for i in done.images if isinstance(i.evidence, ImageEvidence)]


def test_what_was_let_go_is_never_taken_for_what_it_was() -> None:
    done = judge(names=NAMES[:1], policy=SBOMS, verifier=SbomVerifier())
    assert isinstance(done.verdict, Cleared)
    again = judge_evidence(done.images[0], load(SBOMS), NOW)
    (outcome,) = (result.outcome for result in again)
    assert isinstance(outcome, Failed)
    assert [finding.code for finding in outcome.findings] == ["sbom-absent"]


def test_equal_parts_of_many_images_are_held_once() -> None:
    done = judge(names=NAMES[:3], policy=SBOMS, verifier=SbomVerifier())
    said = [e.attestations[0] for e in evidence(done)]
    assert len({id(one.identity) for one in said}) == 1
    assert len({id(one.signers) for one in said}) == 1
    assert [one.subject is e.image.digest for one, e in zip(said, evidence(done), strict=True)] == [
        True
    ] * 3


def test_only_the_pass_asks_what_else_is_released() -> None:
    assert [name for name, check in CHECKS.items() if check.reads_release] == [PASS]


def test_a_pass_that_is_judged_before_the_release_is_known_decides_nothing() -> None:
    known = deployed(signed(summary()))
    assert isinstance(answer(PASS_CHECK, known, params(), NOW), Passed)
    outcome = answer(PASS_CHECK, replace(known, release=None), params(), NOW)
    assert isinstance(outcome, Undecided)
    assert outcome.code == "internal-error"
    assert "before the release is known" in outcome.reason


IMAGES = [ReviewedImage(name=str(number), reference=None, uses=()) for number in range(100)]


def test_images_come_in_their_order_whichever_is_done_first() -> None:
    last = threading.Event()

    def look(image: ReviewedImage) -> str:
        if image.name == "0":
            assert last.wait(timeout=30)
        elif image.name == IMAGES[-1].name:
            last.set()
        return image.name

    assert each(look, IMAGES) == [image.name for image in IMAGES]
    assert each(look, []) == []


def test_a_single_image_is_looked_at_without_a_thread_and_two_are_looked_at_together() -> None:
    met = threading.Barrier(2)

    def look(_: ReviewedImage) -> str:
        met.wait(timeout=10)
        return "met"

    assert each(lambda _: threading.current_thread(), IMAGES[:1]) == [threading.main_thread()]
    assert each(look, IMAGES[:2]) == ["met", "met"]


def test_what_breaks_on_an_image_is_raised_and_no_more_images_are_begun() -> None:
    begun: list[str] = []

    def look(image: ReviewedImage) -> None:
        begun.append(image.name)
        raise KeyError(image.name)

    with pytest.raises(KeyError):
        each(look, IMAGES)
    assert len(begun) <= MAX_PARALLEL


def test_images_that_take_long_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = threading.Event()

    def waiting(*workers: Any, **how: Any) -> object:  # noqa: ANN401  # as the library has them
        waited.set()
        return wait(*workers, **how)

    def look(image: ReviewedImage) -> str:
        assert waited.wait(timeout=10)
        return image.name

    monkeypatch.setattr("gate.pipeline.gather.wait", waiting)
    assert each(look, IMAGES) == [image.name for image in IMAGES]


def test_once_an_image_broke_those_that_nobody_began_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cleared = threading.Event()

    class Waiting(deque[object]):
        def clear(self) -> None:
            super().clear()
            cleared.set()

    begun: list[str] = []

    def look(image: ReviewedImage) -> None:
        begun.append(image.name)
        if image.name == "0":
            raise KeyError(image.name)
        cleared.wait(timeout=10)

    monkeypatch.setattr("gate.pipeline.gather.deque", Waiting)
    with pytest.raises(KeyError):
        each(look, IMAGES)
    assert sorted(begun, key=int) == [str(number) for number in range(MAX_PARALLEL)]


def test_what_is_kept_of_a_pass_is_its_statement_and_of_all_else_no_more_than_who_and_when() -> (
    None
):
    image = ResolvedImage(ImageReference.parse(NAMES[0]), Digest("a" * 64))
    stated, other = (
        replace(one, statement=Digest("c" * 64), subject=Digest("a" * 64))
        for one in (signed(summary()), attested(Sbom("cyclonedx", "1.5", 1)))
    )
    evidence = ImageEvidence(image, attestations=(stated, other))
    reviewed = ReviewedImage(name=NAMES[0], reference=image.reference, uses=(), evidence=evidence)
    kept = answered(reviewed, load(POLICY), NOW, alike=Alike()).image.evidence
    assert isinstance(kept, ImageEvidence)
    assert [one.statement for one in kept.attestations] == [Digest("c" * 64), None]
    assert [one.subject is image.digest for one in kept.attestations] == [True, True]
