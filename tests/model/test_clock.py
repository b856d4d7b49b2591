from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gate.model.clock import TOLERANCE, end_of, is_ahead

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_five_minutes_are_no_future_and_a_second_more_is() -> None:
    assert timedelta(minutes=5) == TOLERANCE
    assert not is_ahead(NOW + TOLERANCE, NOW)
    assert is_ahead(NOW + TOLERANCE + timedelta(seconds=1), NOW)
    assert not is_ahead(None, NOW)


def test_no_other_place_has_a_tolerance_of_its_own() -> None:
    """A time that is compared with `now` by `>` alone would have none at all."""
    bare = [
        f"{path}:{node.lineno}"
        for path in sorted(Path("gate").rglob("*.py"))
        if path.name != "clock.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Gt)
        and isinstance(node.comparators[0], ast.Name)
        and node.comparators[0].id == "now"
    ]
    assert bare == []


def test_what_ends_after_the_calendar_ends_with_it() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert end_of(NOW, TOLERANCE) == NOW + TOLERANCE
    assert end_of(last - TOLERANCE, TOLERANCE) == last
    assert end_of(last - TOLERANCE, 2 * TOLERANCE) == last
    assert end_of(last, TOLERANCE) == last
