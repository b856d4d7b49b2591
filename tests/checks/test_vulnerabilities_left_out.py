"""What a scan does not say: what its scanner was told to leave out, and whether there is a fix."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gate.checks.vulnerabilities import CHECK, VulnerabilitiesParams
from gate.model.evidence import VerifiedAttestation
from gate.model.predicates import Rating, Vulnerability, VulnerabilityScan
from gate.model.verdict import Passed
from tests.checks.given import NOW, asked, codes, image, scan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEFT_OUT, FOUND = "vulnerabilities-left-out", "vulnerability-found"
MEDIUM = Vulnerability(id="CVE-2026-1", package="a", version="1", rating=Rating.MEDIUM)
HIGH = Vulnerability(id="CVE-2026-2", package="a", version="1", rating=Rating.HIGH)


def listed(
    *findings: Vulnerability,
    age: timedelta = HOUR,
    **more: Any,  # noqa: ANN401  # fields of VulnerabilityScan
) -> VerifiedAttestation[VulnerabilityScan]:
    return scan(age, findings=findings, report="snyk", **more)


def told(
    *scans: VerifiedAttestation[VulnerabilityScan],
    **more: Any,  # noqa: ANN401  # whatever a policy can hold
) -> list[str]:
    """Return the codes of what is wrong; of a pass there is none."""
    params = asked(VulnerabilitiesParams, **{"by": ["scanner"], "fail_on": "high", **more})
    outcome = CHECK.run(image(*scans), params, NOW)
    return [] if isinstance(outcome, Passed) else codes(outcome)


@pytest.mark.parametrize(
    ("least", "policy", "counts"),
    [
        (Rating.HIGH, {}, True),
        (Rating.CRITICAL, {}, False),
        (Rating.HIGH, {"fail_on": "critical"}, True),
        (Rating.HIGH, {"fail_on": "medium"}, False),
        (Rating.HIGH, {"fail_on_unfixable": "medium"}, False),
        (Rating.HIGH, {"fail_on_unfixable": "critical"}, True),
        (Rating.HIGH, {"fail_on_unfixable": "never"}, True),
        (Rating.HIGH, {"fail_on_cvss": 6.9}, False),
        (Rating.HIGH, {"fail_on_cvss": 7.0}, True),
        (Rating.NEGLIGIBLE, {"deny": ["CVE-2026-9"]}, False),
        (Rating.NONE, {"deny": ["CVE-2026-9"]}, True),
        (Rating.LOW, {"fail_on": "low"}, True),
    ],
)
def test_a_scan_of_what_is_severe_enough_counts_where_the_policy_asks_about_no_less(
    least: Rating, policy: dict[str, Any], *, counts: bool
) -> None:
    assert told(listed(least=least), **policy) == ([] if counts else [LEFT_OUT])


@pytest.mark.parametrize(
    ("policy", "counts"),
    [
        ({}, False),
        ({"fail_on_unfixable": "critical"}, False),
        ({"fail_on_unfixable": "never"}, True),
    ],
)
def test_a_scan_of_what_has_a_fix_counts_where_the_policy_never_blocks_the_rest(
    policy: dict[str, Any], *, counts: bool
) -> None:
    assert told(listed(fixable_only=True), **policy) == ([] if counts else [LEFT_OUT])
    assert told(listed(), **policy) == []


def test_a_scan_that_leaves_out_replaces_no_older_one_that_lists_all() -> None:
    whole, cut = listed(MEDIUM, age=DAY), listed(least=Rating.HIGH)
    assert told(whole, cut, fail_on="medium") == [FOUND]
    assert told(whole, cut) == []
    assert told(whole, listed(), fail_on="medium") == []
    fixable = listed(fixable_only=True)
    assert told(whole, fixable, fail_on="medium") == [FOUND]
    assert told(whole, fixable, fail_on="medium", fail_on_unfixable="never") == []


def test_what_a_scan_that_leaves_out_did_find_counts_until_a_newer_one_lists_all() -> None:
    cut = listed(HIGH, least=Rating.HIGH, age=2 * HOUR)
    assert told(listed(age=DAY), cut, fail_on="medium") == [FOUND]
    assert told(cut, listed(age=HOUR), fail_on="medium") == []
    assert told(cut, listed(HIGH, age=HOUR), fail_on="medium") == [FOUND]
    assert told(cut, listed(age=HOUR, scanner="grype"), fail_on="medium") == [FOUND]


@pytest.mark.parametrize(
    ("fixed_in", "fix_told", "on_fixable", "on_unfixable", "blocks"),
    [
        ("", True, "high", "never", False),
        ("", False, "high", "never", True),
        ("", False, "critical", "high", True),
        ("", False, "critical", "never", False),
        ("2", False, "critical", "high", False),
        ("2", False, "high", "never", True),
    ],
)
def test_where_a_report_does_not_say_whether_there_is_a_fix_the_stricter_threshold_decides(
    fixed_in: str, on_fixable: str, on_unfixable: str, *, fix_told: bool, blocks: bool
) -> None:
    one = Vulnerability(
        id="CVE-2026-2",
        package="a",
        version="1",
        rating=Rating.HIGH,
        fixed_in=fixed_in,
        fix_told=fix_told,
    )
    outcome = told(listed(one), fail_on=on_fixable, fail_on_unfixable=on_unfixable)
    assert outcome == ([FOUND] if blocks else [])
