"""What a CycloneDX document says about vulnerabilities: `analysis`, and what it `affects`.

https://cyclonedx.org/capabilities/vex/

A reference is resolved inside its own document; one into another document (BOM-Link)
counts only where it ends in a purl. One that names versions is left out of what excuses: it
says less than the whole component, and excusing more than was said is not safe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import VexProduct, VexStatement, VexStatus
from gate.predicates import fields
from gate.predicates.scanners.report import word

_STATES: Final = {
    "resolved": VexStatus.FIXED,
    "resolved_with_pedigree": VexStatus.FIXED,
    "exploitable": VexStatus.AFFECTED,
    "in_triage": VexStatus.UNDER_INVESTIGATION,
    "false_positive": VexStatus.NOT_AFFECTED,
    "not_affected": VexStatus.NOT_AFFECTED,
}
_EXCUSES: Final = (VexStatus.FIXED, VexStatus.NOT_AFFECTED)
_JUSTIFICATIONS: Final = frozenset(
    {
        *("code_not_present", "code_not_reachable", "requires_configuration"),
        *("requires_dependency", "requires_environment", "protected_by_compiler"),
        *("protected_at_runtime", "protected_at_perimeter", "protected_by_mitigating_control"),
    }
)


def statements(document: Mapping[str, Any], created: datetime | None) -> tuple[VexStatement, ...]:
    """Return what the document says. Raises ValueError."""
    listed = strict.sequence(document.get("vulnerabilities"), "vulnerabilities")
    if not listed:
        return ()
    known = dict(_references(document))
    found = (_statement(strict.mapping(v, "a vulnerability"), known, created) for v in listed)
    return tuple(filter(None, found))


def _statement(
    vulnerability: Mapping[str, Any], known: Mapping[str, VexProduct], created: datetime | None
) -> VexStatement | None:
    analysis = strict.optional_mapping(vulnerability.get("analysis"), "analysis")
    if not analysis:
        return None
    state = analysis.get("state")
    if state is None:
        return None
    if type(state) is not str or state not in _STATES:
        msg = "analysis.state is not one that CycloneDX knows"
        raise ValueError(msg)
    why = strict.optional_text(analysis.get("justification"), "justification")
    if why and why not in _JUSTIFICATIONS:
        msg = "analysis.justification is not one that CycloneDX knows"
        raise ValueError(msg)
    references = [
        strict.mapping(r, "a reference")
        for r in strict.sequence(vulnerability.get("references"), "references")
    ]
    names = [vulnerability.get("id"), *(r.get("id") for r in references)]
    affected = [
        strict.mapping(a, "an item of affects")
        for a in strict.sequence(vulnerability.get("affects"), "affects")
    ]
    excuses = _STATES[state] in _EXCUSES
    products = (_product(a, known) for a in affected if not (excuses and a.get("versions")))
    updated = fields.instant_if_stated(analysis.get("lastUpdated"))
    return VexStatement(
        names=tuple(dict.fromkeys(strict.text(n, "a vulnerability's id") for n in names if n)),
        status=_STATES[state],
        products=tuple(products),
        justification=why or word(analysis.get("detail")),
        at=updated or created,
    )


def _product(affected: Mapping[str, Any], known: Mapping[str, VexProduct]) -> VexProduct:
    """Return what an item of `affects` is; a product that names nothing where that is not told."""
    reference = strict.text(affected.get("ref"), "a reference of affects")
    if reference in known:
        return known[reference]
    inner = unquote(reference.rpartition("#")[2])
    if reference.startswith("urn:cdx:") and inner in known:
        return known[inner]
    return VexProduct(purls=(inner,)) if inner[:4].lower() == "pkg:" else VexProduct()


def _references(document: Mapping[str, Any]) -> Iterator[tuple[str, VexProduct]]:
    """Yield each component that a reference can name, and what it is: the root at the end."""
    metadata = strict.optional_mapping(document.get("metadata"), "metadata")
    yield from _named(strict.sequence(document.get("components"), "components"))
    yield from _named([metadata.get("component")])


def _named(components: Sequence[object]) -> Iterator[tuple[str, VexProduct]]:
    for component in reversed(components):
        if not isinstance(component, dict):
            continue
        reference, purl = component.get("bom-ref"), component.get("purl")
        product = VexProduct(
            purls=(purl,) if isinstance(purl, str) else (),
            digests=_digests(component.get("hashes")),
        )
        for name in (reference, purl):
            if isinstance(name, str) and name:
                yield name, product
        nested = component.get("components")
        yield from _named(nested if isinstance(nested, list) else [])


def _digests(hashes: object) -> frozenset[Digest]:
    found = set()
    for item in hashes if isinstance(hashes, list) else ():
        if isinstance(item, dict) and item.get("alg") == "SHA-256":
            try:
                found.add(Digest(str(item.get("content")).lower()))
            except ValueError:
                continue
    return frozenset(found)
