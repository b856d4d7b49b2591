"""GitLab's container and dependency scanning report.

https://gitlab.com/gitlab-org/security-products/security-report-schemas

Its times have no offset, so they are no times. Each finding names the image that was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    digests,
    highest,
    objects,
    rating,
    vector_score,
    word,
)

FORM: Final = ScannerForm(
    report="GitLab container and dependency scanning",
    findings="read, `cvss_vectors` too; a scan that did not succeed or is partial is refused",
    time="none: no offset",
)

_UNSOLVED: Final = ("unfortunately", "no ")
"""How a text begins that is no solution, in lower case."""


def recognises(report: object) -> bool:
    """Whether the report has GitLab's shape."""
    scan = report.get("scan") if isinstance(report, dict) else None
    return (
        isinstance(report, dict)
        and isinstance(report.get("vulnerabilities"), list)
        and isinstance(scan, dict)
        and scan.get("type") in ("container_scanning", "dependency_scanning")
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError; so does a scan that failed."""
    document = strict.mapping(report, "the report")
    scan = strict.mapping(document.get("scan"), "scan")
    if scan.get("status") != "success":
        msg = "scan.status is not success, so the scan did not finish"
        raise ValueError(msg)
    if scan.get("partial_scan") is not None:
        msg = "scan.partial_scan says that only a part was looked at"
        raise ValueError(msg)
    scanner = strict.optional_mapping(scan.get("scanner"), "scan.scanner")
    found = list(objects(document["vulnerabilities"], "vulnerabilities"))
    mended = set(_mended(document.get("remediations")))
    return ScanReport(
        form="gitlab",
        scanner=word(scanner.get("id")).lower(),
        finished=fields.instant_if_stated(scan.get("end_time")),
        findings=bounded(_finding(f, mended=word(f.get("id")) in mended) for f in found),
        about=digests(
            *(
                word(strict.optional_mapping(f.get("location"), "location").get("image"))
                for f in found
            )
        ),
    )


def _mended(remediations: object) -> Iterator[str]:
    """Yield the ids of findings that a remedy of the report mends."""
    for remedy in objects(remediations, "remediations"):
        for fix in objects(remedy.get("fixes"), "fixes"):
            yield strict.text(fix.get("id"), "the id of a fix")


def _finding(found: Mapping[str, Any], *, mended: bool) -> Vulnerability:
    stated = [
        word(i.get("value") or i.get("name")).strip()
        for i in objects(found.get("identifiers"), "identifiers")
        if word(i.get("type")).lower() != "cwe"
    ]
    names = list(filter(None, stated)) or [strict.text(found.get("id"), "a vulnerability's id")]
    location = strict.optional_mapping(found.get("location"), "location")
    dependency = strict.optional_mapping(location.get("dependency"), "dependency")
    package = strict.optional_mapping(dependency.get("package"), "package")
    vectors = objects(found.get("cvss_vectors"), "cvss_vectors")
    solution = word(found.get("solution"))
    unsolved = not solution or solution.lower().startswith(_UNSOLVED)
    return Vulnerability(
        id=names[0],
        aliases=tuple(names[1:]),
        package=word(package.get("name")),
        version=word(dependency.get("version")),
        rating=rating(found.get("severity")),
        score=highest(*(vector_score(v.get("vector")) for v in vectors)),
        fixed_in="what a remediation of the report says"
        if unsolved and mended
        else ("" if unsolved else solution),
    )
