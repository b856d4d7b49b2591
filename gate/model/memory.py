"""Memory while many documents are read and judged."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


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
