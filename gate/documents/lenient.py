"""Parsed documents read leniently: a part of another shape counts as absent.

For what other tools judge and gate only looks at, such as any field of a manifest: a pod whose
`containers` is a text has no containers, and no question about it can fail. What decides by
itself is read with `gate.documents.strict`.

>>> pod = {"spec": {"containers": [{"name": "app"}, "web"], "hostNetwork": "true"}}
>>> dig(pod, "spec", "hostNetwork")
'true'
>>> dig(pod, "spec", "hostNetwork", "name") is None
True
>>> list(mappings(dig(pod, "spec", "containers")))
[(0, {'name': 'app'})]
>>> strings(["a", 1, "b"])
['a', 'b']
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from gate.model.document import Path


def dig(value: Any, *path: str) -> Any:  # noqa: ANN401  # any JSON value
    """Return what is at a path of keys; None where there is nothing, or no mapping."""
    for key in path:
        if value.__class__ is not dict:
            return None
        value = value.get(key)
    return value


def mapping(value: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
    """Return the value if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:  # noqa: ANN401  # any JSON value
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def mappings(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:  # noqa: ANN401  # any JSON value
    """Yield the mappings of a list with their positions; nothing where it is no list."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield index, item


def text(value: Any) -> str:  # noqa: ANN401  # any JSON value
    """Return the value if it is text, else an empty text."""
    return value if isinstance(value, str) else ""


def strings(value: Any) -> list[str]:  # noqa: ANN401  # any JSON value
    """Return the texts of a list; nothing where it is no list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def texts_in(
    value: Any,  # noqa: ANN401  # any JSON value
    path: Path,
    apart: Collection[Path] = (),
) -> Iterator[tuple[Path, str]]:
    """Yield each text in a value, with its path; nothing at or below the paths `apart`."""
    if path in apart:
        return
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(inner, (*path, key), apart)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(inner, (*path, index), apart)


def is_number(value: Any) -> TypeGuard[int | float]:  # noqa: ANN401  # any JSON value
    """Whether the value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def labels(value: Any) -> dict[str, str]:  # noqa: ANN401  # any JSON value
    """Return the entries of a mapping whose values are text, as labels and annotations are."""
    return {k: v for k, v in mapping(value).items() if isinstance(v, str)}
