"""Fields of an object by a path with wildcards, as the table and a policy write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from gate.model.document import Path
from gate.model.expressions import expression

_ITEM: Final = expression(r"\[(\*|[0-9]{1,7})\]")


def select(value: Any, pattern: str, at: Path = ()) -> Iterator[Path]:  # noqa: ANN401  # any JSON
    """Yield the fields that a pattern names, from the root of `value`.

    `spec.pools[*].image` names one field of every item, `spec.*.image` one of every mapping,
    `spec.pools[0].image` one alone. Keys may hold dots themselves:
    `metadata.annotations.sidecar.istio.io/proxyImage` names the annotation.
    """
    if not pattern:
        yield at
    elif isinstance(value, list):
        item = _ITEM.match(pattern)
        if item:
            below = pattern[item.end() :].removeprefix(".")
            for index, part in enumerate(value):
                if item[1] == "*" or int(item[1]) == index:
                    yield from select(part, below, (*at, index))
    elif isinstance(value, dict):
        for key, part in value.items():
            rest = _after(pattern, key)
            if rest is not None:
                yield from select(part, rest, (*at, key))


def _after(pattern: str, key: str) -> str | None:
    """Return what is left of a pattern below a key; None where it does not name the key."""
    for name in (key, "*"):
        if pattern.startswith(name):
            rest = pattern[len(name) :]
            if not rest or rest[0] == "[":
                return rest
            if rest[0] == "." and len(rest) > 1:
                return rest[1:]
    return None


def beside(value: Any, pattern: str, path: Path) -> Path | None:  # noqa: ANN401  # any JSON value
    """Return the field of `pattern` in the same items of lists as `path`; None where none is.

    Beside `spec.pools[2].image`, `spec.pools[*].tag` is `spec.pools[2].tag`.
    """
    for key in path:
        if isinstance(key, int):
            pattern = pattern.replace("[*]", f"[{key}]", 1)
    return next(select(value, pattern), None)


def at(value: Any, path: Path) -> Any:  # noqa: ANN401  # any JSON value
    """Return what is at a path that exists."""
    for key in path:
        value = value[key]
    return value
