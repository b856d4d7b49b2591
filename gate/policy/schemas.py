"""What pydantic-core reads a section of a policy by, made of the types of its fields.

pydantic makes the same of the same types. It is not used, because importing it and building its
models took a quarter of a short run (decision 68). What reads a policy is pydantic-core in both
cases; tests hold that both refuse the same, in the same words.
"""

from __future__ import annotations

import enum
import importlib
import sys
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from types import NoneType, SimpleNamespace, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from gate.policy.fields import ABSENT, After, AfterWith, Before, KeyInFile, ReadBy, Sized, ToldBy

if TYPE_CHECKING:
    from gate.policy.section import Section

Schema = dict[str, Any]
"""A schema of pydantic-core: https://docs.pydantic.dev/latest/api/pydantic_core_schema/."""

_SIMPLE: Final[Mapping[object, Schema]] = {
    str: {"type": "str"},
    int: {"type": "int"},
    bool: {"type": "bool"},
    float: {"type": "float"},
    date: {"type": "date"},
    timedelta: {"type": "timedelta"},
    Any: {"type": "any"},
}


class _Nothing:
    """What no file has: a field whose type was not looked at takes it alone."""


def names_of(section: type[Section]) -> Mapping[str, tuple[type, str]]:
    """Return the class that writes each field's type, and the type as it is written there."""
    found: dict[str, tuple[type, str]] = {}
    for base in reversed(section.__mro__):
        for name, text in getattr(base, "__annotations__", {}).items():
            if not name.startswith("_") and not text.startswith("ClassVar"):
                found[name] = (base, text)
    return found


def said_of(section: type[Section], name: str) -> KeyInFile:
    """Return a field's default, and what it is called in the file."""
    said = getattr(section, name, ABSENT)
    return said if isinstance(said, KeyInFile) else KeyInFile(default=said)


def type_of(base: type, name: str, text: str, named_in: str | None) -> Any:  # noqa: ANN401  # a type is any object
    """Return the type of a field, with what `Annotated` says; its names may be in a module."""
    written = SimpleNamespace(__annotations__={name: text})
    module = vars(sys.modules[base.__module__])
    others = vars(importlib.import_module(named_in)) if named_in else None
    return get_type_hints(written, module, others, include_extras=True)[name]


def section_schema(section: type[Section], present: Collection[str] | None = None) -> Schema:
    """Return the schema of a section.

    Of fields that are not among the keys `present` only the default is read, not the type: what is
    made of it reads sections with these keys alone, and refuses another. None means all.
    """
    fields: dict[str, Schema] = {}
    for name, (base, text) in names_of(section).items():
        said = said_of(section, name)
        if present is None or (said.alias or name) in present:
            schema = schema_of(type_of(base, name, text, said.named_in))
        else:
            schema = {"type": "is-instance", "cls": _Nothing}
        fields[name] = _field(schema, said)
    inner: Schema = {"type": "model-fields", "fields": fields, "model_name": section.__name__}
    if section.word is not None:
        inner = _function("before", section.unfolded, inner)
    model = {
        "type": "model",
        "cls": section,
        "schema": inner,
        "config": {
            "title": section.__name__,
            "extra_fields_behavior": "forbid",
            "strict": True,
        },
    }
    return _function("after", section.whole, model, informed=True) if section.related else model


def _field(schema: Schema, said: KeyInFile) -> Schema:
    if said.default_factory is not None:
        schema = {"type": "default", "schema": schema, "default_factory": said.default_factory}
    elif not said.required:
        schema = {"type": "default", "schema": schema, "default": said.default}
    field = {"type": "model-field", "schema": schema}
    return field if said.alias is None else {**field, "validation_alias": said.alias}


def schema_of(kind: Any) -> Schema:  # noqa: ANN401  # a type is any object
    """Return the schema of a type. Raises TypeError for one that no policy has."""
    if kind in _SIMPLE:
        return dict(_SIMPLE[kind])
    if isinstance(kind, enum.EnumType):
        members: list[object] = [*kind.__members__.values()]
        return {"type": "enum", "cls": kind, "members": members, "sub_type": "str", "strict": False}
    if isinstance(kind, type) and hasattr(kind, "related"):
        return section_schema(kind)
    return _made_of(kind, get_origin(kind), get_args(kind))


def _made_of(kind: Any, origin: Any, parts: tuple[Any, ...]) -> Schema:  # noqa: ANN401  # likewise
    """Return the schema of a type that is made of others."""
    if origin is Annotated:
        return _annotated(parts[0], kind.__metadata__)
    if origin in (Union, UnionType):
        return _union(parts)
    if origin is Literal:
        return {"type": "literal", "expected": list(parts)}
    if origin is dict:
        keys, values = map(schema_of, parts)
        return {"type": "dict", "keys_schema": keys, "values_schema": values}
    if origin is tuple and parts[1:] == (...,):
        items = [schema_of(parts[0])]
        return {"type": "tuple", "items_schema": items, "variadic_item_index": 0, "strict": False}
    msg = f"no field of a policy has the type {kind!r}"
    raise TypeError(msg)


def _union(parts: tuple[Any, ...]) -> Schema:
    rest = [schema_of(part) for part in parts if part is not NoneType]
    schema = rest[0] if len(rest) == 1 else {"type": "union", "choices": rest}
    return {"type": "nullable", "schema": schema} if NoneType in parts else schema


def _annotated(kind: Any, said: tuple[object, ...]) -> Schema:  # noqa: ANN401  # any type
    match said[0]:
        case ReadBy(read):
            schema: Schema = {
                "type": "function-plain",
                "function": {"type": "with-info", "function": read},
            }
        case ToldBy(tell, names):
            choices = dict(zip(names, map(schema_of, get_args(kind)), strict=True))
            schema = {"type": "tagged-union", "choices": choices, "discriminator": tell}
        case _:
            schema = schema_of(kind)
    for one in said:
        match one:
            case Sized():
                schema |= one.given()
            case After(look):
                schema = _function("after", look, schema)
            case AfterWith(look):
                schema = _function("after", look, schema, informed=True)
            case Before(make):
                schema = _function("before", make, schema)
            case _:
                continue  # for JSON Schema alone, or read above
    return schema


def _function(when: str, function: Any, schema: Schema, *, informed: bool = False) -> Schema:  # noqa: ANN401  # any function
    kind = "with-info" if informed else "no-info"
    return {
        "type": f"function-{when}",
        "function": {"type": kind, "function": function},
        "schema": schema,
    }
