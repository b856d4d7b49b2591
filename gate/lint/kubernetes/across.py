"""What fields say together: for each definition, what the API server asks of its fields as a whole.

Each function takes the value of one definition, and its path from the object's root, and yields
the field that is wrong with a sentence. It asks nothing about types: `faults` says where those
are wrong. Source: `pkg/apis/*/validation` of https://github.com/kubernetes/kubernetes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from gate.model.document import Path
from gate.model.records import dataclass

Problem: TypeAlias = tuple[Path, str]
Across: TypeAlias = Callable[[dict[str, Any], Path], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Dated:
    """What not every version of Kubernetes asks."""

    asked: Across
    versions: range
    """The minor versions that ask it: `range(33, NEVER)` since 1.33, `range(33)` before it."""


Asked: TypeAlias = Across | Dated


def is_set(value: Any) -> bool:  # noqa: ANN401  # any JSON value
    """Whether a field counts as written: not null, and not an empty text or list."""
    return value is not None and value not in ("", [])


def one(names: tuple[str, ...], what: str) -> Across:
    """Return what asks that one of some fields is written, and not two.

    `what` names the thing in a message: `a probe` for `a probe must have one of exec, …`.
    """

    def across_(value: dict[str, Any], path: Path) -> Iterator[Problem]:
        written = [name for name in names if value.get(name) is not None]
        if not written:
            yield path, f"{what} must have one of {', '.join(names)}"
        for name in written[1:]:
            yield (*path, name), f"{what} has {written[0]} and {name}; it may have only one of them"

    return across_


def at_most_one(names: tuple[str, ...], what: str) -> Across:
    """Return what asks that of some fields no two are written."""

    def across_(value: dict[str, Any], path: Path) -> Iterator[Problem]:
        written = [name for name in names if is_set(value.get(name))]
        for name in written[1:]:
            yield (*path, name), f"{what} has {written[0]} and {name}; it may have only one of them"

    return across_


def needed(*names: str) -> Across:
    """Return what asks that fields are there and not null."""

    def across_(value: dict[str, Any], path: Path) -> Iterator[Problem]:
        for name in names:
            if value.get(name) is None:
                yield (*path, name), f"{name} must be set"

    return across_


def duplicates(
    values: Any,  # noqa: ANN401  # any JSON value
    path: Path,
    key: str,
    what: str,
    seen: dict[str, Path] | None = None,
) -> Iterator[Problem]:
    """Yield each item of a list whose text under a key an earlier item has too."""
    seen = {} if seen is None else seen
    for index, item in enumerate(values) if isinstance(values, list) else ():
        name = item.get(key) if isinstance(item, dict) else None
        if isinstance(name, str) and name:
            if name in seen:
                yield (*path, index, key), f"{what} has the same {key} as an earlier one"
            seen.setdefault(name, (*path, index, key))
