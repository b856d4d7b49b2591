"""Where the fields of an object are not what they should be.

What they should be is in `shapes`. Each fault says of which kind it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from functools import cached_property
from typing import Any

from gate.lint.kubernetes.across_objects import name_problem
from gate.lint.kubernetes.across_versions import looked_into, parts_of
from gate.lint.kubernetes.formats import Held
from gate.lint.kubernetes.letters import FITS
from gate.lint.kubernetes.shapes import Definition, Shape, definition_of, definitions
from gate.lint.kubernetes.values import UNREADABLE
from gate.model.document import Path
from gate.model.kubernetes import KubernetesObject, field_path
from gate.model.pods import is_native
from gate.model.records import dataclass


class Wrong(Enum):
    """Of which kind a fault is."""

    FORM = auto()
    """A field is unknown, or of another type."""
    MISSING = auto()
    """A field that must be there is not."""
    AGE = auto()
    """A field that not every version of Kubernetes has: `life` says which do."""
    UNREADABLE = auto()
    """A value of the right type is one that the API server cannot read."""
    VALUE = auto()
    """A value is one that the API server refuses."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where an object is not what it should be."""

    path: Path
    message: str
    unknown: str | None = None
    """The name of a field that does not exist, and the definition that lacks it in `definition`."""
    definition: Definition | None = None
    wrong: Wrong = Wrong.FORM
    life: range | None = None
    refused: range | None = None
    """The minor versions of Kubernetes that refuse it; None where all do."""

    def stops(self, kubernetes: int) -> bool:
        """Whether a minor version of Kubernetes refuses the object for it."""
        return self.refused is None or kubernetes in self.refused


class ObjectFields:
    """One object and what its fields should be: read once for all rules that ask."""

    def __init__(self, obj: KubernetesObject) -> None:
        """Take the object."""
        self.object = obj

    @cached_property
    def definition(self) -> Definition | None:
        """What the object's kind should have; None where the table does not have the kind."""
        return definition_of(self.object, native=False)

    @cached_property
    def nearest(self) -> Definition | None:
        """The same; of Kubernetes' own kinds in a version that is gone, what the newest says."""
        return self.definition or definition_of(self.object, native=is_native(self.object))

    @cached_property
    def faults(self) -> Sequence[Fault]:
        """Where the object is not what `nearest` says."""
        return faults(self.object, self.nearest) if self.nearest else ()

    @property
    def exact(self) -> Sequence[Fault]:
        """Where the object is not what `definition` says."""
        return self.faults if self.definition else ()


def faults(obj: KubernetesObject, definition: Definition) -> list[Fault]:
    """Return each field of an object that is unknown, missing, or of another type."""
    value = obj.value
    found: list[Fault] = []
    _walk(value, definition, (), found)
    metadata = value.get("metadata")
    for path, message, refused in name_problem(
        obj.name.kind, metadata if metadata.__class__ is dict else {}
    ):
        found.append(Fault(path, message, wrong=Wrong.VALUE, refused=refused))
    parts = parts_of(obj.name.kind, value) if found else {}
    return [_dated(fault, parts) for fault in found] if parts else found


def metadata_faults(obj: KubernetesObject) -> list[Fault]:
    """Return what is wrong with the metadata of a custom object: all kinds have the same."""
    metadata = obj.value.get("metadata")
    found: list[Fault] = []
    if isinstance(metadata, dict):
        _walk(metadata, definitions()["ObjectMeta"], ("metadata",), found)
    named = metadata if isinstance(metadata, dict) else {}
    for path, message, refused in name_problem(obj.name.kind, named, custom=True):
        found.append(Fault(path, message, wrong=Wrong.VALUE, refused=refused))
    return [fault for fault in found if fault.wrong is not Wrong.AGE]


def _dated(fault: Fault, parts: Mapping[Path, range]) -> Fault:
    """Return a fault with the versions that find it: some do not look into all of an object."""
    if fault.wrong in (Wrong.MISSING, Wrong.VALUE):
        later = looked_into(parts, fault.path)
        if later is not None:
            return replace(fault, refused=_both(later, fault.refused))
    return fault


def _both(one: range, other: range | None) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop)) if other else one


def _walk(value: dict[str, Any], definition: Definition, path: Path, found: list[Fault]) -> None:
    # A list that is filled, and paths that are made only for what holds parts or is wrong: half
    # of the time goes here.
    fields = definition.fields
    for key, part in value.items():
        shape = fields.get(key)
        if shape is None:
            where = field_path(path) or "the object"
            message = f"{key} is not a field of {where}"
            found.append(Fault((*path, key), message, key, definition))
        elif part is not None:
            if part.__class__ not in shape.types:
                _inside(part, shape, (*path, key), found)
            if shape.formats:
                _values(part, shape.formats, (*path, key), found)
            if shape.life:
                found.append(Fault((*path, key), "", key, wrong=Wrong.AGE, life=shape.life))
    _together(value, definition, path, found)


def _together(
    value: dict[str, Any], definition: Definition, path: Path, found: list[Fault]
) -> None:
    for key in definition.required:
        part = value.get(key)
        if part is None or (part == [] and definition.fields[key].form == "["):
            message, refused = f"{key} is missing", definition.asked
            found.append(Fault((*path, key), message, wrong=Wrong.MISSING, refused=refused))
    for asked, refused in definition.across:
        for place, message in asked(value, path):
            found.append(Fault(place, message, wrong=Wrong.VALUE, refused=refused))


def _values(value: Any, held: tuple[Held, ...], path: Path, found: list[Fault]) -> None:  # noqa: ANN401  # any JSON
    """Note where a value, or one inside a list or a mapping, is not what it must be."""
    if value.__class__ is dict:
        for key, part in value.items():
            _value(part, held, (*path, key), found)
    elif value.__class__ is list:
        for index, part in enumerate(value):
            _value("" if part is None else part, held, (*path, index), found)
    else:
        _value(value, held, path, found)


def _value(value: Any, held: tuple[Held, ...], path: Path, found: list[Fault]) -> None:  # noqa: ANN401  # any JSON
    for format_, refused in held:
        must = format_(value)
        if must:
            message = f"{field_path(path)} must be {must}"
            wrong = Wrong.UNREADABLE if format_ in UNREADABLE else Wrong.VALUE
            found.append(Fault(path, message, wrong=wrong, refused=refused))
            if refused is None:
                return  # one fault of a value is enough to mend it


def _inside(value: Any, shape: Shape, path: Path, found: list[Fault]) -> None:  # noqa: ANN401  # any JSON
    inner = shape.of
    if value is None:
        _unset(shape, path, found)
    elif inner:
        _parts(value, shape.form, inner, path, found)
    elif check := FITS.get(shape.form):
        if not check[0](value):
            found.append(Fault(path, f"{field_path(path)} must be {check[1]}"))
    elif not isinstance(value, dict):
        found.append(Fault(path, f"{field_path(path)} must be a mapping"))
    else:
        _walk(value, definitions()[shape.form], path, found)


def _unset(shape: Shape, path: Path, found: list[Fault]) -> None:
    """Note what an item of a list or an entry of a mapping lacks that is null.

    The API server reads it as one in which nothing is set.
    """
    if shape.of is None and shape.form not in FITS:
        _walk({}, definitions()[shape.form], path, found)


def _parts(value: Any, form: str, inner: Shape, path: Path, found: list[Fault]) -> None:  # noqa: ANN401  # any JSON
    """Note where an item of a list, or an entry of a mapping, is not what it should be."""
    sure = inner.types
    if form == "[" and isinstance(value, list):
        for index, part in enumerate(value):
            if part.__class__ not in sure:
                _inside(part, inner, (*path, index), found)
    elif form == "{" and isinstance(value, dict):
        for key, part in value.items():
            if part.__class__ not in sure:
                _inside(part, inner, (*path, key), found)
    else:
        what = "a list" if form == "[" else "a mapping"
        found.append(Fault(path, f"{field_path(path)} must be {what}"))
