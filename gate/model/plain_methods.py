"""Methods of a dataclass that need no compiling: what its first objects are made with.

Each does what the compiled one does (`gate.model.record_texts`), and takes some three times as
long.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable
from typing import Any, Final

Make = Callable[[type[Any]], Callable[..., Any]]
"""What makes such a method of a class. Where a call is wrong, the method returns `ASIDE`, and has
done nothing: the compiled one says what is wrong."""

ASIDE: Final = object()


def assigning(cls: type[Any]) -> Callable[..., object]:
    """Make the `__init__` of a frozen class."""
    return _taking(cls, object.__setattr__)


def setting(cls: type[Any]) -> Callable[..., object]:
    """Make the `__init__` of a class that is not frozen."""
    return _taking(cls, setattr)


def _taking(cls: type[Any], put: Callable[[object, str, Any], None]) -> Callable[..., object]:
    """Make the `__init__` of a class, which puts each field in its place by its name."""
    fields = dataclasses.fields(cls)
    taken = {field.name: field for field in fields if field.init}
    positional = [name for name, field in taken.items() if not field.kw_only]
    needed = {name for name, field in taken.items() if not _has_default(field)}
    finishes = hasattr(cls, "__post_init__")

    def take(self: Any, /, *values: object, **named: object) -> object:  # noqa: ANN401  # of the class
        given = dict(zip(positional, values, strict=False)) | named
        if len(given) < len(values) + len(named) or not needed <= given.keys() <= taken.keys():
            return ASIDE
        for field in fields:
            if field.name in given:
                put(self, field.name, given[field.name])
            elif field.default_factory is not dataclasses.MISSING:
                put(self, field.name, field.default_factory())
            elif field.default is not dataclasses.MISSING:
                put(self, field.name, field.default)
        if finishes:
            self.__post_init__()
        return None

    return take


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _compared(name: str) -> Make:
    """Return what makes a comparison of all fields that count, in order."""
    by = vars(operator)[name]

    def make(cls: type[Any]) -> Callable[[object, object], object]:
        fields = fields_that_count(cls, name)

        def compare(self: object, other: object) -> Any:  # noqa: ANN401  # what an operator returns
            if other.__class__ is not self.__class__:
                return NotImplemented
            return by(_values(self, fields), _values(other, fields))

        return compare

    return make


EQUALS: Final = _compared("__eq__")
ORDERS: Final = {name: _compared(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")}


def _hashed(cls: type[Any]) -> Callable[[object], int]:
    fields = fields_that_count(cls, "__hash__")
    return lambda self: hash(_values(self, fields))


HASHED: Final[Make] = _hashed


def fields_that_count(cls: type[Any], name: str) -> list[str]:
    """Return the names of the fields that a method looks at: the hash, or a comparison."""
    fields = dataclasses.fields(cls)
    if name == "__hash__":
        return [f.name for f in fields if (f.compare if f.hash is None else f.hash)]
    return [field.name for field in fields if field.compare]


def _values(of: object, fields: list[str]) -> tuple[object, ...]:
    return tuple([getattr(of, name) for name in fields])
