from __future__ import annotations

from dataclasses import replace

import pytest

from gate.checks import CHECKS, signature
from gate.checks.demand.base import SignedParams
from gate.model.evidence import ImageEvidence
from gate.model.image import ImageReference
from gate.model.review import ReviewedImage
from gate.model.verdict import Outcome, Question, Undecided
from gate.pipeline.evaluate import (
    answer,
    first_suffices,
    judge_name,
    name_questions,
    questions,
    wanted_types,
)
from tests.builders.reviews import load
from tests.checks.given import NOW, asked, image


@pytest.mark.parametrize("error", [ValueError, OverflowError, RecursionError, AssertionError])
def test_a_check_that_breaks_has_decided_nothing(error: type[Exception]) -> None:
    def broken(evidence: ImageEvidence, params: SignedParams, now: object) -> Outcome:
        raise error(evidence, params, now)

    outcome = answer(
        replace(signature.CHECK, run=broken), image(), asked(SignedParams, by=["ci"]), NOW
    )
    assert isinstance(outcome, Undecided)
    assert outcome.code == "internal-error"
    assert error.__name__ in outcome.reason


POLICY = """\
version: 1
signers: {ci: {key: ci.pub}}
images:
  - match: ghcr.io/acme/first
    pass: {by: [ci], verifier: "https://g", environment: production, max-age: 1d, manifests: images,
           policies: ["sha256:ONES"]}
  - match: ghcr.io/acme/platforms
    pass: {by: [ci], verifier: "https://g", environment: production, max-age: 1d, manifests: images,
           policies: ["sha256:ONES"], on: platforms}
  - match: ghcr.io/acme/both
    signature: {by: [ci]}
    pass: {by: [ci], verifier: "https://g", environment: production, max-age: 1d, manifests: images,
           policies: ["sha256:ONES"]}
  - match: ghcr.io/acme/signed
    signature: {by: [ci]}
  - match: ghcr.io/acme/pinned
    digest: required
"""
ASKS = load(POLICY.replace("ONES", "1" * 64))


def named(name: str) -> ReviewedImage:
    return ReviewedImage(name=name, reference=ImageReference.parse(name), uses=())


BAD = ReviewedImage(name="Not A Name", reference=None, uses=())


@pytest.mark.parametrize(
    ("which", "suffices"),
    [
        ("first", True),
        ("platforms", False),
        ("both", False),
        ("signed", False),
        ("pinned", False),
        ("unknown", False),
    ],
)
def test_the_first_evidence_suffices_where_every_check_of_the_entry_says_so(
    which: str,
    suffices: bool,  # noqa: FBT001  # the answer itself
) -> None:
    assert first_suffices(named(f"ghcr.io/acme/{which}"), ASKS) is suffices


def test_a_name_that_is_no_reference_and_an_entry_without_checks_never_suffice() -> None:
    first = ASKS.images[0]
    nothing = replace(ASKS, images=(replace(first, checks={}),))
    assert first_suffices(BAD, ASKS) is False
    assert first_suffices(named("ghcr.io/acme/first"), nothing) is False


def test_a_name_that_is_no_reference_is_asked_that_alone() -> None:
    assert name_questions(BAD, ASKS, digests_required=True) == (Question("reference", BAD.name),)
    assert questions(BAD, ASKS) == ()
    assert wanted_types(BAD, ASKS) == frozenset()


def test_an_image_that_no_entry_matches_is_asked_nothing_more() -> None:
    unknown = named("ghcr.io/acme/unknown")
    assert questions(unknown, ASKS) == ()
    assert wanted_types(unknown, ASKS) == frozenset()


def test_what_is_asked_of_a_name_is_what_the_policy_and_the_call_demand() -> None:
    image = named("ghcr.io/acme/signed")
    listed = load("registries: {allow: [ghcr.io/acme]}\n" + POLICY.replace("ONES", "1" * 64))
    for policy, required, demanded in (
        (ASKS, False, ["images"]),
        (ASKS, True, ["reference", "images"]),
        (listed, False, ["registry", "images"]),
    ):
        put = name_questions(image, policy, digests_required=required)
        answered = judge_name(image, policy, NOW, digests_required=required)
        assert [question.check for question in put] == demanded
        assert tuple(result.question for result in answered) == put


def test_types_are_wanted_of_every_check_and_of_one_that_wants_any_all() -> None:
    of_pass, of_both = (wanted_types(named(f"ghcr.io/acme/{n}"), ASKS) for n in ("first", "both"))
    assert of_pass == CHECKS["pass"].wants
    assert of_both == frozenset((*(CHECKS["pass"].wants or ()), *(CHECKS["signature"].wants or ())))


def test_a_check_that_may_want_any_type_makes_all_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "gate.pipeline.evaluate.CHECKS",
        {**CHECKS, "signature": replace(signature.CHECK, wants=None)},
    )
    assert wanted_types(named("ghcr.io/acme/both"), ASKS) is None
