"""A mapping whose values are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

V = TypeVar("V")


class ByName(Mapping[str, V], Generic[V]):
    """Knows every name from the start, and makes a value each time that it is asked for.

    So what a run does not name is not imported. What `make` raises is raised by the lookup.
    """

    def __init__(self, names: Iterable[str], make: Callable[[str], V]) -> None:
        """Take the names, in the order in which they are listed, and what makes a value."""
        self._names = dict.fromkeys(names)
        self._make = make

    def __getitem__(self, name: str) -> V:
        """Return the value of a name. Raises KeyError for another name."""
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        """Whether it is one of the names. Makes nothing."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Return the names in order."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._names)
