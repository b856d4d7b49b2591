"""A parsed text document that remembers where each part stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from gate.model.location import Location

Key: TypeAlias = str | int
Path: TypeAlias = tuple[Key, ...]
"""Keys and list positions from a document's root, as in `("spec", "containers", 0, "image")`."""

Places: TypeAlias = tuple[int, int, "dict[Key, Places] | None"]
"""Line and column from 0 of a part, and the places of its own parts."""

_COLUMN_BITS = 32
_COLUMN = (1 << _COLUMN_BITS) - 1


def mark(line: int, column: int) -> int:
    """Pack a line and a column, both from 0, into one of a document's marks."""
    return line << _COLUMN_BITS | column


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its plain value, and the place of every part.

    Marks are kept flat, eight bytes a part, because most documents are never asked
    for a place; the tree is built when the first place inside is asked for.
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
    _tree: list[Places] = field(default_factory=list, compare=False, repr=False)

    @property
    def places(self) -> Places:
        """The place of the root and of every part."""
        if not isinstance(self.value, dict | list):
            root = self.marks[0]
            return root >> _COLUMN_BITS, root & _COLUMN, None
        if not self._tree:
            self._tree.append(_tree(self.value, iter(self.marks)))
        return self._tree[0]

    def forget(self) -> None:
        """Free the places of the parts; they are built again when one is asked for."""
        self._tree.clear()

    def place(self, *path: Key) -> Location:
        """Return where the key or item at `path` stands, or its nearest parent that does."""
        if not path or not isinstance(self.value, dict | list):
            root = self.marks[0]
            return Location(self.path, (root >> _COLUMN_BITS) + 1, (root & _COLUMN) + 1)
        line, column, parts = self.places
        for key in path:
            if parts is None or key not in parts:
                break
            line, column, parts = parts[key]
        return Location(self.path, line + 1, column + 1)


def _tree(value: Any, marks: Iterator[int]) -> Places:  # noqa: ANN401  # any JSON value
    here = next(marks)
    parts: dict[Key, Places] = {}
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(part, dict | list):
            parts[key] = _tree(part, marks)
        else:
            # Most parts are no containers: a call for each of them would double the time.
            mark_of = next(marks)
            parts[key] = (mark_of >> _COLUMN_BITS, mark_of & _COLUMN, None)
    return here >> _COLUMN_BITS, here & _COLUMN, parts
