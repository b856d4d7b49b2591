"""The kinds and types of Kubernetes, read from the table that a script wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from gate.live.kinds import KINDS, TYPES
from gate.model.records import dataclass

ANYTHING: Final = "o"
"""The form of a field of which the table says nothing."""
SERVERS_OWN: Final = "-"
"""The form of a field that the API server alone writes, such as `status`."""
UNKNOWN: Final = ""
"""The type of an object whose kind is not in the table."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a type."""

    form: str
    """As in `gate.live.kinds.TYPES`: `*i`, `[Container`, `{q`."""
    defaults: tuple[Any, ...] = ()
    """What the API server may fill in, as JSON values; `{}` for a type that it then fills."""


_OF_UNKNOWN: Final[Mapping[str, Field]] = {
    "apiVersion": Field("s"),
    "kind": Field("s"),
    "metadata": Field("ObjectMeta"),
    "status": Field(SERVERS_OWN),
}


def root_type(api_version: object, kind: object) -> str:
    """Return the type of a kind of object; `UNKNOWN` for one that is not in the table."""
    return _kinds().get((str(api_version), str(kind)), UNKNOWN)


def fields_of(name: str) -> Mapping[str, Field] | None:
    """Return the fields of a type; None for a form that is no type, such as `s`."""
    if name == UNKNOWN:
        return _OF_UNKNOWN
    line = _lines().get(name)
    return None if line is None else _fields(line)


@cache
def _kinds() -> dict[tuple[object, object], str]:
    rows = (line.split() for line in KINDS.splitlines())
    return {(version, kind): name for version, kind, name in rows}


@cache
def _lines() -> dict[str, str]:
    lines = TYPES.replace("\n ", " ").splitlines()
    return dict(line.partition(" ")[::2] for line in lines)


@cache
def _fields(line: str) -> dict[str, Field]:
    found = {}
    for field in line.split():
        name, _, rest = field.partition(":")
        form, *defaults = rest.split("=")
        found[name] = Field(form, tuple(map(json.loads, defaults)))
    return found
