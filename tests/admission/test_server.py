"""What a server does to itself so that its pauses are short."""

from __future__ import annotations

import gc
import sys
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
