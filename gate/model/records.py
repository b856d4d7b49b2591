"""Dataclasses whose methods are compiled when they are first called.

The standard library compiles six methods for each frozen dataclass while its module is imported.
That is a quarter of a short run, in which most of these classes make no object (decision 57). What
a class does is the same; `tests/model/test_records.py` compares the two.

Two things differ. A frozen object cannot be copied or pickled: that ends in FrozenInstanceError.
A subclass that is no dataclass is frozen too.
"""

from __future__ import annotations

import dataclasses
import reprlib
from collections.abc import Callable
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar, cast

__all__ = ["dataclass"]

C = TypeVar("C")
Text = Callable[[type[Any]], tuple[str, dict[str, Any]]]
"""What writes a method of a class: its text, and what the names in it stand for."""

_NO_FIELD: Final = ("ClassVar", "InitVar", "KW_ONLY")
_NONE: Final = object()
"""The default of a parameter whose value a factory makes."""


def _dataclass(
    *, frozen: bool = False, eq: bool = True, order: bool = False, **options: bool
) -> Callable[[type[C]], type[C]]:
    """Make a dataclass, as `dataclasses.dataclass` does, which also takes the other options."""

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
        later: dict[str, Text] = {"__init__": _assigning if frozen else _setting}
        methods: dict[str, object] = {"__repr__": _repr}
        if frozen:
            methods |= {"__setattr__": _no_assignment, "__delattr__": _no_deletion}
        if eq:
            later |= {"__eq__": _compared("==")}
            methods |= {"__hash__": None}
        if eq and frozen:
            later |= {"__hash__": _hashed}
        if order:
            later |= {name: _compared(sign) for name, sign in _ORDER.items()}
        methods |= {name: _compiled_later(made, name, text) for name, text in later.items()}
        written = vars(cls)
        for name, method in methods.items():
            # A class with an `__eq__` of its own has the hash None from Python, not from itself.
            if name not in written or (name == "__hash__" and written[name] is None):
                setattr(made, name, method)
        return made

    return decorate


if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass


def _looked_at(written: object) -> object:
    """Return what the standard library has to see of a type: nothing, unless it is no field's."""
    said = isinstance(written, str) and not any(name in written for name in _NO_FIELD)
    return object if said else written


def _compiled_later(cls: type[Any], name: str, text: Text) -> Callable[..., Any]:
    """Return a method that compiles itself, takes its own place, and is called."""

    def method(self: object, *values: object, **named: object) -> Any:  # noqa: ANN401  # any method
        source, names = text(cls)
        exec(source, names)  # noqa: S102  # of names of fields alone, as in the standard library
        compiled = names[name]
        compiled.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, compiled)
        return compiled(self, *values, **named)

    return method


def _assigning(cls: type[Any]) -> tuple[str, dict[str, Any]]:
    """Write the `__init__` of a frozen class: a slot takes a value by its own setter.

    `object.__setattr__` looks for the slot by its name: a finding takes 720 ns in place of 1,020.
    """
    names: dict[str, Any] = {"_set": object.__setattr__}
    assignments = {}
    for field in dataclasses.fields(cls):
        slot = getattr(cls, field.name, None)
        if isinstance(slot, MemberDescriptorType):
            names[setter := f"_set_{field.name}"] = slot.__set__
            assignments[field.name] = f"{setter}(self, {{}})"
        else:
            assignments[field.name] = f"_set(self, {field.name!r}, {{}})"
    return _init(cls, assignments, names)


def _setting(cls: type[Any]) -> tuple[str, dict[str, Any]]:
    assignments = {field.name: f"self.{field.name} = {{}}" for field in dataclasses.fields(cls)}
    return _init(cls, assignments, {})


def _init(
    cls: type[Any], assignments: dict[str, str], names: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Write `__init__`: parameters in the order of the fields, those of `kw_only` last."""
    names["_NONE"] = _NONE
    positional: list[str] = ["self"]
    named: list[str] = []
    body: list[str] = []
    for field in dataclasses.fields(cls):
        default, value = _default(field, names)
        if field.init:
            (named if field.kw_only else positional).append(field.name + default)
        elif not default:
            continue  # `__post_init__` gives its value
        body.append(assignments[field.name].format(value))
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = ", ".join([*positional, *(["*", *named] if named else [])])
    return f"def __init__({parameters}):\n " + "\n ".join(body or ["pass"]), names


def _default(field: dataclasses.Field[Any], names: dict[str, Any]) -> tuple[str, str]:
    """Return what follows a parameter's name, and the value that its attribute is given."""
    if field.default_factory is not dataclasses.MISSING:
        names[make := f"_make_{field.name}"] = field.default_factory
        given = f"{make}() if {field.name} is _NONE else {field.name}"
        return "=_NONE", given if field.init else f"{make}()"
    if field.default is not dataclasses.MISSING:
        names[default := f"_default_{field.name}"] = field.default
        return f"={default}", field.name if field.init else default
    return "", field.name


_ORDER: Final = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


def _compared(sign: str) -> Text:
    """Return what writes a comparison of all fields that count, in order."""
    name = {sign: name for name, sign in _ORDER.items()}.get(sign, "__eq__")

    def write(cls: type[Any]) -> tuple[str, dict[str, Any]]:
        fields = [field.name for field in dataclasses.fields(cls) if field.compare]
        compared = f"{_values('self', fields)} {sign} {_values('other', fields)}"
        alike = "other.__class__ is self.__class__"
        return f"def {name}(self, other):\n return {compared} if {alike} else NotImplemented", {}

    return write


def _hashed(cls: type[Any]) -> tuple[str, dict[str, Any]]:
    counts = ((f.name, f.compare if f.hash is None else f.hash) for f in dataclasses.fields(cls))
    fields = [name for name, counted in counts if counted]
    return f"def __hash__(self):\n return hash({_values('self', fields)})", {}


def _values(of: str, fields: list[str]) -> str:
    return "(" + "".join(f"{of}.{name}, " for name in fields) + ")"


@reprlib.recursive_repr()
def _repr(self: Any) -> str:  # noqa: ANN401  # an object of any dataclass
    shown = (field.name for field in dataclasses.fields(self) if field.repr)
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__}({fields})"


def _no_assignment(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deletion(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
