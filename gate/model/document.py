"""A parsed text document that remembers where each part is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Final, TypeAlias

from gate.model.location import Location
from gate.model.records import dataclass

Key: TypeAlias = str | int
Path: TypeAlias = tuple[Key, ...]
"""Keys and list positions from a document's root, as in `("spec", "containers", 0, "image")`."""

_COLUMN_BITS = 32
_COLUMN = (1 << _COLUMN_BITS) - 1


def mark(line: int, column: int) -> int:
    """Pack a line and a column, both from 0, into one of a document's marks."""
    return line << _COLUMN_BITS | column


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its plain value, and the place of every part.

    Marks are kept flat, eight bytes a part, because most documents are never asked for a
    place; which mark is whose is found when a place inside is asked for, level by level.
    """

    value: Any
    """dict with string keys, list, str, int, float, bool or None, all the way down."""
    path: str
    """As the caller named the file."""
    marks: Sequence[int] = field(repr=False)
    """The root's mark, then depth first in the value's own order one mark for each
    mapping key (its value's parts follow it) and each sequence item."""
    ignores: Mapping[int, Sequence[tuple[tuple[str, ...], str]]] = field(
        default_factory=dict, repr=False
    )
    """By the line (from 1) that is meant: names of rules and the reason of each comment
    `# gate: ignore[rule] reason` in the file."""
    _found: list[_Indexes] = field(default_factory=list, compare=False, repr=False)

    def forget(self) -> None:
        """Free what places were found by; it is made again when one is asked for."""
        self._found.clear()

    def place(self, *path: Key) -> Location:
        """Return where the key or item at `path` is, or its nearest parent that does."""
        at = 0
        if path and self.value.__class__ in _HOLDERS:
            if not self._found:
                self._found.append(_Indexes(self.value))
            at = self._found[0].of(path)
        found = self.marks[at]
        return Location(self.path, (found >> _COLUMN_BITS) + 1, (found & _COLUMN) + 1)


class _Indexes:
    """Which mark of a document is that of a part. Linear in the parts, however many are asked."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401  # any JSON value
        self._value = value
        self._sizes: dict[int, int] = {}
        self._levels: dict[int, dict[Key, int]] = {}
        _measure(value, self._sizes)

    def of(self, path: Path) -> int:
        at = 0
        value = self._value
        for key in path:
            level = self._levels.get(at)
            if level is None:
                level = self._levels[at] = self._level(value, at)
            below = level.get(key)
            if below is None:
                break
            at = below
            value = value[key]
            if value.__class__ not in _HOLDERS:
                break
        return at

    def _level(self, value: Any, at: int) -> dict[Key, int]:  # noqa: ANN401  # any JSON value
        """Return the mark of each part of a mapping or list, whose own mark is `at`."""
        sizes = self._sizes
        level: dict[Key, int] = {}
        at += 1
        for key, part in value.items() if value.__class__ is dict else enumerate(value):
            level[key] = at
            at += sizes[id(part)] if part.__class__ in _HOLDERS else 1
        return level


def _measure(value: Any, sizes: dict[int, int]) -> int:  # noqa: ANN401  # any JSON value
    """Note how many marks each mapping and list at or below a value has, its own among them.

    What several aliases mean is one value, measured once.
    """
    size = 1 + len(value)
    for part in value.values() if value.__class__ is dict else value:
        if part.__class__ in _HOLDERS:
            size += (sizes.get(id(part)) or _measure(part, sizes)) - 1
    sizes[id(value)] = size
    return size


_HOLDERS: Final[frozenset[type]] = frozenset((dict, list))
