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
import reprlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar, cast

from gate.model.plain_methods import (
    ASIDE,
    EQUALS,
    HASHED,
    ORDERS,
    Make,
    assigning,
    fields_that_count,
    setting,
)

__all__ = ["dataclass"]

C = TypeVar("C")
_FIRST: Final = 20
"""How often a method of a class is called before it is compiled, which takes as long as some
thirty calls of one that is not."""


@dataclasses.dataclass(init=False, repr=False, eq=False)
class _Sample:
    """What the standard library notes of each dataclass, and of each field."""

    field: object


_PARAMETERS: Final = vars(_Sample)["__dataclass_params__"]
_KIND: Final = vars(_Sample)["__dataclass_fields__"]["field"]._field_type  # noqa: SLF001  # likewise


def _dataclass(
    *, frozen: bool = False, eq: bool = True, order: bool = False, **options: bool
) -> Callable[[type[C]], type[C]]:
    """Make a dataclass, as `dataclasses.dataclass` does, which also takes the other options."""
    methods: dict[str, object] = {"__repr__": _repr}
    later: dict[str, Make] = {"__init__": assigning if frozen else setting}
    if frozen:
        methods |= {"__setattr__": _no_assignment, "__delattr__": _no_deletion}
    if eq:
        later |= {"__eq__": EQUALS}
    if eq and frozen:
        later |= {"__hash__": HASHED}
    elif eq:
        methods |= {"__hash__": None}
    if order:
        later |= ORDERS

    def decorate(cls: type[C]) -> type[C]:
        written = vars(cls)
        home: list[type[Any]] = []
        added = {
            name: _compiled_later(home, name, later[name], frozen) if name in later else method
            for name, method in (methods | later).items()
            # A class with an `__eq__` of its own has the hash None from Python, not from itself.
            if name not in written or (name == "__hash__" and written[name] is None)
        }
        types = written.get("__annotations__", {})
        plain = "__slots__" not in written and all(map(_is_plain, types.values()))
        if plain and options.get("slots"):
            made = _made_once(cls, added, **options)
        else:
            # Without a docstring the standard library writes one from the signature.
            cls.__doc__ = cls.__doc__ or cls.__name__
            made = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(cls)
            for name, method in added.items():
                setattr(made, name, method)
        home.append(made)
        return made

    return decorate


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _is_plain(written: object) -> bool:
    """Whether a type is that of a field. ClassVar, InitVar and KW_ONLY are of something else."""
    return isinstance(written, str) and "Var" not in written and "KW_ONLY" not in written


def _made_once(
    cls: type[C],
    methods: dict[str, object],
    *,
    slots: bool,
    kw_only: bool = False,
    weakref_slot: bool = False,
) -> type[C]:
    """Return the class with a slot for each field, and all that a dataclass has.

    The standard library does the same step by step, and searches each type that is text for what
    makes it no field: that takes twice as long as all of this.
    """
    del slots
    written = vars(cls)
    inherited: set[str] = set()
    fields: dict[str, dataclasses.Field[Any]] = {}
    for base in cls.__mro__[-1:0:-1]:
        of_base = vars(base)
        fields |= of_base.get("__dataclass_fields__", {})
        names = of_base.get("__slots__", ())
        inherited |= {names} if isinstance(names, str) else {*names}
    for name, text in written.get("__annotations__", {}).items():
        fields[name] = _field(name, text, written.get(name, dataclasses.MISSING), kw_only=kw_only)
    kept = {name: value for name, value in written.items() if name not in fields}
    for of_the_first in ("__dict__", "__weakref__"):
        kept.pop(of_the_first, None)
    named = [*fields, *(["__weakref__"] if weakref_slot else [])]
    positional = tuple(f.name for f in fields.values() if f.init and not f.kw_only)
    content = {"__match_args__": positional} | kept
    content |= {
        "__doc__": cls.__doc__ or cls.__name__,
        "__qualname__": cls.__qualname__,
        "__slots__": tuple(name for name in named if name not in inherited),
        "__dataclass_fields__": fields,
        "__dataclass_params__": _PARAMETERS,
    }
    make: type[Any] = type(cls)
    return cast("type[C]", make(cls.__name__, cls.__bases__, content | methods))


def _field(name: str, text: str, default: Any, *, kw_only: bool) -> dataclasses.Field[Any]:  # noqa: ANN401  # any default
    """Return a field as the standard library notes it. Raises ValueError for a shared default."""
    given = isinstance(default, dataclasses.Field)
    field: Any = default if given else dataclasses.field(default=default)
    if field.default.__class__.__hash__ is None:
        raise ValueError(f"{name}: all objects would share this default; use default_factory")
    field.name, field.type = name, text
    if field.kw_only is dataclasses.MISSING:
        field.kw_only = kw_only
    field._field_type = _KIND  # noqa: SLF001  # the standard library's
    return cast("dataclasses.Field[Any]", field)


def _compiled_later(
    home: list[type[Any]],
    name: str,
    make: Make,
    frozen: bool,  # noqa: FBT001  # of the class
) -> Callable[..., Any]:
    """Return a method that is called some times, then compiles itself and takes its own place.

    `home` has the class, once it is made.
    """
    calls = 0
    plain: Callable[..., Any] | None = None

    def method(self: object, /, *values: object, **named: object) -> Any:  # noqa: ANN401  # any method
        nonlocal calls, plain
        cls = home[0]
        calls += 1
        if calls <= _FIRST:
            plain = plain or make(cls)
            answer = plain(self, *values, **named)
            if answer is not ASIDE:
                return answer
        from gate.model.record_texts import write  # noqa: PLC0415  # where one is called so often

        source, names = write(cls, name, fields_that_count(cls, name), frozen=frozen)
        exec(source, names)  # noqa: S102  # of names of fields alone, as in the standard library
        compiled = names[name]
        compiled.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, compiled)
        return compiled(self, *values, **named)

    return method


@reprlib.recursive_repr()
def _repr(self: Any) -> str:  # noqa: ANN401  # an object of any dataclass
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__}({fields})"


def _no_assignment(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deletion(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
