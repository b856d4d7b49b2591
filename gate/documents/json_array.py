"""A long list of a JSON text, of which each item is read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

_BLOCK = 256
"""Items that are held together where a list is read from its end."""
Reader: TypeAlias = Callable[[Sequence[int]], Iterator[Any]]


class JsonArray(Sequence[Any]):
    """The items of a list that was read once, and found to be JSON that every parser reads alike.

    An item is read again each time it is asked for, and nothing here keeps it: it takes no room
    that grows with the list but four bytes for each item, and the text. It is no `list`.
    """

    __slots__ = ("_read", "_starts", "only_objects")

    def __init__(self, starts: Sequence[int], read: Reader, *, only_objects: bool) -> None:
        """Take where each item begins, and what reads the items that begin at such places.

        `only_objects` says whether each item is an object.
        """
        self._starts = starts
        self._read = read
        self.only_objects = only_objects

    def __len__(self) -> int:
        """Return how many items there are."""
        return len(self._starts)

    def __iter__(self) -> Iterator[Any]:
        """Yield each item, in order."""
        return self._read(self._starts)

    def __reversed__(self) -> Iterator[Any]:
        """Yield each item, the last one first."""
        for end in range(len(self._starts), 0, -_BLOCK):
            yield from reversed(list(self._read(self._starts[max(0, end - _BLOCK) : end])))

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401  # a place or a slice, as of any list
        """Return one item, or a list of some."""
        if isinstance(index, slice):
            return list(self._read(self._starts[index]))
        return next(self._read((self._starts[index],)))
