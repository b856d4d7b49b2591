"""What the fields of an object should be, and where they are something else.

The table is that of `gate.lint.kubernetes.fields`; what values must be is in `values`, and what
fields say together in `across`. Each fault says of which kind it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from gate.documents.lenient import is_number
from gate.lint.kubernetes.across import Across, across
from gate.lint.kubernetes.across_objects import name_problem
from gate.lint.kubernetes.fields import FIELDS, KINDS
from gate.lint.kubernetes.formats import Format
from gate.lint.kubernetes.rows import rows
from gate.lint.kubernetes.values import formats
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path


@dataclass(frozen=True, slots=True)
class Shape:
    """What one field should be."""

    form: str
    """`[` for a list and `{` for a mapping of what `of` says, a letter of the table, or a name."""
    of: Shape | None = None
    formats: tuple[Format, ...] = ()
    """What its value must be, or each of its values where it is a list or a mapping."""
    life: range | None = None
    """The minor versions of Kubernetes that have the field; None where all that are known do."""


@dataclass(frozen=True, slots=True)
class Definition:
    """The fields of one part of an object."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...]
    across: tuple[Across, ...] = ()
    """What its fields say together."""


class Wrong(Enum):
    """Of which kind a fault is."""

    FORM = auto()
    """A field is unknown, missing, or of another type."""
    AGE = auto()
    """A field that not every version of Kubernetes has: `life` says which do."""
    VALUE = auto()
    """A value is one that the API server refuses."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where an object is not what it should be."""

    path: Path
    message: str
    unknown: str | None = None
    """The name of a field that is none, and the definition that lacks it in `definition`."""
    definition: Definition | None = None
    wrong: Wrong = Wrong.FORM
    life: range | None = None


class _Definitions(Mapping[str, Definition]):
    """The table, of which a row is read when it is asked for."""

    def __init__(self) -> None:
        self._rows = {name: parts for name, *parts in rows(FIELDS)}
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
    for version, *names in rows(KINDS):
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


def faults(obj: KubernetesObject, definition: Definition) -> Iterator[Fault]:
    """Yield each field of an object that is unknown, missing, or of another type."""
    value = obj.value
    yield from _walk(value, definition, ())
    metadata = value.get("metadata")
    for path, message in name_problem(
        obj.name.kind, metadata if metadata.__class__ is dict else {}
    ):
        yield Fault(path, message, wrong=Wrong.VALUE)


def _definition(name: str, parts: list[str], asked: tuple[Across, ...]) -> Definition:
    pairs = [part.split(":") for part in parts]
    held = formats()
    fields = {}
    for field, kind in pairs:
        form, _, gone = kind.removeprefix("!").partition("<")
        form, _, came = form.partition("@")
        shape = _shape(form)
        found = held.get(f"{name}.{field}", ())
        if found or came or gone:
            life = range(int(came or 0), int(gone or _NEVER)) if came or gone else None
            shape = replace(shape, formats=found, life=life)
        fields[field] = shape
    required = tuple(field for field, kind in pairs if kind.startswith("!"))
    return Definition(fields, required, asked)


@cache
def _shape(kind: str) -> Shape:
    return Shape(kind[0], _shape(kind[1:])) if kind[0] in "[{" else Shape(kind)


def _walk(value: dict[str, Any], definition: Definition, path: Path) -> Iterator[Fault]:
    fields = definition.fields
    for key, part in value.items():
        shape = fields.get(key)
        if shape is None:
            where = field_path(path) or "the object"
            message = f"{key} is not a field of {where}"
            yield Fault((*path, key), message, key, definition)
        elif part is not None:
            yield from _inside(part, shape, (*path, key))
            if shape.formats:
                yield from _values(part, shape.formats, (*path, key))
            if shape.life:
                yield Fault((*path, key), "", key, wrong=Wrong.AGE, life=shape.life)
    for key in definition.required:
        if value.get(key) in (None, []):
            yield Fault((*path, key), f"{key} is missing")
    for asked in definition.across:
        for place, message in asked(value, path):
            yield Fault(place, message, wrong=Wrong.VALUE)


def _values(value: Any, held: tuple[Format, ...], path: Path) -> Iterator[Fault]:  # noqa: ANN401  # any JSON
    """Yield where a value, or one inside a list or a mapping, is not what it must be."""
    if value.__class__ is dict:
        parts = [((*path, key), part) for key, part in value.items()]
    elif value.__class__ is list:
        parts = [((*path, index), part) for index, part in enumerate(value)]
    else:
        parts = [(path, value)]
    for place, part in parts:
        for format_ in held:
            must = format_(part)
            if must:
                yield Fault(place, f"{field_path(place)} must be {must}", wrong=Wrong.VALUE)


def _inside(value: Any, shape: Shape, path: Path) -> Iterator[Fault]:  # noqa: ANN401  # any JSON
    if shape.form == "[" and shape.of:
        if isinstance(value, list):
            for index, part in enumerate(value):
                yield from _inside(part, shape.of, (*path, index))
        else:
            yield Fault(path, f"{field_path(path)} must be a list")
    elif check := _FITS.get(shape.form):
        if not check[0](value):
            yield Fault(path, f"{field_path(path)} must be {check[1]}")
    elif not isinstance(value, dict):
        yield Fault(path, f"{field_path(path)} must be a mapping")
    elif shape.form == "{" and shape.of:
        for key, part in value.items():
            yield from _inside(part, shape.of, (*path, key))
    else:
        yield from _walk(value, definitions()[shape.form], path)


_NEVER: Final = 1000
"""A minor version that no Kubernetes has."""
_FITS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "s": (lambda v: isinstance(v, str), "text"),
    "i": (
        lambda v: is_number(v) and (isinstance(v, int) or v.is_integer()),
        "a whole number",
    ),
    "n": (is_number, "a number"),
    "b": (lambda v: isinstance(v, bool), "true or false"),
    "q": (lambda v: isinstance(v, str | int | float), "a number or text"),
    "o": (lambda _: True, "set"),
}
