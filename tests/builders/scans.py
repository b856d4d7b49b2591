"""What several tests make of scans."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gate.model.predicates import Rating, Vulnerability

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
            score=9.8,
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
        Vulnerability(id="CVE-2026-1234", rating=Rating.CRITICAL, score=9.8, fix_told=False),
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


def sarif(results: list[object], driver: object, *extensions: object) -> object:
    tool = {"driver": driver, "extensions": list(extensions)}
    return {"version": "2.1.0", "runs": [{"tool": tool, "results": results}]}
