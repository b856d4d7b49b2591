"""How what counts is counted, when a pass of a check ends, and what a failure is told for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from gate.checks import signature
from gate.checks.demand.base import Check, SignedParams
from gate.checks.layout import CHECK as LAYOUT_CHECK
from gate.checks.layout import LayoutParams
from gate.checks.sbom import CHECK as SBOM_CHECK
from gate.checks.sbom import SbomParams
from gate.checks.scan_age import CHECK, ScanAgeParams
from gate.checks.verdict_pass import CHECK as PASS_CHECK
from gate.model.evidence import Rejection
from gate.model.predicates import LetGo, Sbom, Unreadable
from gate.model.verdict import Failed, Passed, Severity
from tests.builders.in_toto import OWNER, pem
from tests.builders.passes import deployed, params, signed, summary
from tests.checks.given import (
    AMD64,
    ARM64,
    INDEX,
    NOW,
    SBOM_TYPE,
    SCAN_TYPE,
    asked,
    attested,
    codes,
    findings,
    image,
    rejected,
    scan,
)

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


def scans(**more: object) -> ScanAgeParams:
    return asked(ScanAgeParams, **{"by": ["scanner"], "max_age": "7d"} | more)


def until(*, index: timedelta | None, amd64: timedelta, arm64: timedelta) -> datetime | None:
    """Return when a scan of so many platforms, or of the index, holds no longer."""
    found = [scan(amd64, subject=AMD64), scan(arm64, subject=ARM64)]
    found += [] if index is None else [scan(index, subject=INDEX)]
    outcome = CHECK.run(image(*found, platforms=True), scans(), NOW)
    assert isinstance(outcome, Passed)
    return outcome.until


def test_platforms_hold_until_the_first_of_them_does_not() -> None:
    week = NOW + 7 * DAY
    assert until(index=None, amd64=DAY, arm64=2 * DAY) == week - 2 * DAY
    assert until(index=None, amd64=3 * DAY, arm64=DAY) == week - 3 * DAY


def test_of_the_index_and_its_platforms_the_one_that_holds_longer_decides() -> None:
    week = NOW + 7 * DAY
    assert until(index=DAY, amd64=2 * DAY, arm64=2 * DAY) == week - DAY
    assert until(index=3 * DAY, amd64=2 * DAY, arm64=2 * DAY) == week - 2 * DAY


def test_what_is_wrong_on_a_platform_that_has_enough_is_no_reason() -> None:
    good, old = scan(DAY, subject=AMD64), scan(9 * DAY, subject=AMD64)
    outcome = CHECK.run(image(good, old, platforms=True), scans(on="platforms"), NOW)
    assert [f.code for f in findings(outcome)] == ["scan-incomplete"]
    other = scan(9 * DAY, subject=ARM64)
    outcome = CHECK.run(image(good, other, platforms=True), scans(on="platforms"), NOW)
    assert codes(outcome) == ["scan-too-old"]


def test_of_a_pass_that_nothing_excuses_only_what_is_wrong_is_told() -> None:
    two = params(by=["ci", "other"], at_least=2)
    outcome = PASS_CHECK.run(deployed(signed(summary(result="FAILED"))), two, NOW)
    assert codes(outcome) == ["pass-not-passed"]


def test_where_a_waiver_could_excuse_one_thing_what_is_missing_then_is_told_too() -> None:
    outcome = CHECK.run(image(scan(9 * DAY)), scans(by=["scanner", "other"], at_least=2), NOW)
    assert codes(outcome) == ["scan-too-old", "scan-too-few"]


@pytest.mark.parametrize(
    ("ages", "end"),
    [
        ((DAY, 2 * DAY), NOW + 5 * DAY),
        ((2 * DAY, DAY), NOW + 5 * DAY),
        ((7 * DAY, DAY), NOW),
        ((9 * DAY, DAY), NOW + 6 * DAY),
        ((9 * DAY, 8 * DAY), None),
    ],
)
def test_a_failure_may_change_at_the_next_end_of_what_is_there(
    ages: tuple[timedelta, timedelta], end: datetime | None
) -> None:
    found = (scan(age, by=by) for age, by in zip(ages, ("scanner", "other"), strict=True))
    three = scans(by=["scanner", "other", "ci"], at_least=3)
    outcome = CHECK.run(image(*found), three, NOW)
    assert isinstance(outcome, Failed)
    assert outcome.until == end


def test_a_scan_that_is_as_old_as_it_may_be_counts_and_a_second_later_it_does_not() -> None:
    assert isinstance(CHECK.run(image(scan(7 * DAY)), scans(), NOW), Passed)
    assert codes(CHECK.run(image(scan(7 * DAY)), scans(), NOW + SECOND)) == ["scan-too-old"]


@pytest.mark.parametrize(
    ("by", "at_least", "literal", "taken"),
    [
        (["ci"], 1, {"ci"}, True),
        (["ci"], 2, {"ci"}, False),
        (["ci"], 2, {"ci", "other"}, False),
        (["ci", "other"], 2, {"ci", "other"}, True),
        (["ci", "ci"], 2, {"ci"}, False),
        (["ci"], 2, (), True),
        (["ci", "other"], 3, {"ci"}, True),
    ],
)
def test_more_signers_than_there_can_be_are_refused_and_a_pattern_may_match_many(
    by: list[str],
    at_least: int,
    literal: set[str],
    taken: bool,  # noqa: FBT001  # the answer itself
) -> None:
    context = {"signers": ("ci", "other"), "literal": frozenset(literal)}
    said = {"by": by, "at-least": at_least}
    if taken:
        assert SignedParams.model_validate(said, context=context).at_least == at_least
        return
    with pytest.raises(ValidationError) as caught:
        SignedParams.model_validate(said, context=context)
    most = len(set(by))
    message = f"at-least is {at_least}, and no more than {most} can count"
    assert [e["msg"] for e in caught.value.errors()] == [f"Value error, {message}"]


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"signers": ("b", "a")}, "no signer is called 'ci', only a, b"),
        ({"signers": ()}, "no signer is called 'ci'; none is defined"),
        (None, "no signer is called 'ci'; none is defined"),
    ],
)
def test_a_signer_that_the_policy_does_not_define_is_refused(
    context: dict[str, object] | None, message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        SignedParams.model_validate({"by": ["ci"]}, context=context)
    assert caught.value.errors()[0]["msg"] == message


def test_a_finding_has_the_severity_of_its_check_or_one_of_its_own() -> None:
    made = [
        signature.CHECK.finding(image(), "c", "m", remedy="r", severity=severity).severity
        for severity in (None, Severity.LOW)
    ]
    assert made == [Severity.CRITICAL, Severity.LOW]


def test_the_documentation_of_a_check_is_that_of_its_module() -> None:
    assert signature.CHECK.doc == (signature.__doc__ or "").rstrip()
    assert signature.CHECK.doc.startswith("The image is signed by somebody whom the policy names.")


def test_of_two_scans_of_one_signer_the_one_that_holds_longer_counts() -> None:
    outcome = CHECK.run(image(scan(3 * DAY), scan(DAY)), scans(), NOW)
    assert isinstance(outcome, Passed)
    assert outcome.until == NOW + 6 * DAY


def test_of_the_ways_to_cover_an_image_the_one_that_needs_least_is_told() -> None:
    index = scan(subject=INDEX)
    arm64 = [scan(subject=ARM64), scan(subject=ARM64, by="other")]
    two = scans(by=["scanner", "other"], at_least=2)
    (finding,) = findings(CHECK.run(image(index, *arm64, platforms=True), two, NOW))
    assert finding.message == "1 of the 2 that the policy demands attest a vulnerability scan"
    (finding,) = findings(CHECK.run(image(*arm64, platforms=True), two, NOW))
    assert finding.message == "a vulnerability scan is attested, but not for linux/amd64"


SBOM_BY_CI = asked(SbomParams, by=["ci"])


def test_of_things_that_are_as_near_the_one_with_least_wrong_is_told() -> None:
    nearest = attested(Sbom("cyclonedx", "1.5", 1, tools=(), created=NOW))
    other = attested(Sbom("cyclonedx", "1.5", 1, tools=(), created=None))
    for both in ((nearest, other), (other, nearest)):
        assert codes(SBOM_CHECK.run(image(*both), SBOM_BY_CI, NOW)) == ["sbom-tool-missing"]
    assert codes(SBOM_CHECK.run(image(other), SBOM_BY_CI, NOW)) == [
        "sbom-tool-missing",
        "sbom-time-missing",
    ]


def told(*found: Rejection) -> tuple[str, str, str]:
    (finding,) = findings(SBOM_CHECK.run(image(rejections=found), SBOM_BY_CI, NOW))
    return finding.code, finding.message, finding.remedy


def test_what_is_nearly_by_a_signer_is_told_with_what_to_change_the_first_by_name() -> None:
    bare = rejected("wrong-signer")
    assert told(bare)[2] == "have ci sign it, or name its signer in the policy"
    one, other = (replace(bare, remedy=remedy) for remedy in ("a", "b"))
    assert told(bare, other, one)[2] == "a"
    of_scan = replace(one, predicate_type=SCAN_TYPE)
    elsewhere = replace(rejected("subject-mismatch"), remedy="0")
    assert told(bare, of_scan, elsewhere)[2] == "have ci sign it, or name its signer in the policy"


def test_what_does_not_verify_is_told_with_its_own_remedy_or_that_of_the_check() -> None:
    bare = rejected("bad-signature")
    assert told(bare)[0] == "sbom-not-verified"
    assert told(replace(bare, remedy="own"))[2] == "own"
    assert told(bare)[2] == told()[2]


def test_what_claims_no_type_is_named_beside_what_is_absent_and_what_claims_one_is_not() -> None:
    said = told(rejected("malformed", predicate_type=None))[1]
    assert said.endswith("is not attached; what else is attached does not count: malformed")
    assert told(rejected("malformed", predicate_type=SCAN_TYPE))[1].endswith("is not attached")


def test_a_type_that_is_nearly_right_is_told_of_who_was_asked_and_of_what_is_new() -> None:
    near = f"{SBOM_TYPE}/v1"
    assert told(rejected("not-understood", predicate_type=near))[0] == "sbom-wrong-predicate"
    assert told(rejected("malformed", predicate_type=near))[0] == "sbom-absent"
    for by, code in (("ci", "sbom-wrong-predicate"), ("other", "sbom-absent")):
        given = attested(LetGo(Sbom), by=by, predicate_type=near)
        assert codes(SBOM_CHECK.run(image(given), SBOM_BY_CI, NOW)) == [code]


def test_a_statement_of_another_kind_that_cannot_be_read_is_no_reason() -> None:
    broken = attested(Unreadable(SCAN_TYPE, "it is cut off"), predicate_type=SCAN_TYPE)
    assert codes(SBOM_CHECK.run(image(broken), SBOM_BY_CI, NOW)) == ["sbom-absent"]
    broken = attested(Unreadable(SBOM_TYPE, "it is cut off"), predicate_type=SBOM_TYPE)
    assert codes(SBOM_CHECK.run(image(broken), SBOM_BY_CI, NOW)) == ["sbom-unreadable"]


def test_where_too_few_attest_the_fewest_that_do_are_counted_and_another_is_asked() -> None:
    found = [scan(subject=AMD64), scan(subject=AMD64, by="other"), scan(subject=ARM64)]
    three = scans(by=["scanner", "other", "ci"], at_least=3, on="platforms")
    (finding,) = findings(CHECK.run(image(*found, platforms=True), three, NOW))
    assert finding.message == "1 of the 3 that the policy demands attest a vulnerability scan"
    assert finding.remedy == "have another of scanner, other, ci attest it"
    (finding,) = findings(CHECK.run(image(*found[:2], platforms=True), three, NOW))
    assert finding.message == "2 of the 3 that the policy demands attest a vulnerability scan"


def test_what_a_chart_lacks_is_mended_as_charts_are_where_the_check_says_how() -> None:
    def step(check: Check[Any], asks: SignedParams, *, chart: bool) -> str:
        evidence = replace(image(), is_artifact=chart)
        (finding,) = findings(check.run(evidence, asks, NOW))
        return finding.remedy

    by_ci = asked(SignedParams, by=["ci"])
    sign = "sign it with `gate sign oci://ghcr.io/acme/shop:1.0` in the pipeline that pushes it"
    assert step(signature.CHECK, by_ci, chart=True) == sign
    assert step(signature.CHECK, by_ci, chart=False) != sign
    own = asked(LayoutParams, by=["ci"], keys=[pem(OWNER)])
    attest = "attest the layout and every link with `gate attest --type custom`"
    assert [step(LAYOUT_CHECK, own, chart=chart) for chart in (True, False)] == [attest] * 2
