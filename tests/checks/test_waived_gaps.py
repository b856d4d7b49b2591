"""A waiver excuses one finding and no other: not what the same evidence has wrong besides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from gate.checks import CHECKS
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest
from gate.model.predicates import (
    ImageSignature,
    Package,
    Provenance,
    Rating,
    Sbom,
    Vulnerability,
)
from gate.model.review import ReviewedImage
from gate.model.verdict import Failed, Result
from gate.pipeline.evaluate import judge_evidence
from gate.policy.document import ImageEntry, Policy
from gate.policy.match import ImagePattern
from gate.policy.waivers import Waiver
from tests.checks.given import NOW, OTHER, SIGNERS, attested, image, scan

DAY = timedelta(days=1)
SLSA = "https://slsa.dev/provenance/v1"
SIGN = "https://sigstore.dev/cosign/sign/v1"
BAD = Package("event-stream", "3.3.6", "pkg:npm/event-stream@3.3.6")
HIT = Vulnerability(id="CVE-2026-1", package="p", rating=Rating.CRITICAL)


def waiver(check: str, finding: str, expires: str = "2026-12-31") -> Waiver:
    return Waiver.model_validate(
        {
            "check": check,
            "finding": finding,
            "image": f"ghcr.io/acme/shop@{image().image.digest}",
            "owner": "o",
            "reason": "r",
            "expires": expires,
        }
    )


def judged(
    check: str, asks: dict[str, Any], evidence: ImageEvidence, waived: Iterable[str] = ()
) -> Result:
    """Answer one check of the image as a run does, with these findings waived."""
    params = CHECKS[check].params.model_validate(asks, context={"signers": SIGNERS})
    policy = Policy(
        path="p.yaml",
        digest=Digest("0" * 64),
        signers={},
        roots={},
        images=(ImageEntry(ImagePattern("**"), {check: params}),),
        waivers=tuple(waiver(check, finding) for finding in waived),
    )
    name = evidence.image.reference
    reviewed = ReviewedImage(name=str(name), reference=name, uses=(), evidence=evidence)
    (result,) = judge_evidence(reviewed, policy, NOW)
    return result


def sbom(*packages: Package, **more: Any) -> Sbom:  # noqa: ANN401  # of Sbom
    values = {"tools": ("t",), "created": NOW - DAY, **more}
    return Sbom("cyclonedx", "1.5", len(packages), packages=packages, **values)


def provenance(**more: str) -> ImageEvidence:
    built = Provenance(**{"version": "1", "builder": "https://b/1", **more})  # type: ignore[arg-type]  # all of it text
    return image(attested(built, predicate_type=SLSA))


CASES: dict[str, tuple[str, dict[str, Any], ImageEvidence, tuple[str, ...]]] = {
    "too small and forbidden": (
        "sbom",
        {"by": ["ci"], "minimum-packages": 9, "forbid-packages": ["pkg:npm/event-stream"]},
        image(attested(sbom(BAD))),
        ("sbom-too-small", BAD.purl),
    ),
    "dated tomorrow and forbidden": (
        "sbom",
        {"by": ["ci"], "forbid-packages": ["pkg:npm/event-stream"]},
        image(attested(sbom(BAD, created=NOW + DAY))),
        ("sbom-from-the-future", BAD.purl),
    ),
    "too small, of another image, by no tool and at no time": (
        "sbom",
        {"by": ["ci"], "minimum-packages": 9, "describes-image": True},
        image(attested(sbom(BAD, about=frozenset({OTHER}), tools=(), created=None))),
        *(("sbom-too-small", "sbom-describes-another", "sbom-tool-missing", "sbom-time-missing"),),
    ),
    "by one of two, and too small": (
        "sbom",
        {"by": ["ci", "other"], "at-least": 2, "minimum-packages": 9},
        image(attested(sbom(BAD))),
        ("sbom-too-small", "sbom-too-few"),
    ),
    "on one of two platforms, and too small": (
        "sbom",
        {"by": ["ci"], "on": "platforms", "minimum-packages": 9},
        image(attested(sbom(BAD), subject=Digest("b" * 64)), platforms=True),
        ("sbom-too-small", "sbom-incomplete"),
    ),
    "too few scans, and what one found": (
        "vulnerabilities",
        {"by": ["scanner", "ci"], "at-least": 2, "fail-on": "high"},
        image(scan(DAY, findings=(HIT,), report="trivy")),
        ("vulnerabilities-too-few", HIT.id),
    ),
    "a scan of another image, and what it found": (
        "vulnerabilities",
        {"by": ["scanner"], "fail-on": "high"},
        image(scan(DAY, findings=(HIT,), about=frozenset({OTHER}))),
        ("vulnerabilities-describes-another", HIT.id),
    ),
    "a scan of tomorrow, and what it found": (
        "vulnerabilities",
        {"by": ["scanner"], "fail-on": "high"},
        image(scan(-DAY, findings=(HIT,))),
        ("vulnerabilities-from-the-future", HIT.id),
    ),
    "an old scan with an old database by another tool": (
        "scan-age",
        {"by": ["scanner"], "max-age": "7d", "max-database-age": "3d", "scanners": ["grype"]},
        image(scan(9 * DAY, database=10 * DAY)),
        ("scan-other-scanner", "scan-too-old", "scan-database-too-old"),
    ),
    "an old scan that does not date its database": (
        "scan-age",
        {"by": ["scanner"], "max-age": "7d", "max-database-age": "3d"},
        image(scan(9 * DAY)),
        ("scan-too-old", "scan-database-undated"),
    ),
    "all of the provenance": (
        "provenance",
        {
            "by": ["ci"],
            "builder": "https://b/2",
            "source": "https://s/1",
            "ref": "refs/tags/*",
            "entry-point": "e",
            "build-type": "https://t",
            "levels": {"https://b/1": 1, "https://b/2": 3},
            "minimum-level": 3,
        },
        provenance(source="https://s/2", ref="refs/heads/main"),
        (
            *("provenance-level-too-low", "provenance-wrong-builder", "provenance-wrong-source"),
            *("provenance-wrong-ref", "provenance-wrong-build-type"),
            "provenance-wrong-entry-point",
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_only_waivers_of_all_that_is_wrong_clear_what_has_more_than_one_thing_wrong(
    name: str,
) -> None:
    check, asks, evidence, wrong = CASES[name]
    assert judged(check, asks, evidence, wrong).blocks is False
    for one in wrong:
        result = judged(check, asks, evidence, set(wrong) - {one})
        assert isinstance(result.outcome, Failed)
        assert [f.waiver_id for f in result.outcome.findings] == [one]
        assert result.blocks


def test_where_a_waiver_would_be_enough_nothing_more_is_said() -> None:
    asks = {"by": ["ci"], "minimum-packages": 9, "at-least": 2}
    two = [
        attested(sbom(BAD), identity=f"https://example.com/{who}", seed=who) for who in ("a", "b")
    ]
    result = judged("sbom", asks, image(*two))
    assert isinstance(result.outcome, Failed)
    assert [f.code for f in result.outcome.findings] == ["sbom-too-small"]


def test_what_counts_beside_what_is_waived_is_relied_on() -> None:
    one = attested(ImageSignature(), predicate_type=SIGN)
    asks = {"by": ["ci", "other"], "at-least": 2}
    result = judged("signature", asks, image(one), ["signature-too-few"])
    assert not result.blocks
    assert isinstance(result.outcome, Failed)
    assert result.outcome.relied_on == (one,)


@pytest.mark.parametrize(
    ("age", "database", "until"),
    [
        (2 * DAY, 4 * DAY, 5 * DAY),
        (9 * DAY, DAY, 2 * DAY),
        (2 * DAY, None, 5 * DAY),
        (9 * DAY, 4 * DAY, None),
    ],
)
def test_what_a_waiver_clears_holds_until_more_is_wrong(
    age: timedelta, database: timedelta | None, until: timedelta | None
) -> None:
    asks = {"by": ["scanner"], "max-age": "7d", "max-database-age": "3d"}
    wrong = ("scan-too-old", "scan-database-too-old", "scan-database-undated")
    evidence = image(scan(age, database=database))
    outcome = judged("scan-age", asks, evidence, wrong).outcome
    assert isinstance(outcome, Failed)
    assert outcome.findings == ()
    assert outcome.until == (None if until is None else NOW + until)


def test_a_second_scan_that_counts_ends_it_too() -> None:
    asks = {"by": ["scanner", "ci"], "max-age": "7d", "at-least": 2}
    evidence = image(scan(9 * DAY), scan(3 * DAY, by="ci"))
    outcome = judged("scan-age", asks, evidence, ["scan-too-old"]).outcome
    assert isinstance(outcome, Failed)
    assert (outcome.findings, outcome.until) == ((), NOW + 4 * DAY)
