"""What a server does to itself: its pauses are short, and what it does in rounds goes on."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from gate.admission.process import rounds, settle


@pytest.fixture
def restored() -> Iterator[None]:
    interval = sys.getswitchinterval()
    yield
    sys.setswitchinterval(interval)
    gc.unfreeze()


@pytest.mark.usefixtures("restored")
def test_what_is_there_at_the_start_is_never_walked_over_again() -> None:
    before = len(gc.get_objects())
    settle()
    assert len(gc.get_objects()) < before / 10
    assert sys.getswitchinterval() == pytest.approx(0.001)


class Node:
    """A part of a circle, which the collector alone takes away."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("restored")
def test_what_nobody_needs_any_more_is_taken_away_before_that() -> None:
    gc.disable()
    try:
        gone = weakref.ref(Node())
        assert gone() is not None
        settle()
        assert gone() is None
    finally:
        gc.enable()


def test_a_defect_in_one_round_is_logged_and_ends_no_other_round() -> None:
    logged: list[dict[str, Any]] = []
    said: list[Exception | None] = [ValueError("\x1b[31m"), KeyError("kind"), None]

    async def work() -> None:
        if not said:
            raise asyncio.CancelledError
        error = said.pop(0)
        if error is not None:
            raise error

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(rounds(0.0, work, logged.append))
    assert logged == [
        {"event": "round-failed", "code": "internal-error", "why": "ValueError: \\x1b[31m"},
        {"event": "round-failed", "code": "internal-error", "why": "KeyError: 'kind'"},
    ]


def test_a_round_comes_again_and_again_and_not_before_its_time() -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1
        if done == 3:
            raise asyncio.CancelledError

    async def go(every: float, seconds: float) -> None:
        await asyncio.wait_for(rounds(every, work, print), seconds)

    with pytest.raises(TimeoutError):
        asyncio.run(go(60.0, 0.01))
    assert done == 0
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(go(0.0, 30.0))
    assert done == 3
