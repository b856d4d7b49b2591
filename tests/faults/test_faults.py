"""A fault of any call never clears a release, never hangs, leaves nothing half, tells no secret."""

from __future__ import annotations

import pytest

from tests.faults.kinds import CANARY, Boundary, Fault, Seen, Switch
from tests.faults.table import boundaries, some_cases, tried

BOUNDARIES = {boundary.name: boundary for boundary in boundaries()}


@pytest.mark.parametrize("name", BOUNDARIES)
def test_each_call_with_a_fault_leaves_nothing_wrong(name: str) -> None:
    boundary = BOUNDARIES[name]
    calls = len(boundary.calls())
    row = tried(boundary, some_cases(boundary, calls), calls)
    assert row.wrong == []
    assert sum(count for of in row.outcomes.values() for count in of.values()) >= calls


@pytest.mark.parametrize("name", BOUNDARIES)
def test_without_a_fault_a_run_is_as_it_should_be(name: str) -> None:
    seen = BOUNDARIES[name].run(-1, None)
    good = {"cleared", "signed", "believed", "read", "blocked vulnerability-found"}
    assert seen.outcome in good
    assert BOUNDARIES[name].wrong(seen) == []


def boundary(*, blocked: bool = False) -> Boundary:
    return Boundary("b", "", list, lambda *_: Seen("", 0), (), 1.0, blocked=blocked)


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        (Seen("cleared", 0), ["cleared"]),
        (Seen("blocked x", 2), ["it took 2.0 s"]),
        (Seen("blocked x", 0, (f"a {CANARY} b".encode(),)), ["a secret is told"]),
        (Seen("blocked x", 0, (), ("half",)), ["half"]),
        (Seen("blocked x", 0, (b"no secret",)), []),
    ],
)
def test_what_may_not_be_is_seen(seen: Seen, wrong: list[str]) -> None:
    assert boundary(blocked=True).wrong(seen) == wrong


def test_a_release_that_is_in_order_may_be_cleared() -> None:
    assert boundary().wrong(Seen("cleared", 0)) == []


def test_a_fault_comes_at_its_call_and_stays_for_the_same_thing() -> None:
    switch = Switch(1, Fault.FAILS)
    assert [switch.fault(what) for what in "abab"] == [None, Fault.FAILS, None, Fault.FAILS]
    once = Switch(1, Fault.ONCE)
    assert [once.fault(what) for what in "abab"] == [None, Fault.ONCE, None, None]
