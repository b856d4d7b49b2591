"""How the tables of `gate.lint.kubernetes` are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

NEVER: Final = 1000
"""A minor version that no Kubernetes has."""


def rows(table: str) -> Iterator[list[str]]:
    """Yield the words of each row of a table, which an indented line continues."""
    return (row.split() for row in table.replace("\n ", " ").splitlines())


def versions(since: str, before: str) -> range | None:
    """Return the minor versions from one on and before another; None where neither is given.

    >>> versions("31", ""), versions("", "33"), versions("", "")
    (range(31, 1000), range(0, 33), None)
    """
    return range(int(since or 0), int(before or NEVER)) if since or before else None
