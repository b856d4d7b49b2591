"""OpenVEX documents, 0.0.x and 0.2.0.

https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
https://github.com/openvex/spec/blob/main/ATTESTING.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import Vex, VexProduct, VexStatement, VexStatus
from gate.predicates import fields, types

TYPES: Final = types.OPENVEX


_JUSTIFICATIONS: Final = frozenset(
    {
        *("component_not_present", "vulnerable_code_not_present"),
        *("vulnerable_code_not_in_execute_path", "inline_mitigations_already_exist"),
        "vulnerable_code_cannot_be_controlled_by_adversary",
    }
)
"""OpenVEX has no other word, so another it gives no reason."""


def parse(predicate: object) -> Vex:
    """Read an OpenVEX document. Raises ValueError with one sentence."""
    document = fields.unwrapped(predicate, "the OpenVEX document")
    if document.get("@context") not in TYPES:
        msg = "@context is not one that OpenVEX names, so this is no OpenVEX document"
        raise ValueError(msg)
    stated = document.get("timestamp")
    created = None if stated is None else fields.instant(stated, "timestamp")
    return Vex(
        author=strict.optional_text(document.get("author"), "author"),
        statements=tuple(
            _statement(strict.mapping(s, "a statement"), created)
            for s in strict.sequence(document.get("statements"), "statements")
        ),
    )


def _statement(statement: Mapping[str, Any], created: datetime | None) -> VexStatement:
    try:
        status = VexStatus(strict.text(statement.get("status"), "a statement's status"))
    except ValueError as problem:
        msg = "a statement's status is not one that OpenVEX knows"
        raise ValueError(msg) from problem
    why = strict.optional_text(statement.get("justification"), "justification")
    impact = strict.optional_text(statement.get("impact_statement"), "impact_statement")
    stated = _stated(statement.get("last_updated"), statement.get("timestamp"))
    return VexStatement(
        names=_names(statement.get("vulnerability"), statement),
        status=status,
        products=_products(statement),
        justification=why if why in _JUSTIFICATIONS else impact,
        at=created if stated is None else fields.instant(stated, "a statement's timestamp"),
    )


def _names(vulnerability: object, statement: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the object of 0.2.0, or the plain id before it."""
    if not isinstance(vulnerability, dict):
        return (strict.text(vulnerability, "a statement's vulnerability"),)
    aliases = strict.sequence(vulnerability.get("aliases"), "aliases")
    name = vulnerability.get("name") or vulnerability.get("@id") or statement.get("@id")
    stated = [strict.text(n, "a vulnerability's name") for n in (name, *aliases)]
    return tuple(dict.fromkeys(stated))


def _products(statement: Mapping[str, Any]) -> tuple[VexProduct, ...] | None:
    listed = strict.sequence(statement.get("products"), "products")
    if statement.get("products") is None:
        return None
    parts = statement.get("subcomponents")
    return tuple(_product(p, parts) for p in listed)


def _product(product: object, parts: object) -> VexProduct:
    """Read a product object of 0.2.0, or the plain purl before it."""
    if isinstance(product, str):
        return VexProduct(purls=_purls(product), parts=_parts(parts))
    fields_of = strict.mapping(product, "a product")
    hashes = strict.optional_mapping(fields_of.get("hashes"), "a product's hashes")
    return VexProduct(
        purls=_purls(*_identifiers(fields_of)),
        digests=_digests(hashes),
        parts=_parts(_stated(fields_of.get("subcomponents"), parts)),
    )


def _stated(first: object, second: object) -> object:
    """Return the first where it is there, be it empty or of another type; else the second."""
    return second if first is None else first


def _identifiers(component: Mapping[str, Any]) -> Sequence[object]:
    named = strict.optional_mapping(component.get("identifiers"), "identifiers")
    return (component.get("@id"), named.get("purl"))


def _parts(listed: object) -> tuple[str, ...] | None:
    items = strict.sequence(listed, "subcomponents")
    if not items:
        return None
    texts: list[object] = []
    for item in items:
        texts += [item] if isinstance(item, str) else _identifiers(strict.mapping(item, "a part"))
    return _purls(*texts)


def _purls(*texts: object) -> tuple[str, ...]:
    found = [t for t in texts if isinstance(t, str) and t[:4].lower() == "pkg:"]
    return tuple(dict.fromkeys(found))


def _digests(hashes: Mapping[str, Any]) -> frozenset[Digest]:
    found = set()
    for algorithm in ("sha-256", "sha256"):
        if algorithm in hashes:
            try:
                found.add(Digest(strict.text(hashes[algorithm], "a hash").lower()))
            except ValueError as problem:
                msg = "a product's sha-256 hash is not one"
                raise ValueError(msg) from problem
    return frozenset(found)
