"""Memory while many documents are read and judged."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

T = TypeVar("T")
_MANY: Final = 4_096
"""Items after which it is worth to give memory back."""


@contextmanager
def without_collector() -> Iterator[None]:
    """Suspend the cycle collector: parsing and judging make no cycles.

    Walking millions of live parts again and again costs a third of the time. The collector
    is left as it was found.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def given_away(items: list[T]) -> Iterator[T]:
    """Yield the items in their order and empty the list: what was used is kept by nobody."""
    items.reverse()
    while items:
        yield items.pop()
        if len(items) % _MANY == _MANY - 1:
            give_back()


def give_back() -> None:
    """Give the system what is free between parts that are in use, where the C library can.

    glibc keeps such room for itself, and uses it for large parts alone, while Python takes new
    room for small ones. Of other C libraries nothing is asked.
    """
    try:
        import ctypes  # noqa: PLC0415  # only where there is much to free

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    except (ImportError, OSError, TypeError):  # no ctypes; a system that has no such library
        return
    if trim is not None:
        trim(0)
