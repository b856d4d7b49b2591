"""Reports of scanners beyond those of `tests.builders.scans`, one vulnerability each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gate.model.predicates import Rating, Vulnerability

IMAGE = "a" * 64
PURL = "pkg:maven/org.example/core@2.14.1"


def clair(**vulnerability: object) -> dict[str, Any]:
    stated = {
        "name": "CVE-2026-1",
        "severity": "important",
        "normalized_severity": "Medium",
        "fixed_in_version": "2",
        "issued": "2026-11-01T00:00:00Z",
        "links": "https://example.org/CVE-2026-1",
    }
    return {
        "manifest_hash": f"sha256:{IMAGE}",
        "packages": {"10": {"id": "10", "name": "a", "version": "1"}},
        "vulnerabilities": {"100": {**stated, **vulnerability}},
        "package_vulnerabilities": {"10": ["100"]},
        "enrichments": {
            "message/vnd.clair.map.vulnerability; enricher=clair.cvss": [
                {"100": [{"baseScore": 5.0}, {"baseScore": 7.5}]}
            ]
        },
    }


def twistcli(*found: Mapping[str, object], **result: object) -> dict[str, Any]:
    stated = {
        "id": f"sha256:{'b' * 64}",
        "name": "ghcr.io/acme/shop:1.0",
        "distro": "Debian GNU/Linux 12 (bookworm)",
        "digest": f"sha256:{IMAGE}",
        "vulnerabilities": list(found),
        "vulnerabilityDistribution": {"critical": 0, "high": len(found), "total": len(found)},
        "scanTime": "2026-11-20T10:00:00.5Z",
    }
    return {"results": [{**stated, **result}]}


TWISTCLI = {
    "id": "CVE-2026-1",
    "status": "fixed in 2.17.0",
    "cvss": 7.5,
    "severity": "important",
    "packageName": "a",
    "packageVersion": "1",
    "publishedDate": "2026-11-01T00:00:00Z",
}
ANCHORE = {
    "vuln": "CVE-2026-1",
    "severity": "Medium",
    "fix": "2",
    "package": "a-1",
    "package_name": "a",
    "package_version": "1",
    "nvd_data": [{"id": "CVE-2026-1", "cvss_v3": {"base_score": 7.5}}],
}
ANCHORECTL = {
    "vuln": "CVE-2026-1",
    "severity": "Medium",
    "fix": "None",
    "package": "a-1",
    "packageName": "a",
    "packageVersion": "1",
}
SCOUT = {
    "purl": PURL,
    "vulnerabilities": [
        {
            "source_id": "CVE-2026-1",
            "aliases": ["GHSA-aaaa-bbbb-cccc"],
            "cvss": {"severity": "HIGH", "score": 7.5},
            "fixed_by": "2.17.0",
            "published_at": "2026-11-01T00:00:00Z",
        }
    ],
}


def vdr(*vulnerabilities: object, tool: str = "grype", **metadata: object) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "metadata": {
            "timestamp": "2026-11-20T10:00:00Z",
            "tools": [{"name": tool, "version": "1"}],
            "component": {"type": "container", "name": "shop", "version": f"sha256:{IMAGE}"},
            **metadata,
        },
        "components": [
            {
                "bom-ref": "a",
                "type": "library",
                "name": "core",
                "version": "2.14.1",
                "purl": PURL,
            }
        ],
        "vulnerabilities": list(vulnerabilities),
    }


VDR = {
    "id": "CVE-2026-1",
    "ratings": [{"score": 7.5, "severity": "high"}],
    "affects": [{"ref": "a"}],
    "published": "2026-11-01T00:00:00Z",
    "analysis": {"state": "not_affected"},
}
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)
FORMS: dict[str, tuple[object, Vulnerability]] = {
    "clair": (
        clair(),
        Vulnerability(
            id="CVE-2026-1",
            package="a",
            version="1",
            rating=Rating.HIGH,
            score=7.5,
            fixed_in="2",
            published=PUBLISHED,
        ),
    ),
    "twistlock": (
        twistcli(TWISTCLI),
        Vulnerability(
            id="CVE-2026-1",
            package="a",
            version="1",
            rating=Rating.HIGH,
            score=7.5,
            fixed_in="2.17.0",
            published=PUBLISHED,
        ),
    ),
    "anchore": (
        {"imageDigest": f"sha256:{IMAGE}", "vulnerabilities": [ANCHORE]},
        Vulnerability(
            id="CVE-2026-1",
            package="a",
            version="1",
            rating=Rating.MEDIUM,
            score=7.5,
            fixed_in="2",
        ),
    ),
    "docker-scout": (
        [SCOUT],
        Vulnerability(
            id="CVE-2026-1",
            aliases=("GHSA-aaaa-bbbb-cccc",),
            package="core",
            version="2.14.1",
            purl=PURL,
            rating=Rating.HIGH,
            score=7.5,
            fixed_in="2.17.0",
            published=PUBLISHED,
        ),
    ),
    "cyclonedx": (
        vdr(VDR),
        Vulnerability(
            fix_told=False,
            id="CVE-2026-1",
            package="core",
            version="2.14.1",
            purl=PURL,
            rating=Rating.HIGH,
            score=7.5,
            published=PUBLISHED,
        ),
    ),
}
