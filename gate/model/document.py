"""A parsed text document that remembers where each part is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from gate.model.location import Location
from gate.model.records import dataclass
from gate.model.value import Value

Key: TypeAlias = str | int
Path: TypeAlias = tuple[Key, ...]
"""Keys and list positions from a document's root, as in `("spec", "containers", 0, "image")`."""

_COLUMN_BITS = 32
_COLUMN = (1 << _COLUMN_BITS) - 1
_MOST_PACKED: Final = 2_000
"""Parts of a document whose value is packed."""
_NONE: Final[Mapping[int, Sequence[tuple[tuple[str, ...], str]]]] = MappingProxyType({})


def mark(line: int, column: int) -> int:
    """Pack a line and a column, both from 0, into one of a document's marks."""
    return line << _COLUMN_BITS | column


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its plain value, and the place of every part.

    Marks are kept flat, eight bytes a part, because most documents are never asked for a
    place; which mark is whose is found when a place inside is asked for, level by level.
    """

    held: Value
    path: str
    """As the caller named the file."""
    marks: Sequence[int] = field(repr=False)
    """The root's mark, then depth first in the value's own order one mark for each
    mapping key (its value's parts follow it) and each sequence item."""
    ignores: Mapping[int, Sequence[tuple[tuple[str, ...], str]]] = field(
        default_factory=lambda: _NONE, repr=False
    )
    """By the line (from 1) that is meant: names of rules and the reason of each comment
    `# gate: ignore[rule] reason` in the file."""

    @property
    def value(self) -> Any:  # noqa: ANN401  # any JSON value
        """Dict with string keys, list, str, int, float, bool or None, all the way down."""
        return self.held.plain

    def forget(self) -> None:
        """Free what can be made again: what places are found by, and a value that is packed."""
        self.held.forget()

    def pack(self) -> None:
        """Take little room until somebody looks at the document again.

        One of many parts stays as it is: its value would be long in the making.
        """
        self.forget()
        if len(self.marks) <= _MOST_PACKED:
            self.held.pack()

    def place(self, *path: Key) -> Location:
        """Return where the key or item at `path` is, or its nearest parent that does."""
        found = self.marks[self.held.position(path) if path else 0]
        return Location(self.path, (found >> _COLUMN_BITS) + 1, (found & _COLUMN) + 1)
