"""OSV-Scanner's JSON report.

https://google.github.io/osv-scanner/output/

It says neither when it was made nor when the database was built. A vulnerability's
severity is the word of its own database, its CVSS vector or what its group has, the highest.
A report that lists no packages is one that found nothing, or one that looked at nothing: by default
it lists the vulnerable ones alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Doubt, Rating, Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    highest,
    objects,
    rated,
    rating,
    score,
    vector_score,
    word,
    words,
)

FORM: Final = ScannerForm(
    report="OSV-Scanner JSON",
    findings="read; one that lists no package is refused: scan with `--all-packages`",
)
_CLEAN: Final = Doubt(
    why="holds a report of OSV-Scanner that lists no package, so it does not show which it was "
    "asked about",
    remedy="scan with `osv-scanner scan image --all-packages --format json`, which lists every "
    "package, and attest that",
)


def recognises(report: object) -> bool:
    """Whether the report has OSV-Scanner's shape."""
    if not isinstance(report, dict) or not isinstance(report.get("results"), list):
        return False
    results = report["results"]
    if not results:
        return set(report) <= {"results", "experimental_config", "image_metadata"}
    return isinstance(results[0], dict) and {"source", "packages"} <= results[0].keys()


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    document = strict.mapping(report, "the report")
    packages = [
        package
        for result in objects(document.get("results"), "results")
        for package in objects(result.get("packages"), "packages")
    ]
    return ScanReport(
        form="osv-scanner",
        findings=bounded(f for package in packages for f in _findings(package)),
        doubt=None if packages else _CLEAN,
    )


def _findings(entry: Mapping[str, Any]) -> Iterator[Vulnerability]:
    package = strict.optional_mapping(entry.get("package"), "a package")
    groups = {
        name: (score(group.get("max_severity")), words(group.get("aliases")))
        for group in objects(entry.get("groups"), "groups")
        for name in words(group.get("ids"))
    }
    for found in objects(entry.get("vulnerabilities"), "vulnerabilities"):
        name = strict.text(found.get("id"), "a vulnerability's id")
        grouped, others = groups.get(name, (None, ()))
        own = strict.optional_mapping(found.get("database_specific"), "database_specific")
        stated = [s.get("score") for s in objects(found.get("severity"), "severity")]
        top, number = _rate(own.get("severity"), stated, grouped)
        yield Vulnerability(
            id=name,
            # Those of distributions name the CVE as `upstream`, and their groups among aliases.
            aliases=tuple(
                n
                for n in dict.fromkeys(
                    (*words(found.get("aliases")), *words(found.get("upstream")), *others)
                )
                if n != name
            ),
            package=word(package.get("name")),
            version=word(package.get("version")),
            rating=top,
            score=number,
            fixed_in=", ".join(_fixes(found)),
            published=fields.instant_if_stated(found.get("published")),
        )


def _rate(
    own: object, stated: list[object], grouped: float | None
) -> tuple[Rating | None, float | None]:
    """Return the highest of all that is said: Ubuntu writes a word where others have a vector.

    Unknown where one of them cannot be read and none is critical.
    """
    vectors, named = [*map(vector_score, stated)], [*map(rating, stated)]
    number = highest(*vectors, grouped)
    top = max(filter(None, (rating(own), rated(number), *named)), default=None)
    unread = any(v is None and n is None for v, n in zip(vectors, named, strict=True))
    return (None, None) if unread and top is not Rating.CRITICAL else (top, number)


def _fixes(found: Mapping[str, Any]) -> list[str]:
    fixes = {
        word(event.get("fixed"))
        for affected in objects(found.get("affected"), "affected")
        for span in objects(affected.get("ranges"), "ranges")
        for event in objects(span.get("events"), "events")
    }
    return sorted(fixes - {""})
