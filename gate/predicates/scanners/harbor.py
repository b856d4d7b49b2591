"""Harbor's vulnerability report, as its pluggable scanners give it.

https://github.com/goharbor/pluggable-scanner-spec
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Vulnerability
from gate.predicates import fields
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    bounded,
    digests,
    objects,
    rating,
    score,
    word,
)

FORM: Final = ScannerForm(
    report="Harbor, under its media type, the earlier one of its scanner adapters, or alone",
    time="`generated_at`",
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
    scanner = strict.optional_mapping(document.get("scanner"), "scanner")
    artifact = strict.optional_mapping(document.get("artifact"), "artifact")
    return ScanReport(
        form="harbor",
        scanner=word(scanner.get("name")).lower(),
        finished=fields.instant_if_stated(document.get("generated_at")),
        findings=bounded(
            _finding(f) for f in objects(document.get("vulnerabilities"), "vulnerabilities")
        ),
        about=digests(word(artifact.get("digest"))),
    )


def _finding(found: Mapping[str, Any]) -> Vulnerability:
    preferred = strict.optional_mapping(found.get("preferred_cvss"), "preferred_cvss")
    return Vulnerability(
        id=strict.text(found.get("id"), "a vulnerability's id"),
        package=word(found.get("package")),
        version=word(found.get("version")),
        rating=rating(found.get("severity")),
        score=score(preferred.get("score_v3")),
        fixed_in=word(found.get("fix_version")),
    )
