from __future__ import annotations

from threading import Event

import pytest

from gate.signing.deadline import within


def test_what_is_done_in_time_is_returned() -> None:
    assert within(10, lambda: "done") == "done"


def test_nothing_is_an_answer_too() -> None:
    assert within(10, lambda: None) is None


def test_what_goes_wrong_in_time_is_raised() -> None:
    def fail() -> None:
        msg = "wrong"
        raise LookupError(msg)

    with pytest.raises(LookupError, match="wrong"):
        within(10, fail)


def test_what_is_not_done_in_time_is_given_up() -> None:
    given_up = Event()
    with pytest.raises(TimeoutError, match=r"no answer within 0.01 seconds"):
        within(0.01, lambda: given_up.wait(10))
    given_up.set()
