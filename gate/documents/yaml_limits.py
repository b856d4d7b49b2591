"""How much YAML is read, and how it is said that there is more, or that it is wrong."""

from __future__ import annotations

from typing import Final

from gate.errors import DocumentError
from gate.model.location import Location

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_NODES: Final = 1_000_000
"""Counted after aliases are expanded."""
MAX_DOCUMENTS: Final = 5_000


def refuse(code: str, problem: str, location: Location, *, remedy: str) -> DocumentError:
    """Return the error that says what is wrong with a document and where."""
    return DocumentError(code, problem, remedy=remedy, location=location)


def too_many_documents(location: Location) -> DocumentError:
    """Return the error for one document more than a file may have."""
    problem = f"more than {MAX_DOCUMENTS} documents in one file"
    return refuse("yaml-too-many-documents", problem, location, remedy="split the file")


def moved(location: Location, origin: tuple[int, int]) -> Location:
    """Return a place in a part of a file as a place in the file.

    `origin` is the line and the column, both from 0, at which the part begins.
    """
    line, column = origin
    if location.line > 1:
        column = 0
    return Location(location.path, location.line + line, location.column + column)
