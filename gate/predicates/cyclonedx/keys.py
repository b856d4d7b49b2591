"""Which fields a CycloneDX document and its metadata have, by version.

https://github.com/CycloneDX/specification/tree/master/schema

Since 1.4 the schema knows no others there. Of components, other fields are not looked for: no
check reads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.predicates import fields

_DOCUMENT: Final = {
    "1.4": frozenset(
        {
            *("$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata"),
            *("components", "services", "externalReferences", "dependencies", "compositions"),
            *("vulnerabilities", "signature"),
        }
    )
}
_DOCUMENT["1.5"] = _DOCUMENT["1.4"] | {"annotations", "formulation", "properties"}
_DOCUMENT["1.6"] = _DOCUMENT["1.5"] | {"declarations", "definitions"}
_DOCUMENT["1.7"] = _DOCUMENT["1.6"] | {"citations"}

_METADATA: Final = {
    "1.4": frozenset(
        {
            *("timestamp", "tools", "authors", "component", "manufacture", "supplier"),
            *("licenses", "properties"),
        }
    )
}
_METADATA["1.5"] = _METADATA["1.4"] | {"lifecycles"}
_METADATA["1.6"] = _METADATA["1.5"] | {"manufacturer"}
_METADATA["1.7"] = _METADATA["1.6"] | {"distributionConstraints"}


def check(document: Mapping[str, Any], metadata: Mapping[str, Any], version: str) -> None:
    """Refuse a field that the version does not know. Raises ValueError with one sentence."""
    if version not in _DOCUMENT:
        return
    for stated, known, where in (
        (document, _DOCUMENT[version], "the document"),
        (metadata, _METADATA[version], "metadata"),
    ):
        unknown = sorted(stated.keys() - known)
        if unknown:
            shown = fields.quoted(unknown[0])
            msg = f"CycloneDX {version} knows no such field in {where}: {shown}"
            raise ValueError(msg)
    for item in strict.sequence(document.get("citations"), "citations"):
        _check_citation(strict.mapping(item, "a citation"))


def _check_citation(citation: Mapping[str, Any]) -> None:
    fields.instant(citation.get("timestamp"), "a citation's timestamp")
    if citation.keys().isdisjoint({"attributedTo", "process"}):
        msg = "a citation names neither attributedTo nor process"
        raise ValueError(msg)
    if ("pointers" in citation) == ("expressions" in citation):
        msg = "a citation has either pointers or expressions"
        raise ValueError(msg)
