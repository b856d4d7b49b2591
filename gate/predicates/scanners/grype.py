"""Grype's JSON report.

https://github.com/anchore/grype

Its descriptor says when the scan was made and when the database was built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import Doubt, Vulnerability
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
    report="Grype JSON",
    findings="read; one by `--only-fixed` counts where the policy says `fail-on-unfixable: never`",
    time="`descriptor.timestamp`",
    database="`descriptor.db.built` or `.status.built`",
)

_FIXABLE_LEFT_OUT: Final = Doubt(
    why="holds a report of Grype that lists only what has no fix",
    remedy="scan again without `--only-notfixed`, and attest that",
)
_NOT_FIXED: Final = ("not-fixed", "wont-fix")
_UNNAMED: Final = "a version that the scan does not name"


def recognises(report: object) -> bool:
    """Whether the report has Grype's shape."""
    if not isinstance(report, dict) or not strict.is_list(report.get("matches")):
        return False
    descriptor = report.get("descriptor")
    named = descriptor.get("name") if isinstance(descriptor, dict) else None
    return named in (None, "", "grype", "[not provided]")


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    document = strict.mapping(report, "the report")
    descriptor = strict.optional_mapping(document.get("descriptor"), "descriptor")
    database = descriptor.get("db")
    source = document.get("source")
    return ScanReport(
        form="grype",
        finished=fields.instant_if_stated(descriptor.get("timestamp")),
        database=_built(database) if isinstance(database, dict) else None,
        findings=bounded(_finding(m) for m in objects(document.get("matches"), "matches")),
        about=_about(source.get("target")) if isinstance(source, dict) else frozenset(),
        fixable_only=_told(descriptor, "only-fixed"),
        doubt=_FIXABLE_LEFT_OUT if _told(descriptor, "only-notfixed") else None,
    )


def _told(descriptor: Mapping[str, Any], option: str) -> bool:
    """Whether Grype ran with an option that leaves findings out."""
    configuration = descriptor.get("configuration")
    stated = configuration.get(option) if isinstance(configuration, dict) else None
    return stated not in (None, False)


def _about(target: object) -> frozenset[Digest]:
    """Return what the registry calls the image; `manifestDigest` is grype's own."""
    if not isinstance(target, dict):
        return frozenset()
    return digests(*words(target.get("repoDigests")), word(target.get("userInput")))


def _built(database: Mapping[str, Any]) -> Any:  # noqa: ANN401  # as instant_if_stated gives it
    status = database.get("status")
    inner = status.get("built") if isinstance(status, dict) else None
    return fields.instant_if_stated(database.get("built") or inner)


def _finding(match: Mapping[str, Any]) -> Vulnerability:
    found = strict.mapping(match.get("vulnerability"), "a match's vulnerability")
    related = list(objects(match.get("relatedVulnerabilities"), "relatedVulnerabilities"))
    artifact = strict.mapping(match.get("artifact"), "a match's artifact")
    fix = strict.optional_mapping(found.get("fix"), "a vulnerability's fix")
    name = strict.text(found.get("id"), "a vulnerability's id")
    return Vulnerability(
        id=name,
        aliases=tuple(sorted({word(r.get("id")) for r in related} - {"", name})),
        package=word(artifact.get("name")),
        version=word(artifact.get("version")),
        purl=word(artifact.get("purl")),
        rating=rating(found.get("severity")),
        quoted=max(filter(None, (rating(r.get("severity")) for r in related)), default=None),
        score=highest(_score(found), *(_score(r) for r in related)),
        fixed_in=_fix(fix),
    )


def _fix(fix: Mapping[str, Any]) -> str:
    """Return what mends it. One whose state is unknown is mended by the versions that are there."""
    if fix.get("state") in _NOT_FIXED:
        return ""
    versions = ", ".join(words(fix.get("versions")))
    return versions or (_UNNAMED if fix.get("state") == "fixed" else "")


def _score(found: Mapping[str, Any]) -> float | None:
    listed = found.get("cvss")
    if not isinstance(listed, list):
        return None
    return highest(*(_base(stated) for stated in listed if isinstance(stated, dict)))


def _base(stated: Mapping[str, Any]) -> float | None:
    metrics = stated.get("metrics")
    number = metrics.get("baseScore") if isinstance(metrics, dict) else None
    return stated_score(number, stated.get("vector"))
