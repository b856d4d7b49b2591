"""Clair's vulnerability report, version 4, as `clairctl report --out json` writes it.

https://quay.github.io/clair/reference/api.html

It names the manifest that was looked at, and neither when nor with a database of what day.
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
    advisories,
    bounded,
    digests,
    highest,
    rating,
    score,
    severity,
    vector_score,
    word,
)

FORM: Final = ScannerForm(
    report="Clair 4 JSON", findings="read, with the CVSS scores that Clair adds"
)


def recognises(report: object) -> bool:
    """Whether the report has Clair's shape."""
    return isinstance(report, dict) and {"manifest_hash", "package_vulnerabilities"} <= set(report)


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError.

    A package that has a vulnerability which the report does not describe has one that is unknown.
    """
    document = strict.mapping(report, "the report")
    packages = strict.optional_mapping(document.get("packages"), "packages")
    return ScanReport(
        form="clair",
        findings=bounded(_findings(document, packages)),
        targets=len(packages),
        about=digests(word(document.get("manifest_hash"))),
    )


def _findings(document: Mapping[str, Any], packages: Mapping[str, Any]) -> Iterator[Vulnerability]:
    described = strict.optional_mapping(document.get("vulnerabilities"), "vulnerabilities")
    has = strict.optional_mapping(
        document.get("package_vulnerabilities"), "package_vulnerabilities"
    )
    scores = _scores(strict.optional_mapping(document.get("enrichments"), "enrichments"))
    told: set[str] = set()
    for package_id, listed in has.items():
        package = strict.optional_mapping(packages.get(package_id), "a package")
        for name in strict.sequence(listed, "package_vulnerabilities"):
            identifier = strict.text(name, "a vulnerability's id")
            told.add(identifier)
            yield _finding(
                identifier,
                strict.optional_mapping(described.get(identifier), "a vulnerability"),
                package,
                scores.get(identifier),
            )
    # One that is described is one of this image, also where no package is said to have it.
    for identifier, found in described.items():
        if identifier not in told:
            what = strict.optional_mapping(found, "a vulnerability")
            yield _finding(identifier, what, {}, scores.get(identifier))


def _finding(
    identifier: str, found: Mapping[str, Any], package: Mapping[str, Any], number: float | None
) -> Vulnerability:
    title = word(found.get("name")) or identifier
    named = advisories(title, *word(found.get("links")).split())
    vendor, normal = found.get("severity"), found.get("normalized_severity")
    return Vulnerability(
        id=title,
        aliases=tuple(n for n in named if n != title),
        package=word(package.get("name")),
        version=word(package.get("version")),
        # The distribution's own word is any text, often a vector: it can only raise Clair's.
        rating=severity(normal or "unknown", vendor if rating(vendor) else None),
        score=highest(number, vector_score(vendor)),
        fixed_in=strict.optional_text(found.get("fixed_in_version"), "fixed_in_version"),
        published=fields.instant_if_stated(found.get("issued")),
    )


def _scores(enrichments: Mapping[str, Any]) -> Mapping[str, float | None]:
    """Return the highest CVSS score of each vulnerability among what Clair added to it."""
    found: dict[str, float | None] = {}
    for key, listed in enrichments.items():
        if "cvss" not in key.lower():
            continue
        for added in listed if isinstance(listed, list) else ():
            for identifier, vectors in (added if isinstance(added, dict) else {}).items():
                found[identifier] = highest(found.get(identifier), *_base_scores(vectors))
    return found


def _base_scores(vectors: object) -> Iterator[float | None]:
    for vector in vectors if isinstance(vectors, list) else ():
        yield score(vector.get("baseScore")) if isinstance(vector, dict) else None
