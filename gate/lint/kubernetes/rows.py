"""How the tables of `gate.lint.kubernetes.fields` are read."""

from __future__ import annotations

from collections.abc import Iterator


def rows(table: str) -> Iterator[list[str]]:
    """Yield the words of each row of a table, which an indented line continues."""
    return (row.split() for row in table.replace("\n ", " ").splitlines())
