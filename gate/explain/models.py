"""Sections of a policy as models of pydantic, which makes JSON Schema of them.

No policy is read by them: to import pydantic takes longer than most of a short run does. Tests hold
that they refuse what sections refuse, in the same words; what `check_whole` refuses is left out.
"""

from __future__ import annotations

import enum
import functools
import operator
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    create_model,
)

from gate.policy.fields import After, AfterWith, Before, KeyInFile, ReadBy, Shown, Sized, ToldBy
from gate.policy.section import Section

_STRICT: Final = ConfigDict(frozen=True, extra="forbid", strict=True)


_MADE: Final[dict[type, type[BaseModel]]] = {}


def model_of(section: type[Section]) -> type[BaseModel]:
    """Return the model with the fields of a section: one for each section."""
    if section not in _MADE:
        fields = {name: _field(one.annotation, one.said) for name, one in section.fields().items()}
        doc = section.__doc__
        _MADE[section] = create_model(section.__name__, __config__=_STRICT, __doc__=doc, **fields)
    return _MADE[section]


def _field(kind: Any, said: KeyInFile) -> Any:  # noqa: ANN401  # what create_model takes
    given: dict[str, Any] = {"alias": said.alias, "json_schema_extra": said.shown}
    if said.default_factory is not None:
        given["default_factory"] = said.default_factory
    elif not said.required:
        given["default"] = said.default
    return _type(kind), Field(**given)


def _type(kind: Any) -> Any:  # noqa: ANN401  # a type is any object
    """Return a type as pydantic takes it."""
    if isinstance(kind, type) and issubclass(kind, Section):
        return model_of(kind)
    if isinstance(kind, enum.EnumType):
        return Annotated[kind, Field(strict=False)]
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _annotated(parts[0], kind.__metadata__)
    if origin in (Union, UnionType):
        return functools.reduce(operator.or_, map(_type, parts))
    if origin in (dict, tuple):
        inner = tuple(part if part is ... else _type(part) for part in parts)
        return Annotated[origin[inner], Field(strict=False)]
    return kind


def _annotated(kind: Any, said: tuple[object, ...]) -> Any:  # noqa: ANN401  # likewise
    match said[0]:
        case ToldBy(tell, names):
            members = zip(names, get_args(kind), strict=True)
            tagged = (Annotated[_type(member), Tag(name)] for name, member in members)
            made: Any = Annotated[functools.reduce(operator.or_, tagged), Discriminator(tell)]
        case ReadBy(read):
            made = Annotated[Any, PlainValidator(read, json_schema_input_type=str)]
        case _:
            made = _type(kind)
    for one in said:
        match one:
            case Sized():
                made = Annotated[made, Field(**one.given())]
            case After(look) | AfterWith(look):
                made = Annotated[made, AfterValidator(look)]
            case Before(make):
                made = Annotated[made, BeforeValidator(make)]
            case Shown(schema):
                made = Annotated[made, WithJsonSchema(dict(schema))]
            case _:
                continue
    return made
