"""Memory while many documents are read and judged."""

from __future__ import annotations

from gate.model.memory import given_away


def test_what_is_given_away_comes_in_its_order_and_is_kept_by_nobody() -> None:
    items = ["a", "b", "c"]
    read = given_away(items)
    assert [(next(read), len(items)) for _ in range(3)] == [("a", 2), ("b", 1), ("c", 0)]
    assert list(read) == []
