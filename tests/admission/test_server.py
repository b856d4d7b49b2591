"""What a server does to itself so that its pauses are short."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Iterator

import pytest

from gate.admission.process import settle


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
