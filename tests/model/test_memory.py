"""Memory while many documents are read and judged."""

from __future__ import annotations

import ctypes

import pytest

from gate.model import memory
from gate.model.memory import give_back, given_away


def test_what_is_given_away_comes_in_its_order_and_is_kept_by_nobody() -> None:
    items = ["a", "b", "c"]
    read = given_away(items)
    assert [(next(read), len(items)) for _ in range(3)] == [("a", 2), ("b", 1), ("c", 0)]
    assert list(read) == []


def test_memory_is_given_back_each_time_that_thousands_were_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left: list[int] = []
    items = list(range(10_000))
    monkeypatch.setattr(memory, "give_back", lambda: left.append(len(items)))
    assert list(given_away(items)) == list(range(10_000))
    assert left == [8_191, 4_095]


def test_few_items_ask_the_system_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "give_back", None)  # would fail if it were called
    assert list(given_away(list(range(4_095)))) == list(range(4_095))


class _Library:
    """A C library that notes what it is asked."""

    def __init__(self, asked: list[int]) -> None:
        self.malloc_trim = asked.append


def test_memory_is_given_back_by_the_c_library_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda _: _Library(asked))
    give_back()
    assert asked == [0]


@pytest.mark.parametrize("error", [None, OSError(), TypeError()])
def test_a_system_without_such_a_library_keeps_its_memory(
    error: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def library(name: object) -> object:
        asked.append(name)
        if error:
            raise error
        return object()

    monkeypatch.setattr(ctypes, "CDLL", library)
    give_back()
    assert asked == [None]
