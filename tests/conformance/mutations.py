"""Every way in which one part of a JSON document can be wrong."""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_GONE: Final = object()
_POSITIONS: Final = 12
"""Into how many parts flips divide a text."""
_DEFAULTS: Final[tuple[object, ...]] = ("0", 0, "", [])
"""What ProtoJSON means where a field is absent."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A document that differs from a valid one in one place."""

    path: Path
    operator: str
    document: dict[str, Any]

    @property
    def place(self) -> str:
        """The path as text, without positions in lists."""
        return ".".join(str(key) for key in self.path if not isinstance(key, int))


def mutations(document: dict[str, Any], other: dict[str, Any]) -> Iterator[Mutation]:
    """Return the document with each part changed by each operator that changes it.

    `other` is a valid document of the same kind, from which parts are taken in exchange.
    """
    for path, value in _parts(document, ()):
        seen = [value]
        for operator, change in _OPERATORS.items():
            for changed in change(value):
                if (changed in seen and type(changed) in map(type, seen)) or (
                    changed is None and value in _DEFAULTS
                ):
                    continue
                seen.append(changed)
                yield Mutation(path, operator, _with(document, path, changed))
        if value not in _DEFAULTS:
            yield Mutation(path, "remove", _with(document, path, _GONE))
        theirs = _at(other, path)
        if theirs is not _GONE and theirs != value:
            yield Mutation(path, "swap", _with(document, path, theirs))


def _parts(value: object, path: Path) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _parts(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _parts(part, (*path, index))


def _at(document: object, path: Path) -> Any:  # noqa: ANN401  # any JSON
    value: Any = document
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return _GONE
    return value


def _with(document: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    target = _at(changed, path[:-1])
    if value is _GONE:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed


def _flips(value: object) -> Iterator[object]:
    """Change a bit at the start, at the end and between of bytes and text, and numbers by one."""
    if isinstance(value, str):
        data = _decoded(value)
        for at in {(len(data) - 1) * part // _POSITIONS for part in range(_POSITIONS + 1) if data}:
            flipped = bytearray(data)
            flipped[at] ^= 1
            yield _encoded(bytes(flipped), value)
    elif isinstance(value, int):
        yield from (value + 1, value ^ 1)


def _resized(value: object) -> Iterator[object]:
    """Make bytes, text and decimal numbers longer and shorter by one."""
    if isinstance(value, str) and value:
        data = _decoded(value)
        yield from (_encoded(data[:-1], value), _encoded(data + b"0", value))
        yield _encoded(b"0" + data, value)


def _duplicated(value: object) -> Iterator[object]:
    if isinstance(value, list) and value:
        yield [*value, copy.deepcopy(value[-1])]


def _reordered(value: object) -> Iterator[object]:
    if isinstance(value, list):
        yield value[::-1]


def _emptied(value: object) -> Iterator[object]:
    yield {dict: {}, list: [], str: "", int: 0}.get(type(value))


def _retyped(value: object) -> Iterator[object]:
    yield from ([value], None)


_OPERATORS: Final[dict[str, Callable[[object], Iterator[object]]]] = {
    "flip": _flips,
    "resize": _resized,
    "duplicate": _duplicated,
    "reorder": _reordered,
    "empty": _emptied,
    "retype": _retyped,
}


def _decoded(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()
    return data if base64.b64encode(data).decode() == text else text.encode()


def _encoded(data: bytes, like: str) -> str:
    if _decoded(like) != like.encode():
        return base64.b64encode(data).decode()
    return data.decode("latin-1")
