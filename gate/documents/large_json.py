"""Large JSON, read without holding what its long lists hold.

An SBOM of 50 MB becomes objects of 240 MB when all of it is read at once, and most of that is
never looked at. Here the caller says in which places a long list may be. Such a list is gone
through once, item by item, as strictly as `read_json` reads, and each item is let go. What is
returned has a `JsonArray` in its place, which reads an item again when somebody asks for it.

Where anything at all is wrong or unusual, the text is read by `read_json` as a whole. So there is
one reader that refuses and says why, and this one only ever agrees with it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from gate.documents.json_array import JsonArray
from gate.documents.strict import MANY
from gate.documents.strict_json import HALVES, NUMBERS, read_json
from gate.documents.structure import Structure
from gate.model.expressions import expression
from gate.model.memory import without_collector
from gate.model.records import dataclass

LARGE: Final = 8 * 1024 * 1024
"""The least bytes of a text that is read in this way: a smaller one is read faster as a whole."""
_WINDOW: Final = 256 * 1024
"""Bytes that are made text at a time; more where one value has more."""
_MARGIN: Final = 512
"""No number that is read has as many digits: one that ends so far before the end has ended."""
_MOST_STEPS: Final = 10_000
"""Keys and items on the way to the long lists. A text with more is read as a whole."""

_SPACE: Final = expression(rb"[ \t\n\r]*")
_COLON: Final = expression(rb"[ \t\n\r]*:[ \t\n\r]*")
_AFTER: Final = expression(rb"[ \t\n\r]*([,\]}])[ \t\n\r]*")
_EMPTY: Final = expression(rb"[\[{][ \t\n\r]*[\]}]")


@dataclass(frozen=True, slots=True)
class LongList:
    """Here a list may be that is read item by item."""


@dataclass(frozen=True, slots=True)
class Within:
    """An object that may have long lists under these keys."""

    keys: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class InEach:
    """A list of objects that may have long lists."""

    item: Within


Shape: TypeAlias = LongList | Within | InEach


def read_large_json(data: bytes, shape: Shape, *, max_bytes: int, max_depth: int = 64) -> Any:  # noqa: ANN401  # any JSON value
    """Return the value of one JSON text, as `read_json` does, with the same refusals.

    A list in a place of the shape that says so is a JsonArray, if the text is large and the list
    has at most MANY items. Where the text has something else in a place, that is read as it is.
    """
    if LARGE <= len(data) <= max_bytes:
        # read_json says what is wrong with it.
        with suppress(ValueError, RecursionError), without_collector():
            return _Text(data).read(shape, max_depth)
    return read_json(data, max_bytes=max_bytes, max_depth=max_depth)


class _LeftError(ValueError):
    """It is left to `read_json`. Raised anew each time: an error holds what was read by then."""


class _Keys:
    """How many keys objects have. By itself, for a cycle would hold the text until it is found."""

    def __init__(self) -> None:
        self.keys = 0

    def of(self, read: dict[str, Any]) -> dict[str, Any]:
        self.keys += len(read)
        return read


class _Window:
    """Reads values by the place in which they begin, a piece of the text at a time.

    Each byte is made one character, so that no character takes more room than another. A value
    that is not ASCII is read once more, as UTF-8. Raises ValueError.
    """

    def __init__(self, data: bytes, counted: _Keys | None = None) -> None:
        self._data = data
        self._start = 0
        self._text = ""
        self._is_ascii = True
        self._is_last = not data
        self._counted = counted or _Keys()
        hook = counted.of if counted else None
        self._read = json.JSONDecoder(object_hook=hook, **NUMBERS).raw_decode

    def value(self, at: int) -> tuple[Any, int]:
        """Return the value that begins at a byte, and the byte after it."""
        place, keys = at - self._start, self._counted.keys
        if not 0 <= place < len(self._text):
            place = self._move(at, _WINDOW)
        while True:
            try:
                value, end = self._read(self._text, place)
            except ValueError:
                if self._is_last:
                    raise
            else:
                if end + _MARGIN <= len(self._text) or self._is_last:
                    break
            self._counted.keys = keys
            place = self._move(at, _WINDOW if place else 2 * len(self._text))
        end += self._start
        return (value if self._is_ascii else self._in_full(value, at, end)), end

    def _move(self, at: int, size: int) -> int:
        piece = self._data[at : at + size]
        self._start, self._text, self._is_ascii = at, piece.decode("latin-1"), piece.isascii()
        self._is_last = at + len(piece) == len(self._data)
        return 0

    def _in_full(self, value: object, at: int, end: int) -> object:
        part = self._data[at:end]
        return value if part.isascii() else _ITEM.decode(part.decode("utf-8"))


_ITEM: Final = json.JSONDecoder(**NUMBERS)


class _Text:
    """One text, gone through once. Raises ValueError where it leaves the text to `read_json`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._counted = _Keys()
        self._window = _Window(data, self._counted)
        self._has_halves = any(half in data for half in HALVES)
        self._steps = 0

    def read(self, shape: Shape, max_depth: int) -> object:
        structure = Structure.of(self._data)
        if structure.is_deeper_than(max_depth):
            raise _LeftError
        value, end = self._value(self._after_space(0), shape)
        if self._after_space(end) != len(self._data) or structure.keys != self._counted.keys:
            raise _LeftError
        return value

    def _after_space(self, at: int) -> int:
        return _SPACE.match(self._data, at).end()  # type: ignore[union-attr]  # nothing is space too

    def _value(self, at: int, shape: Shape | None) -> tuple[Any, int]:
        begins = self._data[at : at + 1]
        if _EMPTY.match(self._data, at):
            return self._window.value(at)
        if begins == b"{" and isinstance(shape, Within):
            return self._object(at, shape)
        if begins == b"[" and isinstance(shape, InEach):
            return self._list(at, shape)
        if begins == b"[" and isinstance(shape, LongList):
            return self._array(at)
        value, end = self._window.value(at)
        self._check_whole(value, at, end)
        return value, end

    def _object(self, at: int, shape: Within) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        mark, at = b",", self._after_space(at + 1)
        while mark == b",":
            key, end = self._value(at, None)
            colon = _COLON.match(self._data, end)
            if type(key) is not str or colon is None:
                raise _LeftError
            found[key], end = self._value(colon.end(), shape.keys.get(key))
            mark, at = self._mark(end, b"}")
        self._counted.keys += len(found)
        return found, at

    def _list(self, at: int, shape: InEach) -> tuple[list[Any], int]:
        found = []
        mark, at = b",", self._after_space(at + 1)
        while mark == b",":
            item, end = self._value(at, shape.item)
            found.append(item)
            mark, at = self._mark(end, b"]")
        return found, at

    def _mark(self, at: int, last: bytes) -> tuple[bytes, int]:
        """Return what is after an item, and the place behind it; behind the last one, no space."""
        self._steps += 1
        after = _AFTER.match(self._data, at)
        if after is None or after[1] not in (b",", last) or self._steps > _MOST_STEPS:
            raise _LeftError
        return after[1], after.end() if after[1] == b"," else after.end(1)

    def _array(self, at: int) -> tuple[JsonArray, int]:
        data, value, starts = self._data, self._window.value, array("I")
        only_objects = True
        at = self._after_space(at + 1)
        while True:
            starts.append(at)
            item, end = value(at)
            only_objects &= type(item) is dict
            self._check_whole(item, at, end)
            after = _AFTER.match(data, end)
            if after is None or len(starts) > MANY:
                raise _LeftError
            if after[1] != b",":
                break
            at = after.end()
        if after[1] != b"]":
            raise _LeftError
        return JsonArray(starts, self._items, only_objects=only_objects), after.end(1)

    def _items(self, starts: Sequence[int]) -> Iterator[Any]:
        window = _Window(self._data)
        for start in starts:
            yield window.value(start)[0]

    def _check_whole(self, value: object, at: int, end: int) -> None:
        """Refuse half a character, which only an escape can make."""
        if self._has_halves and any(self._data.find(half, at, end) >= 0 for half in HALVES):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
