"""JSON with one meaning: RFC 8259 without what parsers disagree on.

https://www.rfc-editor.org/rfc/rfc8259

A repeated key is found without looking at each object as it is read, which would cost
several times the reading: a text has as many keys as colons that follow a quotation mark,
and the value that was read has as many as its objects hold. Only where the two differ is
every object looked at.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from itertools import chain
from typing import Any, Final

from gate.documents.collector import no_collection

_MAX_DIGITS: Final = 400
_BOM: Final = b"\xef\xbb\xbf"
_WHITESPACE: Final = b" \t\r\n"
_HALVES: Final = ("\\ud", "\\uD")


class MalformedJson(ValueError):  # noqa: N818  # the rooms that catch it say it as a fact
    """The bytes are not JSON that every parser reads alike."""


def read_json(data: bytes, *, max_bytes: int, max_depth: int = 64) -> Any:  # noqa: ANN401
    """Return the value of one JSON text.

    Refused beside what is not JSON: anything but UTF-8, a byte order mark, a repeated
    key, NaN and infinities (spelt or by overflow), numbers of over 400 characters, lone
    surrogates, nesting over `max_depth`, and more than `max_bytes` bytes. Raises
    MalformedJson and nothing else.
    """
    if len(data) > max_bytes:
        msg = f"the text has {len(data)} bytes, and at most {max_bytes} are read"
        raise MalformedJson(msg)
    if data.startswith(_BOM):
        msg = "the text starts with a byte order mark"
        raise MalformedJson(msg)
    try:
        with no_collection():
            return _read(data, max_depth)
    except MalformedJson:
        raise
    except RecursionError as error:
        raise _too_deep(max_depth) from error
    except ValueError as error:
        msg = f"the text is not JSON: {error}"
        raise MalformedJson(msg) from error


def _read(data: bytes, max_depth: int) -> Any:  # noqa: ANN401
    text = data.decode("utf-8")
    value = json.loads(text, parse_constant=_constant, parse_float=_float, parse_int=_int)
    keys = _count_keys(value, max_depth)
    # What stands inside of a text can only add to the colons counted, never hide one.
    if keys != data.translate(None, _WHITESPACE).count(b'":'):
        json.loads(text, object_pairs_hook=_object)
    if "\\" in text and any(half in text for half in _HALVES):
        # Only an escape can make half a character; writing it out again finds it.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _count_keys(value: object, max_depth: int) -> int:
    """Return how many keys all objects in a value have. Raises MalformedJson where it is deep."""
    keys = depth = 0
    level = [value]
    while True:
        objects = [v for v in level if type(v) is dict]
        lists = [v for v in level if type(v) is list]
        if not objects and not lists:
            return keys
        depth += 1
        if depth > max_depth:
            raise _too_deep(max_depth)
        keys += sum(map(len, objects))
        inner = chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(lists))
        level = [v for v in inner if type(v) is not str]


def _too_deep(max_depth: int) -> MalformedJson:
    return MalformedJson(f"the text is nested deeper than {max_depth} levels")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        again = next(key for key, count in counts.items() if count > 1)
        msg = f"the key {again!r} stands twice in one object"
        raise MalformedJson(msg)
    return found


def _constant(text: str) -> float:
    msg = f"{text} is not a JSON value"
    raise MalformedJson(msg)


def _int(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        msg = f"a number has {len(text)} digits"
        raise MalformedJson(msg)
    return int(text)


def _float(text: str) -> float:
    value = float(text) if len(text) <= _MAX_DIGITS else math.inf
    if math.isinf(value):
        msg = "a number is too large for a double"
        raise MalformedJson(msg)
    return value
