"""A parsed text document that remembers where each part stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from gate.model.location import Location

Key: TypeAlias = str | int
Path: TypeAlias = tuple[Key, ...]
"""Keys and list positions from a document's root, as in `("spec", "containers", 0, "image")`."""

Places: TypeAlias = tuple[int, int, "dict[Key, Places] | None"]
"""Line and column from 0 of a part, and the places of its own parts."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file: its plain value, and the place of every part."""

    value: Any
    """dict with string keys, list, str, int, float, bool or None, all the way down."""
    path: str
    """As the caller named the file."""
    places: Places

    def place(self, *path: Key) -> Location:
        """Return where the key or item at `path` stands, or its nearest parent that does."""
        line, column, parts = self.places
        for key in path:
            if parts is None or key not in parts:
                break
            line, column, parts = parts[key]
        return Location(self.path, line + 1, column + 1)
