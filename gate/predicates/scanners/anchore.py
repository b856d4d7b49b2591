"""Anchore's vulnerability reports: of Anchore Engine and Enterprise, and of `anchorectl`.

https://docs.anchore.com/current/docs/vulnerability_management/

The engine's answer names the image's digest; neither says when it was made. The list of
anchorectl says nothing about the image at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Doubt, Vulnerability
from gate.predicates.scanners.report import (
    ScannerForm,
    ScanReport,
    advisories,
    bounded,
    digests,
    highest,
    objects,
    score,
    severity,
    word,
)

FORM: Final = ScannerForm(
    report="Anchore: Engine's and Enterprise's JSON, and the list of `anchorectl`",
    findings="read; an answer about a part of the packages, such as `os`, is refused",
)
_DIGESTS: Final = ("imageDigest", "image_digest")
_PART: Final = Doubt(
    why="holds an answer of Anchore about a part of the packages alone",
    remedy="ask Anchore for the vulnerabilities of all packages (`vuln/all`), and attest that",
)
_NO_FIX: Final = ("", "none")


def recognises(report: object) -> bool:
    """Whether the report has the engine's shape, or is a list of what anchorectl lists."""
    if isinstance(report, list):
        return bool(report) and isinstance(report[0], dict) and _is_finding(report[0])
    if not isinstance(report, dict) or not isinstance(report.get("vulnerabilities"), list):
        return False
    found = report["vulnerabilities"]
    return not report.keys().isdisjoint(_DIGESTS) or (
        bool(found) and isinstance(found[0], dict) and _is_finding(found[0])
    )


def _is_finding(item: Mapping[str, Any]) -> bool:
    return {"vuln", "severity"} <= item.keys() and not item.keys().isdisjoint(
        {"package", "packageName", "package_name"}
    )


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    document = {"vulnerabilities": report} if isinstance(report, list) else report
    stated = strict.mapping(document, "the report")
    return ScanReport(
        form="anchore",
        findings=bounded(map(_finding, objects(stated.get("vulnerabilities"), "vulnerabilities"))),
        about=digests(*(word(stated.get(key)) for key in _DIGESTS)),
        # Anchore is asked for `os`, `non-os` or `all`, and says which it answered.
        doubt=None if stated.get("vulnerability_type") in (None, "", "all") else _PART,
    )


def _finding(found: Mapping[str, Any]) -> Vulnerability:
    name = strict.text(found.get("vuln"), "a finding's vuln")
    aliases = advisories(*(word(n) for n in _related(found)))
    fixed = strict.optional_text(found.get("fix"), "fix")
    return Vulnerability(
        id=name,
        aliases=tuple(n for n in aliases if n != name),
        package=word(found.get("packageName"))
        or word(found.get("package_name"))
        or word(found.get("package")),
        version=word(found.get("packageVersion")) or word(found.get("package_version")),
        rating=severity(found.get("severity")),
        score=highest(*_scores(found)),
        fixed_in="" if fixed.lower() in _NO_FIX else fixed,
    )


def _related(found: Mapping[str, Any]) -> Iterator[object]:
    for source in _sources(found):
        yield source.get("id")


def _scores(found: Mapping[str, Any]) -> Iterator[float | None]:
    for source in _sources(found):
        for scale in ("cvss_v3", "cvssV3", "cvss_v2", "cvssV2"):
            stated = source.get(scale)
            if isinstance(stated, dict):
                yield score(stated.get("base_score", stated.get("baseScore")))


def _sources(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what other databases say of the vulnerability."""
    for key in ("nvd_data", "nvdData", "vendor_data", "vendorData"):
        listed = found.get(key)
        yield from (s for s in listed if isinstance(s, dict)) if isinstance(listed, list) else ()
