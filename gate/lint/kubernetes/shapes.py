"""What the fields of an object should be, by its kind.

The table is that of `gate.lint.kubernetes.fields`; what values must be is in `values`, and what
fields say together in `across`. Where an object differs from it is in `schemas`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from gate.lint.kubernetes import own_fields
from gate.lint.kubernetes.across import Across
from gate.lint.kubernetes.across_all import across
from gate.lint.kubernetes.across_versions import DEFINITIONS
from gate.lint.kubernetes.fields import FIELDS, KINDS
from gate.lint.kubernetes.formats import Held
from gate.lint.kubernetes.letters import HELD, SURE
from gate.lint.kubernetes.rows import rows, versions
from gate.lint.kubernetes.values import formats
from gate.model.kubernetes import KubernetesObject
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What one field should be."""

    form: str
    """`[` for a list and `{` for a mapping of what `of` says, a letter of the table, or a name."""
    of: Shape | None = None
    formats: tuple[Held, ...] = ()
    """What its value must be, or each of its values where it is a list or a mapping."""
    life: range | None = None
    """The minor versions of Kubernetes that have the field; None where all that are known do."""
    types: frozenset[type] = frozenset()
    """Classes whose values surely fit; any other value is looked at, and may fit too."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The fields of one part of an object."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...]
    across: tuple[tuple[Across, range | None], ...] = ()
    """What its fields say together, and the minor versions that ask it; None where all do."""
    asked: range | None = None
    """The minor versions that ask what is required; None where all do."""


class _Definitions(Mapping[str, Definition]):
    """The table, of which a row is read when it is asked for."""

    def __init__(self) -> None:
        self._rows = {name: parts for name, *parts in rows(FIELDS + own_fields.FIELDS)}
        self._read: dict[str, Definition] = {}
        self._across = across()

    def __getitem__(self, name: str) -> Definition:
        found = self._read.get(name)
        if found is None:
            found = _definition(name, self._rows[name], self._across.get(name, ()))
            self._read[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@cache
def definitions() -> Mapping[str, Definition]:
    """Return every definition of the table by its name."""
    return _Definitions()


@cache
def _kinds() -> Mapping[tuple[str, str], str]:
    found = {}
    for version, *names in rows(KINDS + own_fields.KINDS):
        for name in names:
            kind, _, definition = name.partition("=")
            found[version, kind] = definition or kind
    return found


@cache
def _newest() -> Mapping[str, str]:
    """Return the definition of each kind in its newest version."""
    return {kind: name for (_, kind), name in _kinds().items()}


def definition_of(obj: KubernetesObject, *, native: bool) -> Definition | None:
    """Return what an object's kind should have; None where the table does not have the kind.

    Kubernetes' own kinds in a version that is gone are looked up in the newest.
    """
    name = _kinds().get((obj.api_version, obj.name.kind))
    if name is None and native:
        name = _newest().get(obj.name.kind)
    return definitions()[name] if name else None


def _definition(
    name: str, parts: list[str], asked: tuple[tuple[Across, range | None], ...]
) -> Definition:
    pairs = [part.split(":") for part in parts]
    held, since = formats(), DEFINITIONS.get(name)
    fields = {}
    for field, kind in pairs:
        form, _, gone = kind.removeprefix("!").partition("<")
        form, _, came = form.partition("@")
        shape = _shape(form)
        own = held.get(f"{name}.{field}", ())
        if since:
            own = tuple((format_, versions or since) for format_, versions in own)
        found = (*own, *HELD.get(form.lstrip("[{"), ()))
        if found or came or gone:
            shape = replace(shape, formats=found, life=versions(came, gone))
        fields[field] = shape
    required = tuple(field for field, kind in pairs if kind.startswith("!"))
    return Definition(fields, required, asked, since)


@cache
def _shape(kind: str) -> Shape:
    if kind[0] in "[{":
        return Shape(kind[0], _shape(kind[1:]))
    return Shape(kind, types=SURE.get(kind, frozenset()))
