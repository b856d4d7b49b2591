"""SPDX 2.2 and 2.3 SBOMs, JSON.

https://spdx.github.io/spdx-spec/v2.3/
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from gate.model.image import Digest
from gate.model.predicates import BaseImage, Package, Sbom
from gate.predicates import fields

VERSIONS: Final = ("SPDX-2.2", "SPDX-2.3")

TYPES: Final = tuple(
    f"{scheme}spdx.dev/Document{version}"
    for scheme in ("https://", "http://", "")
    for version in ("", "/v2.2", "/v2.3")
)
"""Predicate types in the wild: actions/attest adds the version, old cosign left the scheme out."""

_SILENT: Final = ("", "NOASSERTION", "NONE")
_DESCRIBED: Final = ("DESCRIBES", "DOCUMENT_DESCRIBES")
_DIGEST: Final = re.compile(r"sha256(?::|%3A|%3a)([0-9a-f]{64})")


def parse(predicate: object) -> Sbom:
    """Read an SPDX document. Raises ValueError with one sentence."""
    document = fields.unwrapped(predicate, "the SPDX document")
    version = document.get("spdxVersion")
    if version is None and "@graph" in document:
        msg = "this is an SPDX 3 document, which gate does not read: write SPDX 2.3"
        raise ValueError(msg)
    if version not in VERSIONS:
        msg = f"spdxVersion is not one of {', '.join(VERSIONS)}, so this is no SPDX 2 document"
        raise ValueError(msg)
    creation = fields.optional_mapping(document.get("creationInfo"), "creationInfo")
    stated = creation.get("created")
    creators = [
        fields.text(c, "a creator")
        for c in fields.sequence(creation.get("creators"), "creationInfo.creators")
    ]
    listed = [
        fields.mapping(p, "a package")
        for p in fields.sequence(document.get("packages"), "packages")
    ]
    relationships = [
        fields.mapping(r, "a relationship")
        for r in fields.sequence(document.get("relationships"), "relationships")
    ]
    return Sbom(
        format="spdx",
        version=version,
        components=len(listed),
        tools=_creators(creators, "Tool:"),
        created=None if stated is None else fields.instant(stated, "creationInfo.created"),
        packages=tuple(_package(p) for p in listed),
        authors=_creators(creators, "Organization:", "Person:"),
        relationships=sum(r.get("relationshipType") not in _DESCRIBED for r in relationships),
        about=_about(document, listed, relationships),
        base=_base(listed, relationships),
    )


def _creators(creators: Sequence[str], *kinds: str) -> tuple[str, ...]:
    return tuple(
        c.partition(":")[2].strip() for c in creators if c.startswith(kinds) and c.partition(":")[2]
    )


def _package(package: Mapping[str, Any]) -> Package:
    get = package.get
    references = fields.sequence(get("externalRefs"), "externalRefs")
    purl = ""
    for reference in references:
        stated = fields.mapping(reference, "an external reference")
        if not purl and stated.get("referenceType") == "purl":
            locator = fields.text(stated.get("referenceLocator"), "a purl")
            purl = fields.optional_purl(locator, "a package's purl")
    return Package(
        fields.optional_text(get("name"), "a package's name"),
        fields.optional_text(get("versionInfo"), "a package's version"),
        purl,
        _supplier(package),
        _licenses(package),
        identified=bool(references or get("checksums")),
    )


def _licenses(package: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what was concluded, or else what was declared."""
    for key in ("licenseConcluded", "licenseDeclared"):
        stated = fields.optional_text(package.get(key), key)
        if stated not in _SILENT:
            return (stated,)
    return ()


def _supplier(package: Mapping[str, Any]) -> str:
    stated = fields.optional_text(package.get("supplier"), "a package's supplier")
    return "" if stated in _SILENT else stated.partition(":")[2].strip() or stated


def _about(
    document: Mapping[str, Any],
    packages: Sequence[Mapping[str, Any]],
    relationships: Sequence[Mapping[str, Any]],
) -> frozenset[Digest]:
    """Return the digests that the described packages name."""
    described = {
        i
        for i in fields.sequence(document.get("documentDescribes"), "documentDescribes")
        if isinstance(i, str)
    } | {
        r["relatedSpdxElement"]
        for r in relationships
        if r.get("relationshipType") in _DESCRIBED and isinstance(r.get("relatedSpdxElement"), str)
    }
    texts = [
        t
        for p in packages
        if p.get("SPDXID") in described
        for t in (p.get("name"), p.get("versionInfo"), *_locators(p))
        if isinstance(t, str)
    ]
    return frozenset(Digest(d) for t in texts for d in _DIGEST.findall(t))


def _base(
    packages: Sequence[Mapping[str, Any]], relationships: Sequence[Mapping[str, Any]]
) -> BaseImage | None:
    """Return the package that another is a DESCENDANT_OF."""
    ancestors = {
        r.get("relatedSpdxElement" if kind == "DESCENDANT_OF" else "spdxElementId")
        for r in relationships
        if (kind := r.get("relationshipType")) in ("DESCENDANT_OF", "ANCESTOR_OF")
    }
    for package in packages:
        if package.get("SPDXID") in ancestors:
            name = fields.text(package.get("name"), "a base image's name")
            return BaseImage(name, fields.instant_if_stated(package.get("builtDate")))
    return None


def _locators(package: Mapping[str, Any]) -> list[object]:
    return [
        r.get("referenceLocator")
        for r in fields.sequence(package.get("externalRefs"), "externalRefs")
    ]
