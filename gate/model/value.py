"""A plain value that takes little room while nobody looks at it."""

from __future__ import annotations

import marshal
from collections import deque
from typing import Any, Final

_LARGEST: Final = 16_384
"""Bytes of a packed value. A larger one stays as it is: who goes from one large value to
another and back would wait for each anew."""
_UNPACKED: Final = 32
"""Packed values that keep what they were unpacked to, those that were asked for last."""


class Value:
    """A value as JSON has them: dict with text keys, list, str, int, float, bool or None.

    Nobody changes it. While it is packed, `plain` may be another object each time, all of them
    equal. Several threads may use it.
    """

    __slots__ = ("_indexes", "_packed", "plain")
    plain: Any
    """The value itself."""

    def __init__(self, plain: Any) -> None:  # noqa: ANN401  # any JSON value
        """Hold a value."""
        self.plain = plain
        self._packed = b""
        self._indexes: _Indexes | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any JSON value
        """Return the value where it is packed, and `plain` has nothing."""
        if name != "plain":
            raise AttributeError(name)
        plain = self.plain = marshal.loads(self._packed)  # noqa: S302  # what `pack` wrote
        _last.append(self)
        if len(_last) > _UNPACKED:
            _last.popleft().close()
        return plain

    def pack(self) -> None:
        """Keep the value as some bytes, a quarter of its size, unless they are more than 16 KiB.

        Packing a kilobyte takes 3 microseconds, and unpacking it 5. What several parts of a value
        share is packed once: aliases in YAML make nothing grow.
        """
        if not self._packed:
            packed = marshal.dumps(self.plain)
            if len(packed) > _LARGEST:
                return
            self._packed = packed
        self.forget()

    def forget(self) -> None:
        """Free what can be made again: what positions are found by, and a value that is packed."""
        self._indexes = None
        self.close()

    def close(self) -> None:
        """Let go of what was unpacked."""
        if self._packed:
            try:  # noqa: SIM105  # a context manager takes three times as long
                del self.plain
            except AttributeError:
                pass  # nobody asked for it

    def position(self, path: tuple[str | int, ...]) -> int:
        """Return how many parts come before the one at a path, or before its nearest parent.

        Counted is depth first: the value itself is 0. What is made to find it is kept until
        `forget` is called.
        """
        found = self._indexes  # which another thread may free
        if found is None:
            plain = self.plain
            if plain.__class__ not in _HOLDERS:
                return 0
            found = self._indexes = _Indexes(plain)
        return found.of(path)

    def __eq__(self, other: object) -> bool:
        """Whether the other one holds an equal value."""
        return isinstance(other, Value) and bool(self.plain == other.plain)

    __hash__ = None  # type: ignore[assignment]  # mappings and lists have none

    def __repr__(self) -> str:
        """Return how the value is written in Python."""
        return f"Value({self.plain!r})"


_last: Final[deque[Value]] = deque()


class _Indexes:
    """Which mark of a document is that of a part. Linear in the parts, however many are asked."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401  # any JSON value
        self._value = value
        self._sizes: dict[int, int] = {}
        self._levels: dict[int, dict[str | int, int]] = {}
        _measure(value, self._sizes)

    def of(self, path: tuple[str | int, ...]) -> int:
        at = 0
        value = self._value
        for key in path:
            level = self._levels.get(at)
            if level is None:
                level = self._levels[at] = self._level(value, at)
            below = level.get(key)
            if below is None:
                break
            at = below
            value = value[key]
            if value.__class__ not in _HOLDERS:
                break
        return at

    def _level(self, value: Any, at: int) -> dict[str | int, int]:  # noqa: ANN401  # any JSON value
        """Return the mark of each part of a mapping or list, whose own mark is `at`."""
        sizes = self._sizes
        level: dict[str | int, int] = {}
        at += 1
        for key, part in value.items() if value.__class__ is dict else enumerate(value):
            level[key] = at
            at += sizes[id(part)] if part.__class__ in _HOLDERS else 1
        return level


def _measure(value: Any, sizes: dict[int, int]) -> int:  # noqa: ANN401  # any JSON value
    """Note how many marks each mapping and list at or below a value has, its own among them.

    What several aliases mean is one value, measured once.
    """
    size = 1 + len(value)
    for part in value.values() if value.__class__ is dict else value:
        if part.__class__ in _HOLDERS:
            size += (sizes.get(id(part)) or _measure(part, sizes)) - 1
    sizes[id(value)] = size
    return size


_HOLDERS: Final[frozenset[type]] = frozenset((dict, list))
