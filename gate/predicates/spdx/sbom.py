"""SPDX 2.2 and 2.3 SBOMs, JSON.

https://spdx.github.io/spdx-spec/v2.3/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import BaseImage, Package, Sbom
from gate.predicates import fields, types
from gate.predicates.notes import Notes
from gate.predicates.spdx.relationships import Relationships, relationships_of

VERSIONS: Final = ("SPDX-2.2", "SPDX-2.3")

TYPES: Final = types.SPDX

_SILENT: Final = ("", "NOASSERTION", "NONE")
_PURL: Final = ("purl", "http://spdx.org/rdf/references/purl")
"""The type of a reference, by its name and by its URI."""


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
    listed = strict.mappings(document.get("packages"), "packages", "a package")
    related = relationships_of(document)
    notes = Notes()
    told = _Told(related)
    packages = tuple(one for p in map(told.seen, listed) for one in _packages(p, notes))
    return Sbom(
        format="spdx",
        version=version,
        components=len(listed),
        tools=_creators(creators, "Tool:"),
        created=fields.instant_if_set(creation.get("created"), "creationInfo.created"),
        packages=packages,
        authors=_creators(creators, "Organization:", "Person:"),
        relationships=related.count,
        about=fields.digests(*told.described),
        base=told.base(),
        notes=notes.told(),
    )


def _creators(creators: Sequence[str], *kinds: str) -> tuple[str, ...]:
    return tuple(
        c.partition(":")[2].strip() for c in creators if c.startswith(kinds) and c.partition(":")[2]
    )


def _packages(package: Mapping[str, Any], notes: Notes) -> Sequence[Package]:
    """Return the package under each of its purls: it may be any of them."""
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
    purls = _purls(references, notes) if references is not None else ()
    supplied, licenses = supplier or "", _licenses(package)
    identified = bool(references or get("checksums"))
    return [Package(name, version, p, supplied, licenses, identified) for p in purls or ("",)]


def _purls(references: object, notes: Notes) -> Sequence[str]:
    purls: list[str] = []
    for reference in strict.sequence(references, "externalRefs"):
        stated = strict.mapping(reference, "an external reference")
        if stated.get("referenceType") in _PURL:
            locator = strict.text(stated.get("referenceLocator"), "a purl")
            if locator not in _SILENT:
                purls.append(fields.noted_purl(locator, "a package's purl", notes.add))
    return purls


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


class _Told:
    """Keeps what the packages that relationships tell from others say, and lets go of the others.

    A list of packages is gone through once: a long one is read again each time.
    """

    def __init__(self, related: Relationships) -> None:
        self._related = related
        self._ancestor: Mapping[str, Any] | None = None
        self.described: list[object] = []
        """Where the described packages may name digests."""

    def seen(self, package: Mapping[str, Any]) -> Mapping[str, Any]:
        """Look at a package, and return it."""
        name = package.get("SPDXID")
        if type(name) is str:
            if name in self._related.described:
                self.described += package.get("name"), package.get("versionInfo")
                self.described += _locators(package)
            if self._ancestor is None and name in self._related.ancestors:
                self._ancestor = package
        return package

    def base(self) -> BaseImage | None:
        """Return the first package that another descends from. Raises ValueError."""
        if self._ancestor is None:
            return None
        name = strict.text(self._ancestor.get("name"), "a base image's name")
        return BaseImage(name, fields.instant_if_stated(self._ancestor.get("builtDate")))


def _locators(package: Mapping[str, Any]) -> list[object]:
    """Return the locators, where the package's references are ones: `_purls` refuses others."""
    references = package.get("externalRefs")
    return [
        r.get("referenceLocator")
        for r in (references if isinstance(references, list) else ())
        if isinstance(r, dict)
    ]
