"""Findings sorted file by file."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from gate.model.by_file import by_file
from gate.model.location import Location
from gate.reports.order import order
from tests.reports.sample import UNSIGNED


def test_findings_sorted_file_by_file_are_in_the_order_of_all_of_them() -> None:
    places = (None, Location("b", 9), Location("a", 10), Location("a", 9, 2), Location("a b", 1))
    found = [replace(UNSIGNED, location=place) for place in places]
    for mixed in permutations([*found, replace(found[2], id="other")]):
        assert list(by_file(mixed, order)) == sorted(mixed, key=order)
