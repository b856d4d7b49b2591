"""What each thing that hangs on an image is to one check."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gate.checks import configuration, sbom, scan_age, signature, vulnerabilities
from gate.checks.demand.base import Check
from gate.model.evidence import ImageEvidence
from gate.model.predicates import (
    ImageSignature,
    Rating,
    Sbom,
    Unreadable,
    Vex,
    VexStatement,
    VexStatus,
    Vulnerability,
)
from gate.pipeline.considered import pieces
from gate.pipeline.evaluate import answer
from tests.checks.given import AMD64, NOW, asked, attested, image, rejected, scan

DAY = timedelta(days=1)
BOM = Sbom("cyclonedx", "1.5", 3, tools=("t",), created=NOW - DAY)
SIGN = "https://sigstore.dev/cosign/sign/v1"


def seen(check: Check[Any], evidence: ImageEvidence, **params: object) -> list[tuple[bool, str]]:
    given = asked(check.params, **params)
    outcome = answer(check, evidence, given, NOW)
    return [(p.counts, p.code) for p in pieces(check, evidence, given, outcome, NOW)]


def test_what_a_check_relies_on_counts_and_what_it_does_not_look_for_is_left_out() -> None:
    held = image(attested(BOM), attested(ImageSignature(), predicate_type=SIGN))
    assert seen(sbom.CHECK, held, by=["ci"]) == [(True, "")]


def test_each_thing_has_its_own_reason() -> None:
    held = image(
        attested(BOM, by="other"),
        attested(Sbom("cyclonedx", "1.5", 0)),
        attested(Unreadable("x", "is no JSON object")),
        rejections=[rejected("wrong-subject"), rejected("signature-invalid"), rejected("unsigned")],
    )
    assert seen(sbom.CHECK, held, by=["ci"]) == [
        (False, "sbom-wrong-signer"),
        (False, "sbom-empty"),
        (False, "sbom-unreadable"),
        (False, "sbom-wrong-subject"),
        (False, "sbom-not-verified"),
        (False, "sbom-unsigned"),
    ]


def test_of_a_check_that_passed_what_did_not_count_says_why_too() -> None:
    held = image(scan(DAY), scan(9 * DAY))
    assert sorted(seen(scan_age.CHECK, held, by=["scanner"], max_age="7d")) == [
        (False, "scan-too-old"),
        (True, ""),
    ]


def test_what_is_one_of_several_that_are_demanded_counts_and_says_what_is_lacking() -> None:
    one = image(attested(ImageSignature(), predicate_type=SIGN))
    demanded = {"by": ["ci", "other"], "at_least": 2}
    assert seen(signature.CHECK, one, **demanded) == [(True, "signature-too-few")]
    platform = image(attested(BOM, subject=AMD64), platforms=True)
    assert seen(sbom.CHECK, platform, by=["ci"]) == [(True, "sbom-incomplete")]


def test_an_older_scan_is_said_not_to_be_needed() -> None:
    held = image(scan(DAY, findings=()), scan(2 * DAY, findings=()))
    assert sorted(seen(vulnerabilities.CHECK, held, by=["scanner"], fail_on="high")) == [
        (False, "not-needed"),
        (True, ""),
    ]


def test_of_a_check_that_failed_by_what_it_relies_on_the_rest_is_not_needed() -> None:
    severe = (Vulnerability(id="CVE-1", package="a", version="1", rating=Rating.HIGH),)
    held = image(scan(DAY, findings=severe), scan(2 * DAY, findings=()))
    assert sorted(seen(vulnerabilities.CHECK, held, by=["scanner"], fail_on="high")) == [
        (False, "not-needed"),
        (True, ""),
    ]


def test_what_cannot_be_read_is_told_where_the_check_is_undecided() -> None:
    held = image(scan(2 * DAY, findings=()), scan(DAY, findings=None))
    assert sorted(seen(vulnerabilities.CHECK, held, by=["scanner"], fail_on="high")) == [
        (False, "vulnerabilities-unreadable"),
        (True, ""),
    ]


def test_a_check_that_looks_at_no_attestation_has_no_pieces() -> None:
    assert seen(configuration.CHECK, image(attested(BOM)), user="not-root") == []


def test_vex_of_a_demanded_signer_that_excuses_nothing_belongs_to_its_check() -> None:
    statement = VexStatement(names=("CVE-1",), status=VexStatus.AFFECTED, products=None, at=NOW)
    said = attested(Vex("acme", (statement,)), predicate_type="https://openvex.dev/ns")
    held = image(scan(DAY, findings=()), said)
    demanded = {"by": ["scanner"], "fail_on": "high"}
    assert sorted(seen(vulnerabilities.CHECK, held, **demanded, vex=["ci"])) == [
        (False, "vex-not-applied"),
        (True, ""),
    ]
    assert seen(vulnerabilities.CHECK, held, **demanded) == [(True, "")]
