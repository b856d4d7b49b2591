"""How many requests one host gets at the same time, by what it answers."""

from __future__ import annotations

import threading

import pytest

from gate.registry.http.pace import Pace
from tests.builders.registries import read, shop
from tests.fakes.registry import FakeRegistry, Reply, Request
from tests.registry.conftest import ClientOf


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def pace(most: int = 8, time: Time | None = None) -> Pace:
    time = time or Time()
    return Pace(most, longest_wait=30.0, sleep=time.sleep, clock=lambda: time.now)


def turn(of: Pace, *, again: bool = False) -> int:
    found = of.enter(90, again=again)
    assert found is not None
    return found


def test_one_burst_of_refusals_halves_the_bound_once() -> None:
    of = pace(8)
    turns = [turn(of) for _ in range(8)]
    for one in turns:
        of.was_too_much(one)
        of.leave()
    assert of.allowed == 4
    later = turn(of)
    of.was_too_much(later)
    assert of.allowed == 2


def test_the_bound_never_falls_below_one_request() -> None:
    of = pace(8)
    for _ in range(10):
        of.was_too_much(turn(of))
        of.leave()
    assert of.allowed == 1


def test_as_many_good_answers_as_are_allowed_make_it_one_more_up_to_the_bound() -> None:
    of = pace(8)
    of.was_too_much(turn(of))
    of.leave()
    for _ in range(5):
        of.went_well({})
    assert of.allowed == 5
    for _ in range(100):
        of.went_well({})
    assert of.allowed == 8


def test_nobody_asks_a_host_before_it_wants_to_be_asked() -> None:
    time = Time()
    of = pace(8, time)
    of.was_too_much(turn(of), 7.0)
    turn(of)
    assert time.slept == [7.0]


def test_who_waited_already_is_not_made_to_wait_again() -> None:
    time = Time()
    of = pace(8, time)
    of.was_too_much(turn(of), 7.0)
    turn(of, again=True)
    of.went_well({}, again=True)
    turn(of)
    assert time.slept == []


@pytest.mark.parametrize(("asked", "waited"), [(5.0, 5.0), (1e9, 30.0)])
def test_no_host_makes_everybody_wait_longer_than_the_bound(asked: float, waited: float) -> None:
    time = Time()
    of = pace(8, time)
    of.was_too_much(turn(of), asked)
    of.enter(90)
    assert time.slept == [waited]


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"ratelimit-remaining": "3;w=21600"}, 3),
        ({"x-ratelimit-remaining": "2"}, 2),
        ({"ratelimit-remaining": "0"}, 1),
        ({"ratelimit-remaining": "100"}, 8),
        ({"ratelimit-remaining": "-1"}, 8),
        ({"ratelimit-remaining": "many"}, 8),
        ({"ratelimit-remaining": "9" * 5000}, 8),
        ({}, 8),
    ],
)
def test_no_more_is_under_way_than_the_host_says_is_left(
    headers: dict[str, str], allowed: int
) -> None:
    of = pace(8)
    of.went_well(headers)
    assert of.allowed == allowed


def test_where_nothing_is_left_the_next_waits_until_the_host_counts_anew() -> None:
    time = Time()
    of = pace(8, time)
    of.went_well({"ratelimit-remaining": "0", "ratelimit-reset": "12"})
    of.enter(90)
    assert time.slept == [12.0]


def test_who_was_refused_goes_before_who_was_not_asked_yet() -> None:
    of = pace(1)
    turn(of)
    order: list[str] = []

    def ask(name: str, *, again: bool) -> None:
        of.enter(5, again=again)
        order.append(name)
        of.leave()

    threads = [threading.Thread(target=ask, args=("fresh",), kwargs={"again": False})]
    threads[0].start()
    threads.append(threading.Thread(target=ask, args=("refused",), kwargs={"again": True}))
    threads[1].start()
    while not of.waits:
        pass
    of.leave()
    for thread in threads:
        thread.join()
    assert order == ["refused", "fresh"]


def test_a_registry_that_refuses_each_question_once_answers_everything_in_the_end(
    client_of: ClientOf,
) -> None:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        for number in range(24):
            fake.attach("acme/shop", digest, b"bundle %d" % number)
        refused: set[str] = set()

        def once(request: Request) -> Reply | None:
            again = request.line in refused
            refused.add(request.line)
            return None if again else Reply(429, {"retry-after": "0"})

        fake.script("", once, forever=True)
        client = client_of(fake.host)
        assert len(read(client.attached(client.resolve(shop(fake))))) == 24
