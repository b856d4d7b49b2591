"""Vulnerability scans: in-toto `vulns` 0.1 and 0.2, and cosign's `vuln/v1`.

https://github.com/in-toto/attestation/blob/main/spec/predicates/vuln.md
https://github.com/sigstore/cosign/blob/main/specs/COSIGN_VULN_ATTESTATION_SPEC.md

All three put the end of the scan in `metadata.scanFinishedOn`. That is the time at
which the predicate was written, so an embedded report's own time counts where it is
older.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Rating, Vulnerability, VulnerabilityScan
from gate.predicates import fields, types
from gate.predicates.scanners import report
from gate.predicates.scanners import reports as scanners
from gate.predicates.scanners.report import ScanReport
from gate.predicates.scanners.tools import tool_name

TYPES_COSIGN: Final = types.SCAN_COSIGN

_IN_TOTO: Final = "https://in-toto.io/attestation/vulns/v0.2"

_FLAT: Final = "in-toto"
_OF_ANY_TOOL: Final = (scanners.UNKNOWN, _FLAT, "cyclonedx")
"""Forms that say nothing of the tool; it is named beside them."""


def parse_cosign(predicate: object) -> VulnerabilityScan:
    """Read a scan of cosign's type. Raises ValueError with one sentence.

    Its result is a tool's own report. An empty list is that of a tool that looked at nothing.
    """
    scan = parse(predicate)
    nothing = scan.report == _FLAT and scan.findings == ()
    return replace(scan, targets=0) if nothing else scan


def type_of(predicate: Mapping[str, Any]) -> str:
    """Return the type under which a scan is read as what it says.

    A list of ids, an empty one too, is in-toto's; a tool's own report is cosign's.
    """
    scanner = predicate.get("scanner")
    result = scanner.get("result") if isinstance(scanner, dict) else None
    return _IN_TOTO if _is_list(result) else TYPES_COSIGN[0]


def parse(predicate: object) -> VulnerabilityScan:
    """Read a scan of in-toto's types. Raises ValueError with one sentence."""
    document = strict.mapping(predicate, "the scan")
    scanner = strict.mapping(document.get("scanner"), "scanner")
    metadata = strict.mapping(document.get("metadata"), "metadata")
    finished = fields.instant(metadata.get("scanFinishedOn"), "metadata.scanFinishedOn")
    database = strict.optional_mapping(scanner.get("db"), "scanner.db")
    uri = strict.optional_text(scanner.get("uri"), "scanner.uri")
    result = scanner.get("result")
    said = _listed(result) if _is_list(result) else scanners.parse(result)
    built = fields.instant_if_stated(database.get("lastUpdate"))
    ends = [finished] if said.finished is None else [finished, said.finished]
    return VulnerabilityScan(
        scanner=tool_name(_tool(said) or uri),
        finished=min(ends),
        database=min(filter(None, (built, said.database)), default=None),
        findings=said.findings,
        report=said.form,
        targets=said.targets,
        about=said.about,
        doubt=said.doubt,
        least=said.least,
        fixable_only=said.fixable_only,
        latest=max(ends) if len(ends) > 1 else None,
    )


def _tool(said: ScanReport) -> str:
    if said.scanner or said.form in _OF_ANY_TOOL:
        return said.scanner
    return said.form


def _is_list(result: object) -> bool:
    """Whether the result is the specification's own list: of ids, at one level or two."""
    return isinstance(result, list) and all(
        isinstance(r, dict) and (set(r) <= {"id", "severity", "annotations", "vulnerability"})
        for r in result
    )


def _listed(result: object) -> ScanReport:
    items = report.objects(result, "scanner.result")
    return ScanReport(form=_FLAT, findings=report.bounded(map(_finding, items)))


def _finding(item: Mapping[str, Any]) -> Vulnerability:
    inner = strict.optional_mapping(item.get("vulnerability"), "a result's vulnerability")
    if inner and not item.keys().isdisjoint({"id", "severity"}):
        msg = "a result has its id or severity both beside and inside of `vulnerability`"
        raise ValueError(msg)
    found = inner or item
    stated = found.get("severity")
    severities = stated if isinstance(stated, list) else [stated]
    scores = [s.get("score") if isinstance(s, dict) else None for s in severities]
    number = report.highest(*map(report.score, scores), *map(report.vector_score, scores))
    named = [report.rating(w) for w in scores]
    highest = max(filter(None, (*named, report.rated(number))), default=None)
    unknown = any(
        rating is None and report.highest(report.score(w), report.vector_score(w)) is None
        for rating, w in zip(named, scores, strict=True)
    )
    return Vulnerability(
        id=strict.text(found.get("id"), "a vulnerability's id"),
        # Who does not know may know of worse than the others do.
        rating=None if unknown and highest is not Rating.CRITICAL else highest,
        # One that is not known is not told by the scores of others either.
        score=number if highest is Rating.CRITICAL or not unknown else None,
        fix_told=False,
    )
