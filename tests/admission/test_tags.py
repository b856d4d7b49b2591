"""The digests of tags: held for seconds, asked for once, and bounded for each registry."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

import pytest

from gate.admission import tags as room
from gate.admission.circuits import FAILURES, Circuits
from gate.admission.decision import Objection
from gate.admission.tags import Said, TagBook
from gate.model.image import Digest, ImageReference
from tests.builders.admission import NOW, Clock, Shelf, down, pinned

SHOP: Final = pinned("shop")
TAG: Final = "registry.example/acme/shop:1"
DIGEST: Final = Digest.parse(SHOP.rpartition("@")[2])


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(tags={f"registry.example/acme/shop:{n}": SHOP for n in range(9)})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def circuits() -> Circuits:
    return Circuits()


@pytest.fixture
def book(shelf: Shelf, clock: Clock, circuits: Circuits) -> Iterator[TagBook]:
    with ThreadPoolExecutor(4) as executor:
        yield TagBook(lambda: shelf, circuits, executor=executor, clock=clock)


def say(book: TagBook, *names: str) -> list[Said]:
    """Return what the tags say that are asked for together."""

    async def ask() -> list[Said]:
        return await asyncio.gather(*(book.digest(ImageReference.parse(n)) for n in names))

    return asyncio.run(ask())


def codes(said: list[Said]) -> list[str]:
    return [one.code if isinstance(one, Objection) else "found" for one in said]


@pytest.mark.parametrize(("seconds", "asked"), [(0, 1), (4.999, 1), (5, 2), (-0.001, 2)])
def test_a_tag_is_held_for_seconds(
    book: TagBook, shelf: Shelf, clock: Clock, seconds: float, asked: int
) -> None:
    assert say(book, TAG) == [DIGEST]
    clock.now = NOW + timedelta(seconds=seconds)
    assert say(book, TAG) == [DIGEST]
    assert (shelf.asked, len(book)) == ([TAG] * asked, 1)


def test_why_a_tag_is_not_known_is_held_too(book: TagBook, shelf: Shelf) -> None:
    none = "registry.example/acme/none:1"
    wanted = [Objection("not-found", f"{none} is not there", "push it", none)]
    assert [say(book, none), say(book, none)] == [wanted, wanted]
    assert shelf.asked == [none]


def test_those_who_ask_together_ask_once(book: TagBook, shelf: Shelf) -> None:
    assert say(book, TAG, TAG, TAG) == [DIGEST] * 3
    assert shelf.asked == [TAG]


def test_the_tags_that_were_asked_for_last_are_held(
    book: TagBook, shelf: Shelf, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST", 2)
    one, two, three = (f"registry.example/acme/shop:{n}" for n in range(3))
    say(book, one)
    say(book, two)
    clock.now = NOW + timedelta(seconds=5)
    say(book, one)
    say(book, three)
    assert len(book) == 2
    say(book, one)
    say(book, three)
    assert shelf.asked == [one, two, one, three]


def test_a_registry_that_is_silent_in_a_row_is_left_alone(
    book: TagBook, shelf: Shelf, circuits: Circuits, clock: Clock
) -> None:
    shelf.fault = down()
    names = [f"registry.example/acme/shop:{n}" for n in range(FAILURES)]
    assert codes([said for name in names for said in say(book, name)]) == ["timeout"] * FAILURES
    (refused,) = say(book, "registry.example/acme/shop:8")
    assert refused == Objection(
        "registry-circuit-open",
        "registry.example/acme/shop:8: its registry gave no answer several times",
        "try again",
        "registry.example/acme/shop:8",
    )
    circuit = circuits.of("registry.example")
    assert (circuit.failures, circuit.waiting) == (FAILURES, 0)
    clock.now = NOW + timedelta(seconds=10)
    shelf.fault = lambda _: None
    assert say(book, TAG) == [DIGEST]
    assert circuit.failures == 0


def test_what_is_not_there_is_no_failure_of_its_registry(book: TagBook, circuits: Circuits) -> None:
    say(book, *(f"registry.example/acme/none:{n}" for n in range(FAILURES + 1)))
    assert circuits.of("registry.example").failures == 0


def test_more_tags_of_one_registry_than_the_bound_are_told_so(
    book: TagBook, circuits: Circuits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "WAITING", 2)
    names = [f"registry.example/acme/shop:{n}" for n in range(3)]
    said = say(book, *names)
    assert codes(said) == ["found", "found", "admission-busy"]
    assert said[2] == Objection(
        "admission-busy", f"{names[2]}: gate looks at too many images", "try again", names[2]
    )
    assert circuits.of("registry.example").waiting == 0
    assert codes(say(book, names[2])) == ["found"]


def test_a_defect_is_told_and_holds_nothing_up(
    book: TagBook, shelf: Shelf, circuits: Circuits
) -> None:
    def crash(_: str) -> None:
        raise ZeroDivisionError

    shelf.fault = crash
    (said,) = say(book, TAG)
    assert isinstance(said, Objection)
    assert (said.code, said.image) == ("internal-error", TAG)
    assert circuits.of("registry.example").waiting == 0


def test_who_stops_waiting_does_not_stop_the_search(book: TagBook, shelf: Shelf) -> None:
    release = threading.Event()

    def wait(_: str) -> None:
        release.wait(60)

    shelf.fault = wait

    async def ask() -> Said:
        first = asyncio.create_task(book.digest(ImageReference.parse(TAG)))
        await asyncio.sleep(0)
        first.cancel()
        release.set()
        return await book.digest(ImageReference.parse(TAG))

    assert asyncio.run(ask()) == DIGEST
    assert shelf.asked == [TAG]
