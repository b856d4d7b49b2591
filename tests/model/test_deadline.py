from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, get_ident

import pytest

from gate.model.deadline import TimedCalls


def test_what_is_done_in_time_is_returned() -> None:
    assert TimedCalls().within(10, lambda: "done") == "done"


def test_nothing_is_an_answer_too() -> None:
    assert TimedCalls().within(10, lambda: None) is None


def test_what_goes_wrong_in_time_is_raised() -> None:
    def fail() -> None:
        msg = "wrong"
        raise LookupError(msg)

    with pytest.raises(LookupError, match="wrong"):
        TimedCalls().within(10, fail)


def test_what_is_not_done_in_time_is_given_up() -> None:
    given_up = Event()
    with pytest.raises(TimeoutError, match=r"no answer within 0.01 seconds"):
        TimedCalls().within(0.01, lambda: given_up.wait(10))
    given_up.set()


def test_a_call_is_made_in_the_thread_of_one_that_ended() -> None:
    calls = TimedCalls()
    assert len({calls.within(10, get_ident) for _ in range(3)}) == 1


def test_a_thread_whose_call_was_given_up_makes_no_other() -> None:
    calls, given_up = TimedCalls(), Event()
    threads: list[int] = []

    def wait() -> None:
        threads.append(get_ident())
        given_up.wait(10)

    with pytest.raises(TimeoutError):
        calls.within(0.01, wait)
    assert calls.within(10, get_ident) not in threads
    given_up.set()


def test_calls_of_several_threads_are_made_at_the_same_time() -> None:
    calls, all_there = TimedCalls(), Barrier(3)
    with ThreadPoolExecutor(3) as pool:
        met = pool.map(lambda _: calls.within(10, lambda: all_there.wait(10)), range(3))
        assert set(met) == {0, 1, 2}


def test_a_call_that_ends_with_its_own_timeout_says_so() -> None:
    def fail() -> None:
        msg = "of the service"
        raise TimeoutError(msg)

    with pytest.raises(TimeoutError, match="of the service"):
        TimedCalls().within(10, fail)
