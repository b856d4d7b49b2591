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
