"""The text of each method of a dataclass that `gate.model.records` compiles.

It has names of fields, and names that stand for defaults and setters; nothing else of a class.
"""

from __future__ import annotations

import dataclasses
from types import MemberDescriptorType
from typing import Any, Final

_NONE: Final = object()
"""The default of a parameter whose value a factory makes."""
_SIGNS: Final = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}


def write(
    cls: type[Any], name: str, fields: list[str], *, frozen: bool
) -> tuple[str, dict[str, Any]]:
    """Return the text of a method of a dataclass, and what the names in it stand for.

    `fields` are those that a comparison or the hash looks at.
    """
    if name == "__init__":
        return _assigning(cls) if frozen else _setting(cls)
    if name == "__hash__":
        return f"def __hash__(self):\n return hash({_values('self', fields)})", {}
    compared = f"{_values('self', fields)} {_SIGNS[name]} {_values('other', fields)}"
    alike = "other.__class__ is self.__class__"
    return f"def {name}(self, other):\n return {compared} if {alike} else NotImplemented", {}


def _values(of: str, fields: list[str]) -> str:
    return "(" + "".join(f"{of}.{name}, " for name in fields) + ")"


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
