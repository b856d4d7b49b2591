"""The answers about images that are held, and those that are being found. Of one event loop.

An answer is held by all that it depends on: the image's digest, what the request asks of it, and
one policy with its roots. It is never held past its own end, and one that blocks for
seconds only. One that does not block and is used shortly before its end is found anew meanwhile, so
that nobody waits for it. Nothing is shared with other replicas.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from gate.admission.circuits import WAITING, Circuit, Circuits
from gate.admission.judge import ImageAnswer, ImageQuestion
from gate.model.records import dataclass
from gate.model.review import ReviewedImage
from gate.model.verdict import Undecided
from gate.pipeline.evaluate import questions
from gate.policy.document import Policy

MOST: Final = 10_000
"""Answers that are held, the last used. One takes about two kilobytes."""
IN_FLIGHT: Final = 2_000
"""Images that are looked at, or wait for that."""
BLOCKED_FOR: Final = timedelta(seconds=5)
"""How long an answer that blocks is held."""
AHEAD: Final = 0.1
"""Of the time for which an answer is held, the last part, in which it is found anew."""
_MOST_FINDINGS: Final = 100
"""An answer with more is not held: findings are never cut, a waiver could excuse the rest."""


class Find(Protocol):
    """Asks a registry, in a thread of its own. Never raises."""

    def __call__(self, image: ReviewedImage, question: ImageQuestion, now: datetime) -> ImageAnswer:
        """Return what the image's entry says of it now."""


@dataclass(slots=True)
class Counted:
    """How often an answer was there, and how often it had to be found."""

    held: int = 0
    joined: int = 0
    """It was being found for another request."""
    found: int = 0
    refused: int = 0
    """It was not looked for: too much was, or the registry is left alone."""
    ahead: int = 0
    """Of those found, while an older answer still held."""


@dataclass(slots=True)
class _Held:
    """An answer, when it was found, and when it was last looked for."""

    answer: ImageAnswer
    at: datetime
    tried: datetime


class AnswerBook:
    """Answers about images."""

    def __init__(
        self,
        find: Find,
        policy: Policy,
        *,
        executor: Executor,
        clock: Callable[[], datetime],
        allowed_for: timedelta,
        most: int = MOST,
    ) -> None:
        """Take how to find an answer, and for how long one that does not block is held."""
        self._find = find
        self._policy = policy
        self._executor = executor
        self._clock = clock
        self._allowed_for = allowed_for
        self._most = most
        self._held: OrderedDict[ImageQuestion, _Held] = OrderedDict()
        self._flights: dict[ImageQuestion, asyncio.Task[ImageAnswer]] = {}
        self.circuits = Circuits()
        self.counted = Counted()

    def __len__(self) -> int:
        """Return how many answers are held."""
        return len(self._held)

    @property
    def in_flight(self) -> int:
        """How many answers are being found."""
        return len(self._flights)

    def forget(self) -> None:
        """Hold nothing any more: the roots are other ones. What is being found is not kept."""
        self._held.clear()
        self._flights = {}

    def held(self, image: ReviewedImage, question: ImageQuestion) -> ImageAnswer | None:
        """Return an answer that is there and still holds. Shortly before its end it is found anew.

        One that counts the age of the pass answers for an image that is run again too, as long
        as it does not block: it demands more.
        """
        found = self._fresh(question)
        if found is None:
            question = replace(question, again=False)
            stricter = self._fresh(question)
            found = stricter if stricter is not None and not stricter.answer.blocks else None
        if found is None:
            return None
        self.counted.held += 1
        self._look_ahead(image, question, found)
        return found.answer

    async def answer(self, image: ReviewedImage, question: ImageQuestion) -> ImageAnswer:
        """Return the answer, found once for however many requests wait for it.

        Who stops waiting does not stop the search: its answer is there for the next try.
        """
        held = self.held(image, question)
        if held is not None:
            return held
        flight = self._flights.get(question)
        if flight is not None:
            self.counted.joined += 1
            return await asyncio.shield(flight)
        begun = self._begin(image, question)
        if isinstance(begun, ImageAnswer):
            self.counted.refused += 1
            return begun
        return await asyncio.shield(begun)

    def _look_ahead(self, image: ReviewedImage, question: ImageQuestion, found: _Held) -> None:
        """Find an answer anew that soon ends. Until then the one that is there answers."""
        lead = self._allowed_for * AHEAD
        end = found.at + self._allowed_for
        if found.answer.until is not None:
            end = min(end, found.answer.until)
        now = self._clock()
        if found.answer.blocks or question in self._flights:
            return
        if now < max(end - lead, found.tried + lead / 2):
            return
        found.tried = now
        if not isinstance(self._begin(image, question), ImageAnswer):
            self.counted.ahead += 1

    def _begin(
        self, image: ReviewedImage, question: ImageQuestion
    ) -> ImageAnswer | asyncio.Task[ImageAnswer]:
        """Begin to find an answer; or return why it is not looked for."""
        registry = image.reference.registry if image.reference else ""
        circuit = self.circuits.of(registry)
        refused = self._refused(image, circuit)
        if refused is not None:
            return refused
        # Counted here and not in the task: others may come before the task begins.
        circuit.waiting += 1
        flight = asyncio.create_task(self._fly(image, question, circuit))
        self._flights[question] = flight
        return flight

    async def _fly(
        self, image: ReviewedImage, question: ImageQuestion, circuit: Circuit
    ) -> ImageAnswer:
        flights = self._flights
        try:
            async with circuit.slots:
                # Whoever waited long enough for the registry to be given up does not try too.
                refused = self._refused(image, circuit, queued=True)
                if refused is not None:
                    return refused
                self.counted.found += 1
                loop = asyncio.get_running_loop()
                at = self._clock()
                found = await loop.run_in_executor(self._executor, self._find, image, question, at)
            circuit.hear(found.outcomes, self._clock())
            if flights is self._flights:
                self._keep(question, found, at)
            return found
        finally:
            circuit.waiting -= 1
            flights.pop(question, None)

    def _refused(
        self, image: ReviewedImage, circuit: Circuit, *, queued: bool = False
    ) -> ImageAnswer | None:
        registry = image.reference.registry if image.reference else image.name
        if circuit.is_open(self._clock()):
            return self._undecided(
                image,
                "registry-circuit-open",
                f"{registry} gave no answer {circuit.failures} times in a row, and is not asked "
                "for some seconds",
                "repair the registry or the way to it, and try again",
            )
        if not queued and (len(self._flights) >= IN_FLIGHT or circuit.waiting >= WAITING):
            return self._undecided(
                image,
                "admission-busy",
                f"gate looks at as many images of {registry} as it can",
                "try again; if it stays so, run more replicas of gate",
            )
        return None

    def _undecided(self, image: ReviewedImage, code: str, reason: str, remedy: str) -> ImageAnswer:
        unknown = Undecided(code, reason, remedy)
        return ImageAnswer({one.check: unknown for one in questions(image, self._policy)})

    def _fresh(self, question: ImageQuestion) -> _Held | None:
        found = self._held.get(question)
        if found is None:
            return None
        now, until = self._clock(), found.answer.until
        longest = BLOCKED_FOR if found.answer.blocks else self._allowed_for
        if not found.at <= now < found.at + longest or (until is not None and now > until):
            del self._held[question]
            return None
        self._held.move_to_end(question)
        return found

    def _keep(self, question: ImageQuestion, answer: ImageAnswer, at: datetime) -> None:
        if _size(answer) > _MOST_FINDINGS:
            self._held.pop(question, None)
            return
        if answer.is_unknown and self._fresh(question) is not None:
            return  # what was found out holds until its own end
        self._held[question.kept()] = _Held(answer, at, at)
        self._held.move_to_end(question)
        while len(self._held) > self._most:
            self._held.popitem(last=False)


def _size(answer: ImageAnswer) -> int:
    return sum(
        len(getattr(o, "findings", ())) + len(getattr(o, "waived", ()))
        for o in answer.outcomes.values()
    )
