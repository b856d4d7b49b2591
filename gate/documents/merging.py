"""YAML merge keys: https://yaml.org/type/merge.html."""

from __future__ import annotations

from array import array
from typing import Any

from gate.documents.scalars import is_text


class MergeConflictError(ValueError):
    """A merge key that parsers read differently, or that merges no mapping."""

    def __init__(self, problem: str, remedy: str) -> None:
        """Take the cause and the next step."""
        super().__init__(problem)
        self.remedy = remedy


def size(value: Any) -> int:  # noqa: ANN401  # any JSON value
    """Return how many marks the parts of a value have."""
    if isinstance(value, dict):
        return len(value) + sum(map(size, value.values()))
    if isinstance(value, list):
        return len(value) + sum(map(size, value))
    return 0


def spans(value: dict[str, Any], marks: array[int], start: int) -> dict[str, array[int]]:
    """Return the marks of each entry of a mapping whose parts' marks begin at `start`."""
    found = {}
    for key, part in value.items():
        end = start + 1 + size(part)
        found[key] = marks[start:end]
        start = end
    return found


def check_override(key: str) -> None:
    """Refuse a key that is merged and set again, and may be another key to a parser.

    `<<: {1: a}` with `"1": b` beside it has the two keys 1 and "1" to go-yaml, which both
    become "1" in JSON, in no order. Raises MergeConflictError.
    """
    if not is_text(key):
        message = f"the key {key!r} is merged and set again, and need not be text in both"
        raise MergeConflictError(message, "set the key once")


def merge(
    into: dict[str, Any],
    value: Any,  # noqa: ANN401  # whatever stands after `<<`
    marks: array[int],
    found: dict[str, array[int]],
    inherited: set[str],
) -> None:
    """Add the entries of one mapping, or of a list of them, to a mapping.

    `marks` begin with the merge key's own. Of a list, earlier mappings win. Raises
    MergeConflictError where an entry was already written out above the merge key: go-yaml
    v2 lets the merge win, the specification does not; and as `check_override` does.

    With `base: &b {x: 1, y: 2}`: `{<<: *b, y: 3}` is `{x: 1, y: 3}`; `{<<: [*b, {x: 9, z: 4}]}`
    is `{x: 1, y: 2, z: 4}`; `{y: 3, <<: *b}` is refused, because y is 2 to one parser and 3 to
    another.
    """
    offset = 1
    sources = value if isinstance(value, list) else [value]
    for source in sources:
        if isinstance(value, list):
            offset += 1
        if not isinstance(source, dict):
            raise MergeConflictError(
                "only a mapping, or a list of mappings, can be merged",
                "point the merge key at an anchored mapping",
            )
        for key, span in spans(source, marks, offset).items():
            if key in into and key not in inherited:
                message = f"the merge overrides {key!r}, which the mapping already sets"
                raise MergeConflictError(message, "put the merge key first in the mapping")
            if key in into:
                check_override(key)
            if key not in into:
                into[key] = source[key]
                found[key] = span
                inherited.add(key)
        offset += size(source)
