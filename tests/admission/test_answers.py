"""The memory of answers, asked directly: when one is held, found anew, or forgotten."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import pytest

from gate.admission import book as books
from gate.admission import circuits
from gate.admission.book import AnswerBook
from gate.admission.circuits import FAILURES, Circuit, Circuits
from gate.admission.judge import ImageAnswer, ImageQuestion
from gate.model.image import ImageReference
from gate.model.release import NO_RELEASE
from gate.model.review import ReviewedImage
from gate.model.verdict import Failed, Finding, Outcome, Passed, Severity, Undecided, WaivedFinding
from tests.builders.admission import NOW, POLICY, Clock, Shelf, pinned

T = TypeVar("T")
SHOP, WORKER, THIRD = map(pinned, ("shop", "worker", "third"))
MOMENT: Final = timedelta(milliseconds=1)
SILENT: Final = Undecided("timeout", "no answer", "try again")


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def failed(count: int = 1, waived: int = 0) -> Failed:
    one = Finding(
        rule="pass", code="pass-absent", severity=Severity.HIGH, message="m", remedy="next"
    )
    return Failed(
        (one,) * count,
        (WaivedFinding(finding=one, owner="a", reason="b", expires=NOW.date()),) * waived,
    )


def answer(outcome: Outcome, until: datetime | None = None) -> ImageAnswer:
    return ImageAnswer({"pass": outcome}, until=until)


FINE: Final = answer(Passed())


@dataclass
class Bench:
    """A memory over a search that says what a test says, one after another."""

    most: int = 100
    allowed_for: timedelta = timedelta(seconds=100)
    clock: Clock = field(default_factory=Clock)
    says: ImageAnswer = FINE
    asked: list[str] = field(default_factory=list)
    before: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        self.executor = ThreadPoolExecutor(4)
        self.book = AnswerBook(
            self._find,
            Shelf().policy(POLICY.replace("registry.example/**", "'**'")),
            executor=self.executor,
            clock=self.clock,
            allowed_for=self.allowed_for,
            most=self.most,
        )

    def _find(self, image: ReviewedImage, question: ImageQuestion, now: datetime) -> ImageAnswer:
        del question, now
        self.asked.append(image.name)
        self.before()
        return self.says

    def at(self, count: float) -> None:
        self.clock.now = NOW + seconds(count)

    def held(self, image: str = SHOP, *, again: bool = False) -> ImageAnswer | None:
        return self.book.held(*about(image, again=again))

    async def book_answer(self, image: str) -> ImageAnswer:
        return await self.book.answer(*about(image))

    async def settled(self) -> None:
        """Wait for what is being found."""
        await asyncio.gather(*self.book._flights.values())  # noqa: SLF001  # no sleeping

    async def look(
        self, image: str = SHOP, *, again: bool = False, settle: bool = True
    ) -> ImageAnswer:
        """Ask as the door does, and wait for what is being found."""
        found = self.held(image, again=again)
        if found is None:
            found = await self.book.answer(*about(image, again=again))
        if settle:
            await self.settled()
        return found


def about(image: str, *, again: bool = False) -> tuple[ReviewedImage, ImageQuestion]:
    reviewed = ReviewedImage(name=image, reference=ImageReference.parse(image), uses=())
    return reviewed, ImageQuestion(image, NO_RELEASE, again)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.executor.shutdown()


def waiting(release: threading.Event) -> Callable[[], object]:
    return lambda: release.wait(60)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.mark.parametrize(
    ("says", "last", "gone"),
    [
        (FINE, 100 - 0.001, 100),
        (answer(failed()), 5 - 0.001, 5),
        (answer(SILENT), 5 - 0.001, 5),
        (ImageAnswer({}), 5 - 0.001, 5),
        (answer(Passed(), NOW + seconds(50)), 50, 50.001),
        (answer(Passed(), NOW + seconds(500)), 100 - 0.001, 100),
        (FINE, 0, -0.001),
    ],
)
def test_an_answer_is_held_for_its_time_and_no_moment_longer(
    bench: Bench, says: ImageAnswer, last: float, gone: float
) -> None:
    bench.says = says

    async def ask() -> None:
        assert await bench.look() == says
        bench.at(last)
        assert bench.held() == says
        await bench.settled()

    async def after() -> None:
        assert await bench.look() == says
        bench.at(gone)
        assert bench.held() is None
        assert len(bench.book) == 0

    run(ask())
    bench.book.forget()
    bench.at(0)
    run(after())


@pytest.mark.parametrize(("until", "ahead"), [(None, 90), (50, 40), (500, 90)])
def test_an_answer_is_found_anew_in_the_last_tenth_of_its_time(
    bench: Bench, until: float | None, ahead: float
) -> None:
    bench.says = answer(Passed(), None if until is None else NOW + seconds(until))

    async def ask() -> None:
        await bench.look()
        bench.at(ahead - 0.001)
        await bench.look()
        assert (len(bench.asked), bench.book.counted.ahead) == (1, 0)
        bench.at(ahead)
        await bench.look()
        assert (len(bench.asked), bench.book.counted.ahead) == (2, 1)

    run(ask())
    assert (bench.book.counted.held, bench.book.counted.found) == (2, 2)


def test_a_search_ahead_that_finds_out_nothing_is_tried_again_after_half_of_that_time(
    bench: Bench,
) -> None:
    async def ask() -> None:
        await bench.look()
        bench.says = answer(SILENT)
        for moment, asked in ((90, 2), (94.999, 2), (95, 3), (99.999, 3)):
            bench.at(moment)
            assert await bench.look() == FINE
            assert len(bench.asked) == asked
        bench.at(100)
        assert await bench.look() == answer(SILENT)

    run(ask())


@pytest.mark.parametrize(("says", "asked"), [(Passed(), 2), (failed(), 1), (SILENT, 1)])
def test_what_blocks_is_not_found_anew_ahead(says: Outcome, asked: int) -> None:
    bench = Bench(allowed_for=seconds(20), says=answer(says, NOW + seconds(3)))

    async def ask() -> None:
        await bench.look()
        bench.at(2.5)
        await bench.look()

    run(ask())
    bench.executor.shutdown()
    assert len(bench.asked) == asked


def test_what_is_found_ahead_is_looked_for_once_by_all_who_ask_meanwhile(bench: Bench) -> None:
    release = threading.Event()

    async def ask() -> None:
        await bench.look()
        bench.before = waiting(release)
        try:
            for moment in (90, 96):
                bench.at(moment)
                assert await bench.look(settle=False) == FINE
            assert bench.book.in_flight == 1
        finally:
            release.set()
        await bench.settled()

    run(ask())
    assert (len(bench.asked), bench.book.counted.ahead, bench.book.in_flight) == (2, 1, 0)


def test_a_registry_that_is_left_alone_is_not_asked_ahead(bench: Bench) -> None:
    async def ask() -> None:
        await bench.look()
        circuit = bench.book.circuits.of("registry.example")
        bench.at(90)
        for _ in range(FAILURES):
            circuit.hear({"": SILENT}, bench.clock())
        assert await bench.look() == FINE

    run(ask())
    assert (len(bench.asked), bench.book.counted.ahead) == (1, 0)


def test_an_answer_that_counts_age_serves_one_that_does_not_while_it_does_not_block(
    bench: Bench,
) -> None:
    async def ask(says: ImageAnswer) -> int:
        bench.book.forget()
        bench.asked.clear()
        bench.says = says
        await bench.look()
        assert await bench.look(again=True) == says
        return len(bench.asked)

    assert run(ask(FINE)) == 1
    assert run(ask(answer(failed()))) == 2


def test_an_answer_without_age_serves_no_other(bench: Bench) -> None:
    async def ask() -> None:
        await bench.look(again=True)
        assert bench.held() is None

    run(ask())


def test_whoever_asks_twice_is_answered_from_memory(bench: Bench) -> None:
    async def ask() -> None:
        for _ in range(2):
            assert await bench.book.answer(*about(SHOP)) == FINE

    run(ask())
    counted = bench.book.counted
    assert (bench.asked, counted.found, counted.held, counted.joined, counted.refused) == (
        *([SHOP], 1, 1),
        *(0, 0),
    )


def test_what_is_found_out_meanwhile_takes_the_place_of_what_is_held(bench: Bench) -> None:
    worse = answer(failed())

    async def ask() -> None:
        await bench.look()
        bench.says = worse
        bench.at(90)
        assert await bench.look() == FINE
        assert await bench.look() == worse

    run(ask())


@pytest.mark.parametrize(
    ("outcome", "held"),
    [(failed(100), 1), (failed(101), 0), (failed(60, 40), 1), (failed(60, 41), 0)],
)
def test_an_answer_with_many_findings_is_not_held_and_leaves_no_older_one(
    bench: Bench, outcome: Failed, held: int
) -> None:
    async def ask() -> None:
        bench.says = answer(outcome)
        assert await bench.look() == bench.says
        assert len(bench.book) == held
        bench.book.forget()
        bench.says = FINE
        await bench.look()
        bench.says = answer(outcome)
        bench.at(90)
        await bench.look()
        assert len(bench.book) == held

    run(ask())


def test_the_answers_that_were_used_last_are_held() -> None:
    bench = Bench(most=2)

    async def ask() -> None:
        for image in (SHOP, WORKER, SHOP, THIRD):
            await bench.look(image)
        assert [bench.held(image) is not None for image in (SHOP, WORKER, THIRD)] == [
            *(True, False, True)
        ]

    run(ask())
    bench.executor.shutdown()


def test_an_answer_that_is_found_anew_is_the_last_that_was_used() -> None:
    bench = Bench(most=2)
    release = threading.Event()

    async def ask() -> None:
        await bench.look(SHOP)
        bench.at(50)
        await bench.look(WORKER)
        bench.at(90)
        bench.before = waiting(release)
        try:
            await bench.look(SHOP, settle=False)
            bench.held(WORKER)
        finally:
            release.set()
        await bench.settled()
        await bench.look(THIRD)
        assert [bench.held(image) is not None for image in (SHOP, WORKER, THIRD)] == [
            *(True, False, True)
        ]

    run(ask())
    bench.executor.shutdown()


def test_what_is_forgotten_while_it_is_looked_for_is_not_held(bench: Bench) -> None:
    release, begun = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        release.wait(60)

    async def ask() -> None:
        bench.before = wait
        first = asyncio.create_task(bench.look(settle=False))
        await asyncio.to_thread(begun.wait, 60)
        bench.book.forget()
        assert bench.book.in_flight == 0
        release.set()
        assert await first == FINE
        assert len(bench.book) == 0
        await bench.look()
        assert len(bench.book) == 1
        bench.book.forget()
        assert len(bench.book) == 0

    run(ask())
    assert len(bench.asked) == 2


def code(found: ImageAnswer) -> str:
    (outcome,) = found.outcomes.values()
    return outcome.code if isinstance(outcome, Undecided) else "found"


def busy(registry: str) -> ImageAnswer:
    return answer(
        Undecided(
            "admission-busy",
            f"gate looks at as many images of {registry} as it can",
            "try again; if it stays so, run more replicas of gate",
        )
    )


def test_no_more_images_are_looked_at_than_the_bound(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "IN_FLIGHT", 2)
    elsewhere = THIRD.replace("registry.example", "elsewhere.example")

    async def ask() -> list[ImageAnswer]:
        images = (SHOP, WORKER, THIRD, elsewhere)
        return await asyncio.gather(*map(bench.book_answer, images))

    told = run(ask())
    assert told == [FINE, FINE, busy("registry.example"), busy("elsewhere.example")]
    assert bench.book.counted.refused == 2
    assert bench.book.circuits.of("registry.example").waiting == 0


def test_what_waits_for_a_registry_that_is_given_up_meanwhile_does_not_try(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuits, "PER_REGISTRY", 1)
    bench.says = answer(SILENT)
    images = [pinned(f"image{number}") for number in range(FAILURES + 3)]

    async def ask() -> list[str]:
        return [code(one) for one in await asyncio.gather(*map(bench.book_answer, images))]

    assert run(ask()) == ["timeout"] * FAILURES + ["registry-circuit-open"] * 3
    assert (len(bench.asked), bench.book.counted.found) == (FAILURES, FAILURES)
    circuit = bench.book.circuits.of("registry.example")
    assert (circuit.waiting, circuit.failures) == (0, FAILURES)


def test_a_search_that_breaks_leaves_nothing_waiting(bench: Bench) -> None:
    def crash() -> None:
        raise ZeroDivisionError

    async def ask() -> None:
        bench.before = crash
        with pytest.raises(ZeroDivisionError):
            await bench.look()
        assert (bench.book.in_flight, len(bench.book)) == (0, 0)
        assert bench.book.circuits.of("registry.example").waiting == 0
        bench.before = lambda: None
        assert await bench.look() == FINE

    run(ask())


def test_a_registry_is_left_alone_after_failures_in_a_row_until_its_pause_is_over() -> None:
    circuit = Circuit()
    few: list[Outcome] = [SILENT] * (FAILURES - 1)
    for outcome in (*few, Passed(), *few):
        circuit.hear({"pass": outcome}, NOW)
        assert not circuit.is_open(NOW)
    assert circuit.failures == FAILURES - 1
    circuit.hear({"a": Passed(), "pass": SILENT}, NOW)
    assert [circuit.is_open(NOW + seconds(s)) for s in (0, 9.999, 10)] == [True, True, False]
    circuit.hear({"pass": SILENT}, NOW + seconds(11))
    assert (circuit.failures, circuit.is_open(NOW + seconds(20))) == (FAILURES + 1, True)
    circuit.hear({"pass": Passed()}, NOW + seconds(20))
    assert (circuit.failures, circuit.is_open(NOW + seconds(20))) == (0, False)


@pytest.mark.parametrize(
    ("code", "silent"),
    [
        ("rate-limited", True),
        ("timeout", True),
        ("tls-failed", True),
        ("unexpected-status", True),
        ("unreachable", True),
        ("not-found", False),
        ("registry-circuit-open", False),
    ],
)
def test_only_what_a_registry_does_not_answer_is_a_failure_of_it(
    code: str,
    silent: bool,  # noqa: FBT001  # what is said
) -> None:
    circuit = Circuit()
    circuit.hear({"pass": Undecided(code, "why", "next")}, NOW)
    assert circuit.failures == int(silent)


def test_the_registries_that_were_used_last_are_remembered_and_those_with_work() -> None:
    many = Circuits()
    first, second = many.of("r0"), many.of("r1")
    first.waiting = 1
    second.failures = 3
    for number in range(2, 256):
        many.of(f"r{number}")
    assert len(many.items()) == 256
    assert many.of("r1") is second
    many.of("more")
    names = [name for name, _ in many.items()]
    assert (len(names), "r0" in names, "r1" in names, "r2" in names) == (256, True, True, False)
    assert names == sorted(names)


def test_a_registry_is_remembered_also_while_every_other_one_has_work() -> None:
    many = Circuits()
    for number in range(256):
        many.of(f"r{number}").waiting = 1
    assert many.of("more") is many.of("more")
    assert len(many.items()) == 257
    many.of("more").waiting = 1
    many.of("r9").waiting = 0
    many.of("r10")
    assert [name for name in ("r9", "more") if name in dict(many.items())] == ["more"]
