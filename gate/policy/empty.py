"""No key of a policy is empty: what is empty demands nothing, and would seem to demand something.

`ref:` with nothing behind it is null in YAML, and so is `~`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gate.errors import PolicyError
from gate.model.document import Document, Path


def check_not_empty(document: Document) -> None:
    """Refuse the first key or item that is null. Raises PolicyError.

    A section and a list that are empty are refused where a policy's fields are read.
    """
    for path, value in _values((), document.value):
        if value is None:
            raise PolicyError(
                "policy-empty-value",
                f"{'.'.join(map(str, path))} is empty",
                remedy="fill it in, or remove the key",
                location=document.place(*path),
            )


def _values(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401  # parsed YAML
    """Yield each value of a document with its place, in the order of the text."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values((*path, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _values((*path, index), inner)
