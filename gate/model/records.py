"""Dataclasses whose methods are compiled when they have been called some times.

The standard library compiles six methods for each frozen dataclass while its module is imported.
That is a quarter of a short run, in which most of these classes make no object, and most others a
few (decisions 57 and 74). What a class does is the same; `tests/model/test_records.py` compares the
two.

Two things differ. A frozen object cannot be copied or pickled: that ends in FrozenInstanceError.
A subclass that is no dataclass is frozen too.
"""

from __future__ import annotations

import dataclasses
import operator
import reprlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar, cast

__all__ = ["dataclass"]

C = TypeVar("C")
Make = Callable[[type[Any]], Callable[..., Any]]
"""What makes a method of a class that needs no compiling, and is slower. Where a call is wrong it
returns `_ASIDE`, and has done nothing: the compiled method says what is wrong."""

_FIRST: Final = 20
"""How often a method of a class is called before it is compiled, which takes as long as some
thirty calls of one that is not."""
_ASIDE: Final = object()


def _dataclass(
    *, frozen: bool = False, eq: bool = True, order: bool = False, **options: bool
) -> Callable[[type[C]], type[C]]:
    """Make a dataclass, as `dataclasses.dataclass` does, which also takes the other options."""
    methods: dict[str, object] = {"__repr__": _repr}
    later: dict[str, Make] = {"__init__": _assigning if frozen else _setting}
    if frozen:
        methods |= {"__setattr__": _no_assignment, "__delattr__": _no_deletion}
    if eq:
        later |= {"__eq__": _equals}
    if eq and frozen:
        later |= {"__hash__": _hashed}
    elif eq:
        methods |= {"__hash__": None}
    if order:
        later |= _ORDERS

    def decorate(cls: type[C]) -> type[C]:
        # Without a docstring the standard library writes one from the signature.
        cls.__doc__ = cls.__doc__ or cls.__name__
        types = vars(cls).get("__annotations__", {})
        # A type that is text is searched four times for what makes it no field.
        cls.__annotations__ = {name: _looked_at(text) for name, text in types.items()}
        made = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(cls)
        made.__annotations__ = types
        for field in dataclasses.fields(cast("Any", made)):
            field.type = types.get(field.name, field.type)
        written = vars(cls)
        for name in (*methods, *later):
            # A class with an `__eq__` of its own has the hash None from Python, not from itself.
            if name not in written or (name == "__hash__" and written[name] is None):
                plain = later.get(name)
                method = _compiled_later(made, name, plain, frozen) if plain else methods[name]
                setattr(made, name, method)
        return made

    return decorate


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _looked_at(written: object) -> object:
    """Return what the standard library has to see of a type: nothing, unless it is no field's.

    What has the type ClassVar, InitVar or KW_ONLY is no field.
    """
    said = isinstance(written, str) and "Var" not in written and "KW_ONLY" not in written
    return object if said else written


def _compiled_later(
    cls: type[Any],
    name: str,
    make: Make,
    frozen: bool,  # noqa: FBT001  # of the class
) -> Callable[..., Any]:
    """Return a method that is called some times, then compiles itself and takes its own place."""
    calls = 0
    plain: Callable[..., Any] | None = None

    def method(self: object, /, *values: object, **named: object) -> Any:  # noqa: ANN401  # any method
        nonlocal calls, plain
        calls += 1
        if calls <= _FIRST:
            plain = plain or make(cls)
            answer = plain(self, *values, **named)
            if answer is not _ASIDE:
                return answer
        from gate.model.record_texts import write  # noqa: PLC0415  # where one is called so often

        source, names = write(cls, name, _fields_that_count(cls, name), frozen=frozen)
        exec(source, names)  # noqa: S102  # of names of fields alone, as in the standard library
        compiled = names[name]
        compiled.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, compiled)
        return compiled(self, *values, **named)

    return method


def _assigning(cls: type[Any]) -> Callable[..., object]:
    return _taking(cls, object.__setattr__)


def _setting(cls: type[Any]) -> Callable[..., object]:
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
            return _ASIDE
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
        fields = _fields_that_count(cls, name)

        def compare(self: object, other: object) -> Any:  # noqa: ANN401  # what an operator returns
            if other.__class__ is not self.__class__:
                return NotImplemented
            return by(_values(self, fields), _values(other, fields))

        return compare

    return make


_equals: Final = _compared("__eq__")
_ORDERS: Final = {name: _compared(name) for name in ("__lt__", "__le__", "__gt__", "__ge__")}


def _hashed(cls: type[Any]) -> Callable[[object], int]:
    fields = _fields_that_count(cls, "__hash__")
    return lambda self: hash(_values(self, fields))


def _fields_that_count(cls: type[Any], name: str) -> list[str]:
    """Return the names of the fields that a method looks at: the hash, or a comparison."""
    fields = dataclasses.fields(cls)
    if name == "__hash__":
        return [f.name for f in fields if (f.compare if f.hash is None else f.hash)]
    return [field.name for field in fields if field.compare]


def _values(of: object, fields: list[str]) -> tuple[object, ...]:
    return tuple([getattr(of, name) for name in fields])


@reprlib.recursive_repr()
def _repr(self: Any) -> str:  # noqa: ANN401  # an object of any dataclass
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__}({fields})"


def _no_assignment(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deletion(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
