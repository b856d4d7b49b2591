from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gate.model.predicates import Rating, Vulnerability
from gate.predicates import scanners
from gate.predicates.report import rated, rating, score, vector_score

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
SARIF_RULE = {"id": "CVE-2026-1234-openssl", "properties": {"security-severity": "9.8"}}
REPORTS: dict[str, tuple[Any, Vulnerability]] = {
    "trivy": (
        {
            "SchemaVersion": 2,
            "Results": [
                {
                    "Target": "debian",
                    "Vulnerabilities": [
                        {
                            "VulnerabilityID": "CVE-2026-1",
                            "PkgName": "openssl",
                            "InstalledVersion": "3.0.1",
                            "FixedVersion": "3.0.2",
                            "PkgIdentifier": {"PURL": "pkg:deb/debian/openssl@3.0.1"},
                            "Severity": "HIGH",
                            "SeveritySource": "nvd",
                            "CVSS": {"nvd": {"V3Score": 7.5}, "redhat": {"V3Score": 9.8}},
                            "PublishedDate": "2026-11-01T00:00:00Z",
                        }
                    ],
                }
            ],
        },
        Vulnerability(
            id="CVE-2026-1",
            package="openssl",
            version="3.0.1",
            purl="pkg:deb/debian/openssl@3.0.1",
            rating=Rating.HIGH,
            score=7.5,
            fixed_in="3.0.2",
            published=datetime(2026, 11, 1, tzinfo=UTC),
        ),
    ),
    "grype": (
        {
            "matches": [
                {
                    "vulnerability": {
                        "id": "GHSA-aaaa-bbbb-cccc",
                        "severity": "Critical",
                        "fix": {"state": "fixed", "versions": ["2"]},
                    },
                    "relatedVulnerabilities": [
                        {"id": "CVE-2026-1", "cvss": [{"metrics": {"baseScore": 9.8}}]}
                    ],
                    "artifact": {"name": "a", "version": "1", "purl": "pkg:npm/a@1"},
                }
            ],
            "descriptor": {"name": "grype"},
        },
        Vulnerability(
            id="GHSA-aaaa-bbbb-cccc",
            aliases=("CVE-2026-1",),
            package="a",
            version="1",
            purl="pkg:npm/a@1",
            rating=Rating.CRITICAL,
            score=9.8,
            fixed_in="2",
        ),
    ),
    "snyk": (
        {
            "ok": False,
            "dependencyCount": 1,
            "vulnerabilities": [
                {
                    "id": "SNYK-1",
                    "identifiers": {"CVE": ["CVE-2026-1"], "CWE": []},
                    "packageName": "a",
                    "version": "1",
                    "severity": "low",
                    "cvssScore": 3.1,
                    "fixedIn": ["2", "3"],
                }
            ],
        },
        Vulnerability(
            id="SNYK-1",
            aliases=("CVE-2026-1",),
            package="a",
            version="1",
            rating=Rating.LOW,
            score=3.1,
            fixed_in="2, 3",
        ),
    ),
    "osv-scanner": (
        {
            "results": [
                {
                    "source": {},
                    "packages": [
                        {
                            "package": {"name": "a", "version": "1"},
                            "vulnerabilities": [
                                {
                                    "id": "GO-2026-1",
                                    "aliases": ["CVE-2026-1"],
                                    "severity": [{"type": "CVSS_V3", "score": VECTOR}],
                                    "affected": [{"ranges": [{"events": [{"fixed": "2"}]}]}],
                                }
                            ],
                            "groups": [],
                        }
                    ],
                }
            ]
        },
        Vulnerability(
            id="GO-2026-1",
            aliases=("CVE-2026-1",),
            package="a",
            version="1",
            rating=Rating.CRITICAL,
            score=9.8,
            fixed_in="2",
        ),
    ),
    "sarif": (
        {
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "grype", "rules": [SARIF_RULE]}},
                    "results": [{"ruleId": "CVE-2026-1234-openssl", "level": "note"}],
                }
            ],
        },
        Vulnerability(id="CVE-2026-1234", rating=Rating.CRITICAL, score=9.8),
    ),
    "gitlab": (
        {
            "scan": {"type": "container_scanning", "status": "success", "scanner": {"id": "Trivy"}},
            "vulnerabilities": [
                {
                    "id": "x",
                    "severity": "Medium",
                    "identifiers": [{"type": "cve", "value": "CVE-2026-1"}],
                    "location": {"dependency": {"package": {"name": "a"}, "version": "1"}},
                    "solution": "Upgrade a to 2",
                }
            ],
        },
        Vulnerability(
            id="CVE-2026-1",
            package="a",
            version="1",
            rating=Rating.MEDIUM,
            fixed_in="Upgrade a to 2",
        ),
    ),
    "harbor": (
        {
            "generated_at": "2026-11-01T00:00:00Z",
            "scanner": {"name": "Trivy"},
            "vulnerabilities": [
                {
                    "id": "CVE-2026-1",
                    "package": "a",
                    "version": "1",
                    "severity": "High",
                    "preferred_cvss": {"score_v3": 7.5},
                    "fix_version": "2",
                }
            ],
        },
        Vulnerability(
            id="CVE-2026-1", package="a", version="1", rating=Rating.HIGH, score=7.5, fixed_in="2"
        ),
    ),
}


@pytest.mark.parametrize("form", REPORTS)
def test_a_report_is_known_by_its_shape_and_read_whole(form: str) -> None:
    document, expected = REPORTS[form]
    report = scanners.parse(document)
    assert (report.form, report.findings) == (form, (expected,))


@pytest.mark.parametrize("level", ["note", "error", "none", None])
def test_a_sarif_level_alone_rates_nothing_but_a_warning(level: str | None) -> None:
    document = {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {}}, "results": [{"ruleId": "X", "level": level}]}],
    }
    (found,) = scanners.parse(document).findings or ()
    assert found.rating is None


@pytest.mark.parametrize(
    "document",
    [
        {"SchemaVersion": 2, "Results": [1]},
        {"SchemaVersion": 2, "Results": "x"},
        {"matches": [{}], "descriptor": {"name": "grype"}},
        {"version": "2.1.0", "runs": [{}]},
        {"scan": {"type": "container_scanning", "status": "failure"}, "vulnerabilities": []},
    ],
)
def test_a_report_of_a_known_form_that_is_broken_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        scanners.parse(document)


@pytest.mark.parametrize("document", [None, "text", [], {}, {"findings": []}, [1], {"x": {}}])
def test_a_report_of_no_known_form_found_nothing_that_can_be_told(document: object) -> None:
    report = scanners.parse(document)
    assert (report.form, report.findings) == ("unknown", None)


def test_an_end_of_life_report_in_the_form_of_grype_is_not_taken_for_one() -> None:
    report = scanners.parse({"matches": [], "descriptor": {"name": "xeol"}})
    assert (report.form, report.findings) == ("xeol", None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("HIGH", Rating.HIGH),
        (" moderate ", Rating.MEDIUM),
        ("unknown", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_a_severity_word_that_is_not_known_is_unknown(
    value: object, expected: Rating | None
) -> None:
    assert rating(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(10, 10.0), ("7.5", 7.5), (-1, None), (10.1, None), (True, None), ("x", None), ("nan", None)],
)
def test_a_score_outside_its_scale_is_none(value: object, expected: float | None) -> None:
    assert score(value) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (9.0, Rating.CRITICAL),
        (8.9, Rating.HIGH),
        (6.9, Rating.MEDIUM),
        (3.9, Rating.LOW),
        (0.0, Rating.NONE),
        (None, None),
    ],
)
def test_a_score_is_rated_as_cvss_rates_it(number: float | None, expected: Rating | None) -> None:
    assert rated(number) is expected


@pytest.mark.parametrize("vector", ["", "CVSS:3.1", "CVSS:3.1/AV:X", "x" * 9999, None, "AV:N"])
def test_a_vector_that_cannot_be_read_has_no_score(vector: object) -> None:
    assert vector_score(vector) is None
