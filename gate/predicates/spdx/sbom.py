"""SPDX 2.2 and 2.3 SBOMs, JSON.

https://spdx.github.io/spdx-spec/v2.3/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import BaseImage, Package, Sbom
from gate.predicates import fields, types
from gate.predicates.notes import Notes
from gate.predicates.spdx.relationships import relationships_of

VERSIONS: Final = ("SPDX-2.2", "SPDX-2.3")

TYPES: Final = types.SPDX

_SILENT: Final = ("", "NOASSERTION", "NONE")


def parse(predicate: object) -> Sbom:
    """Read an SPDX document. Raises ValueError with one sentence."""
    document = fields.unwrapped(predicate, "the SPDX document")
    version = document.get("spdxVersion")
    if version is None and "@graph" in document:
        msg = "this is an SPDX 3 document, which gate does not read: write SPDX 2.3"
        raise ValueError(msg)
    if version not in VERSIONS:
        msg = f"spdxVersion is not one of {', '.join(VERSIONS)}, and gate reads no other"
        raise ValueError(msg)
    creation = strict.optional_mapping(document.get("creationInfo"), "creationInfo")
    creators = [
        strict.text(c, "a creator")
        for c in strict.sequence(creation.get("creators"), "creationInfo.creators")
    ]
    listed = [
        p if type(p) is dict else strict.mapping(p, "a package")
        for p in strict.sequence(document.get("packages"), "packages")
    ]
    related = relationships_of(document)
    notes = Notes()
    packages = tuple(_package(p, notes) for p in listed)
    return Sbom(
        format="spdx",
        version=version,
        components=len(listed),
        tools=_creators(creators, "Tool:"),
        created=fields.instant_if_set(creation.get("created"), "creationInfo.created"),
        packages=packages,
        authors=_creators(creators, "Organization:", "Person:"),
        relationships=related.count,
        about=_about(listed, related.described),
        base=_base(listed, related.ancestors),
        notes=notes.told(),
    )


def _creators(creators: Sequence[str], *kinds: str) -> tuple[str, ...]:
    return tuple(
        c.partition(":")[2].strip() for c in creators if c.startswith(kinds) and c.partition(":")[2]
    )


def _package(package: Mapping[str, Any], notes: Notes) -> Package:
    get = package.get
    name, version, supplier = get("name"), get("versionInfo"), get("supplier")
    # Looked at here first: a call for each of a million packages takes longer than the look.
    if type(name) is not str or len(name) > strict.TEXT:
        name = strict.optional_text(name, "a package's name")
    if type(version) is not str or len(version) > strict.TEXT:
        version = strict.optional_text(version, "a package's version")
    if supplier is not None:
        supplier = _supplier(supplier)
    references = get("externalRefs")
    return Package(
        name,
        version,
        _purl(references, notes) if references is not None else "",
        supplier or "",
        _licenses(package),
        bool(references or get("checksums")),
    )


def _purl(references: object, notes: Notes) -> str:
    """Return the first purl."""
    purl = ""
    for reference in strict.sequence(references, "externalRefs"):
        stated = strict.mapping(reference, "an external reference")
        if not purl and stated.get("referenceType") == "purl":
            locator = strict.text(stated.get("referenceLocator"), "a purl")
            purl = (
                ""
                if locator in _SILENT
                else fields.noted_purl(locator, "a package's purl", notes.add)
            )
    return purl


def _licenses(package: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was concluded, or else what was declared."""
    for key in ("licenseConcluded", "licenseDeclared"):
        stated = package.get(key)
        if type(stated) is not str or len(stated) > strict.TEXT:
            stated = strict.optional_text(stated, key)
        if stated not in _SILENT:
            return (stated,)
    return ()


def _supplier(value: object) -> str:
    stated = strict.optional_text(value, "a package's supplier")
    return "" if stated in _SILENT else stated.partition(":")[2].strip() or stated


def _about(packages: Sequence[Mapping[str, Any]], described: frozenset[str]) -> frozenset[Digest]:
    """Return the digests that the described packages name."""
    return fields.digests(
        *(
            text
            for p in packages
            if type(p.get("SPDXID")) is str and p["SPDXID"] in described
            for text in (p.get("name"), p.get("versionInfo"), *_locators(p))
        )
    )


def _base(packages: Sequence[Mapping[str, Any]], ancestors: frozenset[str]) -> BaseImage | None:
    """Return the first package that another descends from."""
    if not ancestors:
        return None
    for package in packages:
        if type(package.get("SPDXID")) is str and package["SPDXID"] in ancestors:
            name = strict.text(package.get("name"), "a base image's name")
            return BaseImage(name, fields.instant_if_stated(package.get("builtDate")))
    return None


def _locators(package: Mapping[str, Any]) -> list[object]:
    return [
        r.get("referenceLocator")
        for r in strict.sequence(package.get("externalRefs"), "externalRefs")
    ]
