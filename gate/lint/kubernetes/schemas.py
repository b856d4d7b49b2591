"""What the fields of an object should be, and where they are something else.

The table is that of `gate.lint.kubernetes.fields`. Nothing here says whether a value makes sense,
only whether the API server could read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from gate.lint.facts.view import is_number
from gate.lint.kubernetes.fields import FIELDS, KINDS
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path


@dataclass(frozen=True, slots=True)
class Shape:
    """What one field should be."""

    form: str
    """`[` for a list and `{` for a mapping of what `of` says, a letter of the table, or a name."""
    of: Shape | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """The fields of one part of an object."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where an object is not what it should be."""

    path: Path
    message: str
    unknown: str | None = None
    """The name of a field that is none, and the definition that lacks it in `definition`."""
    definition: Definition | None = None


@cache
def definitions() -> Mapping[str, Definition]:
    """Return every definition of the table by its name."""
    return {name: _definition(parts) for name, *parts in _rows(FIELDS)}


@cache
def _kinds() -> Mapping[tuple[str, str], str]:
    found = {}
    for version, *names in _rows(KINDS):
        for name in names:
            found[version, name.removesuffix("V1")] = name
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
    yield from _walk(obj.value, definition, ())


def _rows(table: str) -> Iterator[list[str]]:
    return (row.split() for row in table.replace("\n ", " ").splitlines())


def _definition(parts: list[str]) -> Definition:
    pairs = [part.split(":") for part in parts]
    fields = {name: _shape(kind.removeprefix("!")) for name, kind in pairs}
    return Definition(fields, tuple(name for name, kind in pairs if kind.startswith("!")))


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
            check = _FITS.get(shape.form)
            if check is None:
                yield from _inside(part, shape, (*path, key))
            elif not check[0](part):
                yield Fault((*path, key), f"{field_path((*path, key))} must be {check[1]}")
    for key in definition.required:
        if value.get(key) in (None, []):
            yield Fault((*path, key), f"{key} is missing")


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
