"""JSON with one meaning: RFC 8259 without what parsers disagree on.

https://www.rfc-editor.org/rfc/rfc8259

A repeated key is found without comparing the keys of each object, which would cost several
times the reading: the text has a colon for each key that is written, and the objects have
the keys that are left. Only where the two differ is every object looked at.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, TypedDict

from gate.documents.structure import Structure
from gate.model.memory import without_collector

_MAX_DIGITS: Final = 400
_BOM: Final = b"\xef\xbb\xbf"
HALVES: Final = (b"\\ud", b"\\uD")
"""How an escape of half a character begins."""


class MalformedJson(ValueError):  # noqa: N818  # the rooms that catch it say it as a fact
    """The bytes are not JSON that every parser reads alike."""


def read_json(data: bytes, *, max_bytes: int, max_depth: int = 64) -> Any:  # noqa: ANN401  # any JSON value
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
        with without_collector():
            return _read(data, max_depth)
    except MalformedJson:
        raise
    except RecursionError as error:
        raise _too_deep(max_depth) from error
    except UnicodeDecodeError as error:
        msg = f"the text is not UTF-8, from its byte {error.start + 1} on"
        raise MalformedJson(msg) from error
    except ValueError as error:
        msg = f"the text is not JSON: {error}"
        raise MalformedJson(msg) from error


def _read(data: bytes, max_depth: int) -> Any:  # noqa: ANN401  # any JSON value
    text = data.decode("utf-8")
    structure = Structure.of(data)
    kept = 0

    def counted(read: dict[str, Any]) -> dict[str, Any]:
        nonlocal kept
        kept += len(read)
        return read

    value = json.loads(text, object_hook=counted, **NUMBERS)
    if structure.is_deeper_than(max_depth):
        raise _too_deep(max_depth)
    if structure.keys != kept:
        json.loads(text, object_pairs_hook=_object)
    if b"\\" in data and any(half in data for half in HALVES):
        # Only an escape can make half a character; writing it out again finds it.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def _too_deep(max_depth: int) -> MalformedJson:
    return MalformedJson(f"the text is nested deeper than {max_depth} levels")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        again = next(key for key, count in counts.items() if count > 1)
        msg = f"the key {again!r} is there twice in one object"
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


class Numbers(TypedDict):
    """How numbers are read."""

    parse_constant: Callable[[str], float]
    parse_float: Callable[[str], float]
    parse_int: Callable[[str], int]


NUMBERS: Final[Numbers] = {"parse_constant": _constant, "parse_float": _float, "parse_int": _int}
"""For a decoder of JSON: what is no number, or too long a one, raises MalformedJson."""
