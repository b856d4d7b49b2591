"""Harbor's vulnerability report, as its pluggable scanners give it.

https://github.com/goharbor/pluggable-scanner-spec
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Doubt, Rating, Vulnerability
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
)
from gate.predicates.scanners.trivy import highest_score

FORM: Final = ScannerForm(
    report="Harbor, under its media type, the earlier one of its scanner adapters, or alone",
    findings="read, with the scores of all sources; one whose `severity` is more than it lists is "
    "refused",
    time="`generated_at`",
)
_UNLISTED: Final = Doubt(
    why="holds a report of Harbor that names a severity and lists nothing as severe",
    remedy="take the report from Harbor again, whole and unfiltered, and attest that",
)
_MEDIA_TYPES: Final = (
    "application/vnd.security.vulnerability.report; version=",
    "application/vnd.scanner.adapter.vuln.report.harbor+json; version=",
)
"""As scanners answer with it now, and as they did first."""


def recognises(report: object) -> bool:
    """Whether the report has Harbor's shape, under its media type or alone."""
    return isinstance(report, dict) and (
        any(str(k).startswith(_MEDIA_TYPES) for k in report)
        or {"generated_at", "scanner", "vulnerabilities"} <= report.keys()
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    answers = strict.mapping(report, "the report")
    inner = [v for k, v in answers.items() if k.startswith(_MEDIA_TYPES)] or [answers]
    if len(inner) > 1:
        msg = "there are two Harbor reports in one"
        raise ValueError(msg)
    document = strict.mapping(inner[0], "the report")
    if "vulnerabilities" not in document:
        msg = "the report has no vulnerabilities, also no empty list of them"
        raise ValueError(msg)
    found = bounded(map(_finding, objects(document["vulnerabilities"], "vulnerabilities")))
    scanner = strict.optional_mapping(document.get("scanner"), "scanner")
    artifact = strict.optional_mapping(document.get("artifact"), "artifact")
    return ScanReport(
        form="harbor",
        scanner=word(scanner.get("name")).lower(),
        finished=fields.instant_if_stated(document.get("generated_at")),
        findings=found,
        about=digests(word(artifact.get("digest"))),
        doubt=_UNLISTED if _is_less(found, rating(document.get("severity"))) else None,
    )


def _is_less(found: Iterable[Vulnerability], stated: Rating | None) -> bool:
    """Whether what is listed is less severe than the report says in one word for all.

    A scan that found nothing is `None`, `Negligible` or `Unknown` there.
    """
    if stated is None or stated < Rating.LOW:
        return False
    return all(f.rating is not None and f.rating < stated for f in found)


def _finding(found: Mapping[str, Any]) -> Vulnerability:
    preferred = strict.optional_mapping(found.get("preferred_cvss"), "preferred_cvss")
    vendors = strict.optional_mapping(found.get("vendor_attributes"), "vendor_attributes")
    return Vulnerability(
        id=strict.text(found.get("id"), "a vulnerability's id"),
        package=word(found.get("package")),
        version=word(found.get("version")),
        rating=rating(found.get("severity")),
        score=highest(
            stated_score(preferred.get("score_v3"), preferred.get("vector_v3"))
            or stated_score(preferred.get("score_v2"), preferred.get("vector_v2")),
            highest_score(vendors.get("CVSS")),
        ),
        fixed_in=strict.optional_text(found.get("fix_version"), "fix_version"),
    )
