"""CycloneDX SBOMs, JSON, 1.2 to 1.7.

https://cyclonedx.org/specification/overview/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gate.documents import strict
from gate.model.predicates import Package, Sbom
from gate.predicates import fields, types
from gate.predicates.cyclonedx import keys as cyclonedx_keys
from gate.predicates.cyclonedx import root as cyclonedx_root
from gate.predicates.cyclonedx import rules as cyclonedx_rules
from gate.predicates.cyclonedx import vex as cyclonedx_vex
from gate.predicates.notes import Notes

VERSIONS: Final = types.CYCLONEDX_VERSIONS

TYPES: Final = types.CYCLONEDX

_DEPTH: Final = 64
_SUPPLIERS: Final = ("supplier", "manufacturer", "publisher")
"""In the order in which they count."""


def parse(predicate: object) -> Sbom:
    """Read a CycloneDX document. Raises ValueError with one sentence."""
    document = fields.unwrapped(predicate, "the CycloneDX document")
    if document.get("bomFormat") != "CycloneDX":
        msg = "bomFormat is not CycloneDX, so this is no CycloneDX document"
        raise ValueError(msg)
    version = document.get("specVersion")
    if version not in VERSIONS:
        msg = f"specVersion is not one of {', '.join(VERSIONS)}"
        raise ValueError(msg)
    metadata = strict.optional_mapping(document.get("metadata"), "metadata")
    root = strict.optional_mapping(metadata.get("component"), "metadata.component")
    notes = Notes()
    cyclonedx_rules.check_document(document, notes)
    cyclonedx_keys.check(document, metadata, version)
    described: list[Package] = []
    if metadata.get("component") is not None:
        cyclonedx_root.check(root, version, notes)
        inside = cyclonedx_rules.references(version)
        described.append(_package(root, version, notes))
        _add_packages(described, root.get("components"), version, inside, notes, depth=1)
    packages: list[Package] = []
    seen = cyclonedx_rules.references(version)
    _add_packages(packages, document.get("components"), version, seen, notes)
    if root.get("bom-ref") in seen:
        cyclonedx_root.check_listed(root, document["components"])
    created = fields.instant_if_set(metadata.get("timestamp"), "metadata.timestamp")
    return Sbom(
        format="cyclonedx",
        version=version,
        components=len(packages),
        tools=_tools(metadata.get("tools")),
        created=created,
        packages=tuple(packages),
        described=tuple(described),
        authors=_authors(metadata),
        relationships=_relationships(document.get("dependencies")),
        about=cyclonedx_root.about(root),
        base=cyclonedx_root.base(root),
        notes=notes.told(),
        vex=cyclonedx_vex.statements(document, created),
    )


def _add_packages(
    packages: list[Package],
    value: object,
    version: str,
    seen: set[str],
    notes: Notes,
    *,
    depth: int = 0,
) -> None:
    if depth > _DEPTH:
        msg = f"components are nested deeper than {_DEPTH}"
        raise ValueError(msg)
    for item in strict.sequence(value, "components"):
        component = item if type(item) is dict else strict.mapping(item, "a component")
        cyclonedx_rules.check_component(component, version, seen, notes)
        packages.append(_package(component, version, notes))
        if "components" in component:
            _add_packages(packages, component["components"], version, seen, notes, depth=depth + 1)


def _package(component: Mapping[str, Any], schema: str, notes: Notes) -> Package:
    get = component.get
    name, version, purl = get("name"), get("version"), get("purl")
    # Looked at here first: a call for each of a million components takes longer than the look.
    if type(name) is not str or len(name) > strict.TEXT:
        name = strict.stated_text(name, "a component's name")
    if type(version) is not str or len(version) > strict.TEXT:
        version = strict.optional_text(version, "a component's version")
    if purl is not None:
        purl = fields.noted_purl(purl, "a component's purl", notes.add)
    return Package(
        name,
        version,
        purl or "",
        "" if component.keys().isdisjoint(_SUPPLIERS) else _supplier(component),
        cyclonedx_rules.licenses(component["licenses"], schema, notes)
        if "licenses" in component
        else (),
        bool(purl or get("cpe") or get("swid") or get("hashes")),
    )


def _supplier(component: Mapping[str, Any]) -> str:
    *entities, publisher = map(component.get, _SUPPLIERS)
    for entity in entities:
        if isinstance(entity, dict) and isinstance(entity.get("name"), str):
            return str(entity["name"])[: strict.TEXT]
    return publisher[: strict.TEXT] if isinstance(publisher, str) else ""


def _tools(value: object) -> tuple[str, ...]:
    """Read both shapes: the list of 1.2 to 1.4, and the object since 1.5."""
    if isinstance(value, dict):
        if not value.keys() <= {"components", "services"}:
            msg = "metadata.tools is neither a list nor components and services"
            raise ValueError(msg)
        listed: Sequence[Any] = [
            *strict.sequence(value.get("components"), "metadata.tools.components"),
            *strict.sequence(value.get("services"), "metadata.tools.services"),
        ]
    else:
        listed = strict.sequence(value, "metadata.tools")
    names = []
    for item in listed:
        tool = strict.mapping(item, "a tool")
        name = strict.optional_text(tool.get("name"), "a tool's name")
        version = strict.optional_text(tool.get("version"), "a tool's version")
        if name:
            names.append(f"{name} {version}".strip())
    return tuple(names)


def _authors(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    entities = [
        *strict.sequence(metadata.get("authors"), "metadata.authors"),
        *(metadata.get(key) for key in ("manufacture", "manufacturer", "supplier")),
    ]
    return tuple(
        str(e["name"])[: strict.TEXT]
        for e in entities
        if isinstance(e, dict) and isinstance(e.get("name"), str) and e["name"]
    )


def _relationships(value: object) -> int:
    return sum(
        len(strict.sequence(strict.mapping(d, "a dependency").get("dependsOn"), "dependsOn"))
        for d in strict.sequence(value, "dependencies")
    )
