"""What a CycloneDX document is about: `metadata.component`.

https://cyclonedx.org/docs/1.6/json/#metadata_component
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import BaseImage
from gate.predicates import fields
from gate.predicates.cyclonedx import rules as cyclonedx_rules
from gate.predicates.notes import Notes

_SAME: Final = ("type", "group", "name", "version", "purl")
"""What two components have alike that are one thing."""


def check(root: Mapping[str, Any], version: str, notes: Notes) -> None:
    """Hold the root to the schema of a version. Raises ValueError with one sentence."""
    cyclonedx_rules.check_component(root, version, cyclonedx_rules.references(version), notes)
    strict.stated_text(root.get("name"), "metadata.component's name")


def check_listed(root: Mapping[str, Any], components: object) -> None:
    """Refuse a reference that the root shares with a component that is not the same thing.

    The specification wants references unique, and real writers list the root among the
    components once more. Raises ValueError with one sentence.
    """
    for item in reversed(strict.sequence(components, "components")):
        component = strict.mapping(item, "a component")
        if component.get("bom-ref") == root["bom-ref"] and any(
            component.get(key) != root.get(key) for key in _SAME
        ):
            what = fields.quoted(component.get("name"))
            msg = f"a component that is not metadata.component has its bom-ref: {what}"
            raise ValueError(msg)
        check_listed(root, component.get("components"))


def about(root: Mapping[str, Any]) -> frozenset[Digest]:
    """Return the digests that the root names in its purl, its version or its reference."""
    return fields.digests(root.get("purl"), root.get("version"), root.get("bom-ref"))


def base(root: Mapping[str, Any]) -> BaseImage | None:
    """Return the first container that the root descends from. CycloneDX has no date of it."""
    pedigree = strict.optional_mapping(root.get("pedigree"), "a pedigree")
    for item in strict.sequence(pedigree.get("ancestors"), "ancestors"):
        ancestor = strict.mapping(item, "an ancestor")
        if ancestor.get("type") == "container":
            return BaseImage(strict.text(ancestor.get("name"), "an ancestor's name"))
    return None
