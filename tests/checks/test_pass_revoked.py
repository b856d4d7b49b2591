"""A pass that the list ends opens nothing, and every other pass opens what it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from gate.checks.verdict_pass import CHECK
from gate.model.evidence import ImageEvidence
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest
from gate.model.revocations import (
    Ended,
    EndedBy,
    EndedDigest,
    EndedSigner,
    Revocation,
    RevocationList,
    Revocations,
    RevocationsUnknown,
)
from gate.model.verdict import Failed, Passed, Undecided
from tests.builders.passes import DAY, HOUR, POLICY, RELEASE, deployed, params, signed, summary
from tests.checks.given import AMD64, INDEX, NOW, OTHER, codes, image

SIGNER = signed(summary()).identity
BY = EndedBy
UNKNOWN = RevocationsUnknown("revocations-stale", "it is old", "renew it")


def listing(*ended: Ended) -> RevocationList:
    lines = tuple(Revocation(one, "a backdoor", NOW - HOUR) for one in ended)
    return RevocationList("r.example/a:b", 1, NOW - HOUR, NOW + DAY, lines)


def with_list(evidence: ImageEvidence, listed: Revocations | None) -> ImageEvidence:
    return replace(evidence, revocations=listed)


@pytest.mark.parametrize(
    "ended",
    [
        EndedDigest(BY.RELEASE, RELEASE.digest),
        EndedDigest(BY.IMAGE, INDEX),
        EndedDigest(BY.POLICY, POLICY),
        EndedSigner(SIGNER),
    ],
    ids=str,
)
def test_r324_an_ended_pass_opens_nothing(ended: Ended) -> None:
    evidence = with_list(deployed(signed(summary())), listing(ended))
    assert codes(CHECK.run(evidence, params(), NOW)) == ["pass-revoked"]


def test_a_platform_that_is_ended_ends_the_pass_of_its_index() -> None:
    pass_ = signed(summary())
    evidence = image(pass_, platforms=True)
    ended = with_list(replace(evidence, release=RELEASE), listing(EndedDigest(BY.IMAGE, AMD64)))
    assert codes(CHECK.run(ended, params(), NOW)) == ["pass-revoked"]


def test_a_platform_that_nobody_looked_up_ends_the_pass_that_names_it_too() -> None:
    pass_ = replace(signed(summary()), also=frozenset((AMD64,)))
    for line, said in ((AMD64, ["pass-revoked"]), (OTHER, [])):
        evidence = with_list(deployed(pass_), listing(EndedDigest(BY.IMAGE, line)))
        outcome = CHECK.run(evidence, params(), NOW)
        assert ([] if isinstance(outcome, Passed) else codes(outcome)) == said


@pytest.mark.parametrize(
    "ended",
    [
        EndedDigest(BY.RELEASE, INDEX),
        EndedDigest(BY.IMAGE, OTHER),
        EndedDigest(BY.IMAGE, POLICY),
        EndedDigest(BY.POLICY, RELEASE.digest),
        EndedSigner(KeyIdentity(Digest("f" * 64))),
        EndedSigner(CertificateIdentity("https://example.com/ci", "https://other")),
    ],
    ids=str,
)
def test_a_list_that_ends_others_leaves_a_pass_as_it_was(ended: Ended) -> None:
    given = signed(summary())
    evidence = with_list(deployed(given), listing(ended))
    assert CHECK.run(evidence, params(), NOW) == Passed((given,), until=NOW + HOUR)


def test_r324_a_pass_of_an_ended_signer_lives_on_if_a_verified_time_is_older() -> None:
    since = NOW - HOUR
    dated = signed(summary(), at=since - timedelta(seconds=1))
    at_once = signed(summary(), at=since)
    undated = signed(summary(verified_at=since - timedelta(minutes=4)))
    found = {
        name: CHECK.run(
            with_list(deployed(one), listing(EndedSigner(one.identity, since))), params(), NOW
        )
        for name, one in {"dated": dated, "at once": at_once, "undated": undated}.items()
    }
    assert isinstance(found["dated"], Passed)
    assert codes(found["at once"]) == codes(found["undated"]) == ["pass-revoked"]


def test_another_pass_of_the_image_opens_it_where_one_is_ended() -> None:
    ended = signed(summary(policy=Digest("9" * 64)))
    other = signed(summary())
    evidence = with_list(deployed(ended, other), listing(EndedDigest(BY.POLICY, Digest("9" * 64))))
    accepted = params(policies=[str(POLICY), f"sha256:{'9' * 64}"])
    assert CHECK.run(evidence, accepted, NOW) == Passed((other,), until=NOW + HOUR)


def test_r326_with_an_unknown_list_a_good_pass_is_undecided_and_a_bad_one_fails() -> None:
    good = with_list(deployed(signed(summary())), UNKNOWN)
    assert CHECK.run(good, params(), NOW) == Undecided(*_parts(UNKNOWN))
    bad = with_list(deployed(signed(summary(environment="staging"))), UNKNOWN)
    assert codes(CHECK.run(bad, params(), NOW)) == ["pass-wrong-environment"]


def _parts(unknown: RevocationsUnknown) -> tuple[str, str, str]:
    return unknown.code, unknown.reason, unknown.remedy


def test_the_finding_names_the_reason_and_what_was_ended() -> None:
    evidence = with_list(deployed(signed(summary())), listing(EndedDigest(BY.IMAGE, INDEX)))
    outcome = CHECK.run(evidence, params(), NOW)
    assert isinstance(outcome, Failed)
    (finding,) = outcome.findings
    assert finding.message == (
        f"the pass was ended on 2026-11-21T11:00:00Z, by its image {INDEX}: a backdoor"
    )


@pytest.mark.parametrize(
    ("ended", "remedy"),
    [
        (
            EndedSigner(SIGNER),
            "run `gate check` again, and let another key or identity sign its pass",
        ),
        (
            EndedDigest(BY.IMAGE, INDEX),
            "deploy another image; another pass of this one is ended",
        ),
        (
            EndedDigest(BY.RELEASE, RELEASE.digest),
            "change the release and run `gate check`; another pass of this one is ended",
        ),
        (
            EndedDigest(BY.POLICY, POLICY),
            "run `gate check` with another policy; another pass by this one is ended",
        ),
    ],
    ids=["signer", "image", "release", "policy"],
)
def test_the_next_step_is_one_that_the_line_does_not_end_as_well(ended: Ended, remedy: str) -> None:
    outcome = CHECK.run(with_list(deployed(signed(summary())), listing(ended)), params(), NOW)
    assert isinstance(outcome, Failed)
    assert [finding.remedy for finding in outcome.findings] == [remedy]
