"""Places in text files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file. Lines and columns count from 1; columns count characters."""

    path: str
    """As the caller named the file; `<stdin>` for standard input."""
    line: int
    column: int = 1

    def __str__(self) -> str:
        """Return `path:line:column`, which editors and CI logs turn into a link."""
        return f"{self.path}:{self.line}:{self.column}"
