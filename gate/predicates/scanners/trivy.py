"""Trivy's JSON report, with schema 2 or as the plain list before it.

https://trivy.dev/latest/docs/configuration/reporting/#json

It never says when the database was built. A report without `Results` looked at nothing: so it is
where Trivy did not find out what system the image has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import Rating, Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    digests,
    highest,
    objects,
    rating,
    stated_score,
    word,
    words,
)

FORM: Final = ScannerForm(
    report="Trivy JSON (schema 2, and the list before it)",
    time="`CreatedAt`",
    database="none: `scan-database-undated` where one is demanded, unless "
    "`scanner.db.lastUpdate` says it",
)
_PACKAGES: Final = ("os-pkgs", "lang-pkgs")
"""Classes of results in which vulnerabilities are looked for."""

_NUMBERS: Final = {1: Rating.LOW, 2: Rating.MEDIUM, 3: Rating.HIGH, 4: Rating.CRITICAL}
"""https://github.com/aquasecurity/trivy-db/blob/main/pkg/types/types.go"""


def recognises(report: object) -> bool:
    """Whether the report has Trivy's shape."""
    if isinstance(report, list):
        return bool(report) and isinstance(report[0], dict) and {"Target"} <= report[0].keys()
    return (
        isinstance(report, dict)
        and "SchemaVersion" in report
        and ("Results" in report or "ArtifactName" in report)
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    if isinstance(report, list):
        results = list(objects(report, "the report"))
        created, about = None, frozenset[Digest]()
    else:
        document = strict.mapping(report, "the report")
        results = list(objects(document.get("Results"), "Results"))
        created = fields.instant_if_stated(document.get("CreatedAt"))
        metadata = strict.optional_mapping(document.get("Metadata"), "Metadata")
        about = digests(*words(metadata.get("RepoDigests")), word(document.get("ArtifactName")))
    return ScanReport(
        form="trivy",
        finished=created,
        findings=bounded(f for result in results for f in _findings(result)),
        targets=sum(_scanned(result) for result in results),
        about=about,
    )


def _scanned(result: Mapping[str, Any]) -> bool:
    """Whether packages were looked at, and not only secrets, licences or configuration."""
    if not word(result.get("Target")):
        return False
    listed = result.get("Vulnerabilities") is not None
    return listed or result.get("Class") in (None, "", *_PACKAGES)


def _findings(result: Mapping[str, Any]) -> Iterator[Vulnerability]:
    for found in objects(result.get("Vulnerabilities"), "Vulnerabilities"):
        identifier = found.get("PkgIdentifier")
        yield Vulnerability(
            id=word(found.get("VulnerabilityID")) or f"unnamed in {word(found.get('PkgName'))}",
            package=word(found.get("PkgName")),
            version=word(found.get("InstalledVersion")),
            purl=word(identifier.get("PURL")) if isinstance(identifier, dict) else "",
            rating=rating(found.get("Severity")),
            quoted=_quoted(found.get("VendorSeverity")),
            score=highest_score(found.get("CVSS")),
            fixed_in=strict.optional_text(found.get("FixedVersion"), "FixedVersion"),
            published=fields.instant_if_stated(found.get("PublishedDate")),
        )


def _quoted(vendors: object) -> Rating | None:
    """Return the highest of what other databases say, each as Trivy's number for a word."""
    stated = vendors.values() if isinstance(vendors, dict) else ()
    numbers = (_NUMBERS.get(n) for n in stated if type(n) is int)
    return max(filter(None, numbers), default=None)


def highest_score(sources: object) -> float | None:
    """Return the highest CVSS score of all sources under a finding's `CVSS`.

    One of CVSS 2 counts where its source has no newer one.
    """
    if not isinstance(sources, dict):
        return None
    return highest(*(_scored(s) for s in sources.values() if isinstance(s, dict)))


def _scored(source: Mapping[str, Any]) -> float | None:
    newest, newer, old = (
        stated_score(source.get(f"{scale}Score"), source.get(f"{scale}Vector"))
        for scale in ("V40", "V3", "V2")
    )
    return highest(newest, newer) or old
