"""What the relationships of an SPDX 2 document say of its packages.

https://spdx.github.io/spdx-spec/v2.3/relationships-between-SPDX-elements/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gate.documents import strict
from gate.model.records import dataclass

_DESCRIBED: Final = ("DESCRIBES", "DOCUMENT_DESCRIBES")
_ELEMENT: Final = "spdxElementId"
_RELATED: Final = "relatedSpdxElement"
_DESCENT: Final = ("DESCENDANT_OF", "ANCESTOR_OF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationships:
    """The packages that are told from others, by their SPDX ids."""

    described: frozenset[str]
    """What the document is about."""
    ancestors: frozenset[str]
    """What something else descends from."""
    count: int
    """How many there are beside those that say what the document describes."""


def relationships_of(document: Mapping[str, Any]) -> Relationships:
    """Read them in one go: there may be more of them than packages. Raises ValueError."""
    listed = strict.sequence(document.get("relationships"), "relationships")
    described = list(strict.sequence(document.get("documentDescribes"), "documentDescribes"))
    ancestors = []
    count = len(listed)
    for item in listed:
        stated = item if type(item) is dict else strict.mapping(item, "a relationship")
        kind = stated.get("relationshipType")
        if kind in _DESCRIBED:
            count -= 1
            described.append(stated.get(_RELATED))
        elif kind in _DESCENT:
            ancestors.append(stated.get(_RELATED if kind == _DESCENT[0] else _ELEMENT))
    return Relationships(described=_ids(described), ancestors=_ids(ancestors), count=count)


def _ids(stated: list[Any]) -> frozenset[str]:
    return frozenset(i for i in stated if isinstance(i, str))
