"""How new entries are written: as lines of a block, in braces, and as lines inside of braces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any


def as_block(entries: Mapping[str, Any], column: int, step: int) -> Iterator[str]:
    """Yield the lines of entries in block style, lists in brackets, sorted by key.

    `{"a": {"b": True}, "c": ["X"]}` at column 2 becomes `  a:`, `    b: true` and `  c: [X]`.
    Keys and texts are plain words.
    """
    indent = " " * column
    for key, value in sorted(entries.items()):
        if isinstance(value, Mapping):
            yield f"{indent}{key}:"
            yield from as_block(value, column + step, step)
        else:
            yield f"{indent}{key}: {as_flow(value, quoted=False)}"


def as_flow(value: Any, *, quoted: bool) -> str:  # noqa: ANN401  # any JSON value
    """Return a value on one line, entries in braces; `quoted` as JSON has it."""
    if isinstance(value, Mapping):
        pairs = (
            f"{_word(k, quoted=quoted)}: {as_flow(v, quoted=quoted)}"
            for k, v in sorted(value.items())
        )
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(as_flow(item, quoted=quoted) for item in value)}]"
    return _word(value, quoted=quoted) if isinstance(value, str) else json.dumps(value)


def as_lines(entries: Mapping[str, Any], indent: str, step: str, *, quoted: bool) -> str:
    """Return entries as lines inside of braces, without the comma that follows the last."""
    return ",\n".join(
        f"{indent}{_word(key, quoted=quoted)}: {_nested(value, indent, step, quoted=quoted)}"
        for key, value in sorted(entries.items())
    )


def _nested(value: Any, indent: str, step: str, *, quoted: bool) -> str:  # noqa: ANN401  # JSON
    if isinstance(value, Mapping):
        return f"{{\n{as_lines(value, indent + step, step, quoted=quoted)}\n{indent}}}"
    return as_flow(value, quoted=quoted)


def _word(word: str, *, quoted: bool) -> str:
    return json.dumps(word) if quoted else word
