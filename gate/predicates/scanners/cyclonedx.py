"""CycloneDX with vulnerabilities (VDR), as scanners write it.

https://cyclonedx.org/capabilities/vdr/

Its time is that of the document. `analysis` excuses nothing here: that is a VEX document's to
say, by a signer whom the policy names for it. A document without the field `vulnerabilities` is
an SBOM, and an empty field does not say that any was looked for: Trivy writes it also where it was
asked for an SBOM alone. Only of a tool that always looks do both say that none was found: Grype
0.121 leaves the field out where it found none, and earlier ones wrote it empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
)
from gate.predicates.scanners.tools import tool_name

FORM: Final = ScannerForm(
    report="CycloneDX with `vulnerabilities` (VDR)",
    findings="read; `analysis` excuses nothing here",
    time="`metadata.timestamp`",
)
_ALWAYS_LOOK: Final = ("grype",)
"""Tools whose every CycloneDX document is a scan."""
_DEPTH: Final = 64


def recognises(report: object) -> bool:
    """Whether the report is CycloneDX, and lists vulnerabilities or is by a tool that looks."""
    if not isinstance(report, dict) or report.get("bomFormat") != "CycloneDX":
        return False
    if "vulnerabilities" not in report:
        return tool_name(_scanner(report)) in _ALWAYS_LOOK
    return isinstance(report["vulnerabilities"], list)


def _scanner(document: Mapping[str, Any]) -> str:
    """Return what the document calls the tool that made it; empty where it does not."""
    metadata = document.get("metadata")
    return next(_tools(metadata.get("tools")), "") if isinstance(metadata, dict) else ""


def read(report: object) -> ScanReport:
    """Read a report that `recognises` knows. Raises ValueError."""
    document = strict.mapping(report, "the report")
    metadata = strict.optional_mapping(document.get("metadata"), "metadata")
    root = strict.optional_mapping(metadata.get("component"), "metadata.component")
    listed = tuple(_components(document.get("components"), 0))
    found = list(objects(document.get("vulnerabilities"), "vulnerabilities"))
    components = _referenced(listed) if found else {}
    scanner = _scanner(document)
    silent = not found and tool_name(scanner) not in _ALWAYS_LOOK
    return ScanReport(
        form="cyclonedx",
        scanner=scanner,
        finished=fields.instant_if_stated(metadata.get("timestamp")),
        findings=None if silent else bounded(f for v in found for f in _findings(v, components)),
        targets=None if found else len(listed),
        about=fields.digests(root.get("purl"), root.get("version"), root.get("bom-ref")),
        doubt=_doubt(scanner) if silent else None,
    )


def _doubt(scanner: str) -> Doubt:
    return Doubt(
        why=f"holds CycloneDX by {scanner or 'an unnamed tool'} with an empty list of "
        "vulnerabilities, which does not show that any was looked for",
        remedy="attest the scanner's own JSON report, which shows it",
    )


def _referenced(listed: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return what each reference names: nothing where it names two or is no text."""
    named: dict[str, Mapping[str, Any]] = {}
    for component in listed:
        reference = word(component.get("bom-ref"))
        named[reference] = {} if reference in named or not reference else component
    return named


def _components(value: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > _DEPTH:
        msg = f"components are nested deeper than {_DEPTH}"
        raise ValueError(msg)
    for component in objects(value, "components"):
        yield component
        yield from _components(component.get("components"), depth + 1)


def _tools(value: object) -> Iterator[str]:
    """Yield what made the document, in both shapes: the list of 1.2 to 1.4, and the object."""
    listed = value.get("components") if isinstance(value, dict) else value
    for tool in listed if isinstance(listed, list) else ():
        if isinstance(tool, dict) and word(tool.get("name")):
            yield word(tool["name"])


def _findings(
    found: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]]
) -> Iterator[Vulnerability]:
    """Yield a finding for each component that is affected; one without, where none is named."""
    references = objects(found.get("references"), "references")
    rating_, number = _rate(list(objects(found.get("ratings"), "ratings")))
    affected = [word(a.get("ref")) for a in objects(found.get("affects"), "affects")]
    for reference in affected or [""]:
        component = components.get(reference, {})
        purl = word(component.get("purl"))
        yield Vulnerability(
            id=strict.text(found.get("id"), "a vulnerability's id"),
            aliases=tuple(filter(None, (word(r.get("id")) for r in references))),
            package=word(component.get("name")),
            version=word(component.get("version")),
            purl=purl or (reference if reference.startswith("pkg:") else ""),
            rating=rating_,
            score=number,
            published=fields.instant_if_stated(found.get("published")),
            fix_told=False,
        )


def _rate(ratings: list[dict[str, Any]]) -> tuple[Rating | None, float | None]:
    """Return the highest of all that sources say; unknown where one of them is and none critical.

    A source that gives a number without a word is known by its number.
    """
    number, known = None, []
    for stated in ratings:
        own = highest(score(stated.get("score")), vector_score(stated.get("vector")))
        known.append(rating(stated.get("severity")) or rated(own))
        number = highest(number, own)
    top = max(filter(None, known), default=None)
    unknown = None in known and top is not Rating.CRITICAL
    return (None, None) if unknown else (top, number)
