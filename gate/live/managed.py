"""Fields that a deploy policy leaves to controllers, such as `spec.replicas` of an autoscaler.

A path is keys with dots between them, `[*]` for every item of a list, `[0]` for one, and
`[name=istio-proxy]` for the item whose `name` is that; `*` is any key. A key with dots, brackets
or quotes in it is in brackets and quotes: `metadata.annotations["sidecar.istio.io/status"]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from gate.model.expressions import expression
from gate.model.records import dataclass

_SEGMENT: Final = expression(
    r'(?:(?P<dot>\.)?(?P<key>[^.\[\]"=\s]+)|\["(?P<quoted>[^"\\]+)"\]|\[(?P<any>\*)\]'
    r"|\[(?P<index>[0-9]{1,7})\]|\[(?P<field>[A-Za-z]+)=(?P<value>[^\]\[]+)\])"
)
_MAX_PATH: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One step of a path: a key of a mapping, or an item of a list."""

    key: str | None = None
    """`*` for any; None for an item."""
    index: int | None = None
    field: str | None = None
    value: str | None = None
    """Of an item: what its `field` holds. All None for every item."""

    def fits_key(self, key: str) -> bool:
        """Whether it is a key of a mapping."""
        return self.key is not None and self.key in ("*", key)

    def fits_item(self, index: int, item: Any) -> bool:  # noqa: ANN401  # any JSON value
        """Whether it is an item of a list."""
        if self.key is not None:
            return False
        if self.field is not None:
            return isinstance(item, dict) and item.get(self.field) == self.value
        return self.index is None or self.index == index


Segments: TypeAlias = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Managed:
    """A field of some kind of object that controllers own."""

    kind: str
    """`Deployment`, of every API group, `apps/Deployment`, or `*` for every kind."""
    path: Segments

    def is_of(self, api_version: object, kind: object) -> bool:
        """Whether it is a field of this kind of object."""
        group, slash, name = self.kind.rpartition("/")
        own = str(api_version).rpartition("/")[0]
        return name in ("*", kind) and (not slash or group == own)


def parse_path(text: str) -> Segments:
    """Read a path. Raises ValueError with one sentence."""
    found: list[Segment] = []
    at = 0
    while at < len(text) <= _MAX_PATH:
        match = _SEGMENT.match(text, at)
        if match is None or (match["key"] and bool(match["dot"]) is not bool(found)):
            break
        at = match.end()
        key = match["key"] or match["quoted"]
        index = None if match["index"] is None else int(match["index"])
        found.append(Segment(key=key, index=index, field=match["field"], value=match["value"]))
    if not found or at < len(text) or found[0].key is None:
        msg = (
            f"{text[:80]!r} is no path of a field, such as spec.replicas or "
            "spec.template.spec.containers[name=istio-proxy]"
        )
        raise ValueError(msg)
    return tuple(found)


def narrowed(
    rules: Sequence[Segments],
    step: str | int,
    item: Any = None,  # noqa: ANN401  # any JSON value
) -> tuple[tuple[Segments, ...], bool]:
    """Return what is left of the rules below a key or an item, and whether one ends there."""
    rest = tuple(
        rule[1:]
        for rule in rules
        if (rule[0].fits_key(step) if isinstance(step, str) else rule[0].fits_item(step, item))
    )
    return tuple(rule for rule in rest if rule), any(not rule for rule in rest)
