from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from gate.checks import CHECKS, signature
from gate.checks.demand.base import SignedParams
from gate.model.artifact import NamedArtifact
from gate.model.evidence import ImageEvidence, Storage, Unavailable, Unread
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.review import ReviewedImage
from gate.model.verdict import Failed, Finding, Outcome, Question, Undecided
from gate.pipeline.evaluate import (
    answer,
    despite_unread,
    first_suffices,
    judge_name,
    name_questions,
    outcomes,
    questions,
    wanted_types,
)
from gate.policy.document import Policy
from tests.builders.reviews import load
from tests.builders.sections import unread
from tests.checks.given import NOW, asked, codes, image


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


ARTIFACT = ImageReference.parse("ghcr.io/acme/chart:1")
CHART = ResolvedImage(ARTIFACT, Digest("5" * 64))


def artifact(found: ResolvedImage | Unavailable | None = CHART) -> ReviewedImage:
    evidence = ImageEvidence(found) if isinstance(found, ResolvedImage) else found
    name = str(ARTIFACT)
    read = NamedArtifact(reference=ARTIFACT, found=found)
    return ReviewedImage(name=name, reference=ARTIFACT, uses=(), evidence=evidence, artifact=read)


SCANS = """\
version: 1
signers: {ci: {key: ci.pub}}
images:
  - match: ghcr.io/acme/chart
    scan-age: {by: [ci], max-age: 7d}
    signature: {by: [ci]}
"""


def test_a_chart_fails_what_only_an_image_can_meet_and_is_asked_all_else() -> None:
    asks = load(SCANS)
    of_chart, of_image = (
        outcomes(one, asks, NOW) for one in (artifact(), replace(artifact(), artifact=None))
    )
    assert given_codes(of_chart) == {
        "scan-age": ["check-not-for-artifacts"],
        "signature": ["signature-absent"],
    }
    assert given_codes(of_image) == {
        "scan-age": ["scan-absent"],
        "signature": ["signature-absent"],
    }
    failed = of_chart["scan-age"]
    assert isinstance(failed, Failed)
    assert failed.findings[0].remedy == (
        "add an entry `match: ghcr.io/acme/chart` above the one for ghcr.io/acme/chart that asks "
        "what an artifact can show, such as `signature` and `provenance`"
    )


def given_codes(said: Mapping[str, Outcome]) -> dict[str, list[str]]:
    return {name: codes(outcome) for name, outcome in said.items()}


def test_what_was_not_looked_at_has_no_answers_and_what_is_away_is_undecided_for_each() -> None:
    asks = load(SCANS)
    away = Unavailable("x", "timeout", "it took too long", "run again")
    assert outcomes(artifact(None), asks, NOW) == {}
    undecided = Undecided("timeout", "it took too long", "run again")
    assert outcomes(artifact(away), asks, NOW) == {"scan-age": undecided, "signature": undecided}
    nameless = replace(BAD, evidence=ImageEvidence(CHART))
    assert outcomes(nameless, asks, NOW) == {}


def first_finding(image: ReviewedImage, policy: Policy, *, required: bool = False) -> Finding:
    *_, failed = (
        finding
        for result in judge_name(image, policy, NOW, digests_required=required)
        if isinstance(result.outcome, Failed)
        for finding in result.outcome.findings
    )
    return failed


def test_a_tag_alone_is_pinned_by_gate_and_that_of_a_chart_by_hand() -> None:
    asks = load(SCANS)
    remedies = [
        first_finding(one, asks, required=True).remedy
        for one in (artifact(), replace(artifact(), artifact=None))
    ]
    assert [remedy.partition(", or apply")[0] for remedy in remedies] == [
        "name it by digest, oci://NAME@sha256:…",
        "pin it with `gate pin`",
    ]


ADD = "add an entry that says what this image must show"


@pytest.mark.parametrize(
    ("pattern", "message", "remedy"),
    [
        (
            "ghcr.io/acme",
            ": `match: ghcr.io/acme` does not cover it",
            "write `match: ghcr.io/acme/**` if that entry is for this image too",
        ),
        (
            "ghcr.io/acme/charts",
            "; the nearest one has `match: ghcr.io/acme/charts`",
            f"correct the name, if ghcr.io/acme/charts is meant, or {ADD}",
        ),
        (
            "quay.io/other",
            "",
            ADD,
        ),
    ],
    ids=["by its form", "spelt alike", "nothing near"],
)
def test_an_image_without_an_entry_is_told_which_entry_is_near(
    pattern: str, message: str, remedy: str
) -> None:
    found = first_finding(artifact(), load(SCANS.replace("ghcr.io/acme/chart", pattern)))
    assert found.message == f"no entry of the policy's images matches {ARTIFACT}{message}"
    assert found.remedy == remedy


LOST = Unread(
    storage=Storage.REFERRERS,
    subject=CHART.digest,
    digest=None,
    kind="a bundle",
    code="timeout",
    reason="it took too long",
    remedy="run again",
)


@pytest.mark.parametrize(
    ("lost", "shown", "end"),
    [(1, 1, ""), (3, 3, ""), (4, 3, "; and 1 more"), (9, 3, "; and 6 more")],
)
def test_of_what_was_not_read_three_are_readand_the_rest_counted(
    lost: int, shown: int, end: str
) -> None:
    every = tuple(replace(LOST, code=f"c{n}", reason=f"number {n}") for n in range(lost))
    evidence = ImageEvidence(CHART, unread=every)
    failed = signature.CHECK.failed(evidence, "c", "m", remedy="r")
    by_ci = asked(SignedParams, by=["ci"])
    outcome = despite_unread(signature.CHECK, evidence, by_ci, failed)
    said = "; ".join(map(str, every[:shown]))
    reason = f"something attached to the image was not read: {said}{end}"
    assert outcome == Undecided("c0", reason, "run again")


def test_what_is_undecided_already_keeps_its_own_reason_beside_what_was_not_read() -> None:
    own = Undecided("other", "another reason", "do that")
    evidence = ImageEvidence(CHART, unread=(LOST,))
    assert despite_unread(signature.CHECK, evidence, asked(SignedParams, by=["ci"]), own) is own


def test_a_check_that_counts_nobodys_evidence_is_not_concerned_by_what_was_not_read() -> None:
    nobody = unread(SignedParams, by=())
    evidence = ImageEvidence(CHART, unread=(LOST,))
    failed = signature.CHECK.failed(evidence, "c", "m", remedy="r")
    assert despite_unread(signature.CHECK, evidence, nobody, failed) is failed
