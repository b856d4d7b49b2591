"""Docker Scout's own JSON: a list of packages, each with its vulnerabilities.

https://docs.docker.com/dhi/core-concepts/attestations/

It says neither when it was made nor which image it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Vulnerability
from gate.packages.purl import parsed
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    objects,
    severity,
    stated_score,
    word,
    words,
)

FORM: Final = ScannerForm(
    report="Docker Scout: its JSON list of packages, its SARIF, and `--format gitlab`"
)


def recognises(report: object) -> bool:
    """Whether the report has Docker Scout's shape, alone or under `vulnerabilities`."""
    listed = report.get("vulnerabilities") if isinstance(report, dict) else report
    first = listed[0] if isinstance(listed, list) and listed else None
    return (
        isinstance(first, dict)
        and "purl" in first
        and isinstance(first.get("vulnerabilities"), list)
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    listed = report.get("vulnerabilities") if isinstance(report, dict) else report
    packages = list(objects(listed, "the report"))
    if not all(isinstance(package.get("vulnerabilities"), list) for package in packages):
        msg = "a package has no list of vulnerabilities, so what is in it is not told"
        raise ValueError(msg)
    return ScanReport(
        form="docker-scout",
        findings=bounded(found for package in packages for found in _findings(package)),
        targets=len(packages),
    )


def _findings(package: Mapping[str, Any]) -> Iterator[Vulnerability]:
    purl = word(package.get("purl"))
    named = parsed(purl)
    for found in objects(package.get("vulnerabilities"), "vulnerabilities"):
        fixed = strict.optional_text(found.get("fixed_by"), "fixed_by")
        cvss = strict.optional_mapping(found.get("cvss"), "cvss")
        yield Vulnerability(
            id=strict.text(found.get("source_id"), "a vulnerability's source_id"),
            aliases=words(found.get("aliases")),
            package=named.name if named else purl,
            version=named.version if named else "",
            purl=purl,
            rating=severity(cvss.get("severity"), found.get("severity")),
            score=stated_score(cvss.get("score"), cvss.get("vector")),
            fixed_in="" if fixed == "not fixed" else fixed,
            published=fields.instant_if_stated(found.get("published_at")),
        )
