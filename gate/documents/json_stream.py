"""JSON manifests as kubectl reads them: object after object, with white space between.

kubectl takes a stream that begins with `{` for JSON, and for YAML only where that fails.
https://github.com/kubernetes/apimachinery/blob/master/pkg/util/yaml/decoder.go
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final

from gate.documents.scalars import as_number
from gate.model.expressions import expression
from gate.model.records import dataclass

_MAX_DIGITS: Final = 400
_SPACE: Final = expression(r"[ \t\n\r]*")
_SURROGATE: Final = expression(r"(\\u)[dD]([89a-fA-F])(?=[0-9a-fA-F]{2})")
_HALVES: Final = {half: f"{index:x}" for index, half in enumerate("89abcdef")}


class NotJsonError(ValueError):
    """What is here is no JSON object."""


@dataclass(frozen=True, slots=True)
class JsonObject:
    """One object of a stream."""

    value: dict[str, Any]
    """Of a repeated key, the last value."""
    masked: str | None
    """Its text with the halves of surrogate pairs replaced, each escape by another of the
    same length, so that a parser of YAML finds every part in its place; None where the text
    has none."""
    start: int
    """Where it begins in the whole text."""
    end: int
    line: int
    """From 0."""
    column: int
    """From 0, in characters."""


def json_objects(text: str) -> Iterator[JsonObject]:
    """Yield the objects of a stream of them; raise NotJsonError where there is another thing.

    A lone surrogate, a number of over 400 characters, NaN and infinities are no JSON here. Only
    white space is yielded as nothing. The number of objects is not bounded.
    """
    position = line = column = 0
    while True:
        begin = next(_SPACE.finditer(text, position)).end()
        line += text.count("\n", position, begin)
        column = begin - (text.rfind("\n", 0, begin) + 1)
        if begin == len(text):
            return
        value, end = _object(text, begin)
        part = text[begin:end]
        masked = _SURROGATE.sub(_mask, part)
        yield JsonObject(value, None if masked == part else masked, begin, end, line, column)
        line += text.count("\n", begin, end)
        position = end


def _object(text: str, at: int) -> tuple[dict[str, Any], int]:
    if not text.startswith("{", at):
        raise NotJsonError
    try:
        value, end = _DECODER.raw_decode(text, at)
        if "\\" in text[at:end]:
            # Only an escape can make half a character; writing it out again finds it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise NotJsonError from error
    return value, end


def _mask(escape: re.Match[str]) -> str:
    return f"{escape[1]}e{_HALVES[escape[2].lower()]}"


def _number(text: str) -> int | float:
    if len(text) > _MAX_DIGITS:
        raise NotJsonError
    number = as_number(float(text) if set(text) & set(".eE") else int(text))
    if math.isinf(number):
        raise NotJsonError
    return number


def _constant(text: str) -> float:
    raise NotJsonError(text)


_DECODER: Final = json.JSONDecoder(parse_constant=_constant, parse_float=_number, parse_int=_number)
