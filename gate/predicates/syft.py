"""Syft's own JSON.

https://github.com/anchore/syft/tree/main/schema/json

It does not say when it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gate.documents import strict
from gate.model.image import Digest
from gate.model.predicates import Package, Sbom
from gate.predicates import fields
from gate.predicates.scanners.report import word


def parse(predicate: object) -> Sbom:
    """Read a syft document. Raises ValueError with one sentence."""
    document = fields.unwrapped(predicate, "the syft document")
    descriptor = strict.mapping(document.get("descriptor"), "descriptor")
    if "artifacts" not in document or "source" not in document:
        msg = "there are no artifacts or no source, so this is no syft document"
        raise ValueError(msg)
    schema = strict.optional_mapping(document.get("schema"), "schema")
    relationships = strict.sequence(document.get("artifactRelationships"), "artifactRelationships")
    packages = tuple(
        _package(strict.mapping(a, "an artifact"))
        for a in strict.sequence(document["artifacts"], "artifacts")
    )
    tool = strict.optional_text(descriptor.get("name"), "descriptor.name")
    version = strict.optional_text(descriptor.get("version"), "descriptor.version")
    return Sbom(
        format="syft",
        version=strict.optional_text(schema.get("version"), "schema.version"),
        components=len(packages),
        tools=(f"{tool} {version}".strip(),) if tool else (),
        packages=packages,
        relationships=len(relationships),
        about=frozenset(_about(document["source"])),
    )


def _package(artifact: Mapping[str, Any]) -> Package:
    purl = word(artifact.get("purl"))
    return Package(
        name=strict.text(artifact.get("name"), "an artifact's name"),
        version=strict.optional_text(artifact.get("version"), "an artifact's version"),
        purl=purl,
        licenses=tuple(filter(None, map(_license, _listed(artifact.get("licenses"))))),
        identified=bool(purl or artifact.get("cpes")),
    )


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _license(value: object) -> str:
    """Read a licence: plain text before schema 10, an object since."""
    if isinstance(value, dict):
        return word(value.get("spdxExpression")) or word(value.get("value"))
    return word(value)


def _about(source: object) -> Iterator[Digest]:
    described = strict.mapping(source, "source")
    for key in ("target", "metadata"):
        inner = described.get(key)
        if not isinstance(inner, dict):
            continue
        stated = [inner.get("manifestDigest"), *_listed(inner.get("repoDigests"))]
        for text in filter(None, stated):
            try:
                yield Digest.parse(str(text).rpartition("@")[2])
            except ValueError:
                continue
