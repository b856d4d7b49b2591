"""Lines of the files that were judged, for reports that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from gate.model.location import Location

_BREAKS: Final = ("\r", "\u0085", "\u2028", "\u2029")
"""What some readers of YAML take for the end of a line, and others do not."""


class Lines:
    """Files by the names that locations have, and their lines when they are asked for."""

    __slots__ = ("_files", "_read")

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Take each file's name and content."""
        self._files = dict(files)
        self._read: tuple[str, list[str] | None] = ("", None)

    def renamed(self, name: Callable[[str], str]) -> Lines:
        """Return the same files by other names."""
        return Lines((name(path), content) for path, content in self._files.items())

    def at(self, place: Location) -> str | None:
        """Return the line of a place, without its end.

        None where there is no such file or line, where the file is not UTF-8, and where readers
        would count its lines in different ways: a wrong line would be worse than none.
        """
        if self._read[0] != place.path or self._read[1] is None:
            self._read = (place.path, self._split(place.path))
        lines = self._read[1]
        return lines[place.line - 1] if lines and 0 < place.line <= len(lines) else None

    def _split(self, path: str) -> list[str] | None:
        try:
            text = self._files.get(path, b"").decode().replace("\r\n", "\n")
        except UnicodeDecodeError:
            return None
        if any(mark in text for mark in _BREAKS):
            return None
        return text.removeprefix("\ufeff").split("\n")
