"""The door: a request in, a decision out, before the deadline."""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from gate.admission.book import AnswerBook
from gate.admission.changes import CONTROLLERS
from gate.admission.decision import Allowed, Decision, Denied, Objection
from gate.admission.judge import Case, ImageAnswer, ImageQuestion, open_case
from gate.admission.request import AdmissionRequest
from gate.admission.watched import WatchedNamespaces
from gate.lint.settings import LintSettings
from gate.model.review import ReviewedImage
from gate.model.verdict import Undecided
from gate.pipeline.evaluate import questions
from gate.policy.document import Policy

_LATE: Final = Undecided(
    "admission-deadline",
    "the registry did not answer before the deadline of the webhook",
    "try again; if it stays so, raise `timeoutSeconds` of the webhook",
)


class Mode(enum.StrEnum):
    """What becomes of what the policy refuses."""

    ENFORCE = "enforce"
    AUDIT = "audit"
    """It is allowed, with a warning."""


class Door:
    """Judges requests by one policy. Of one event loop."""

    def __init__(
        self,
        policy: Policy,
        rules: LintSettings | None,
        book: AnswerBook,
        *,
        watched: WatchedNamespaces,
        clock: Callable[[], datetime],
        mode: Mode = Mode.ENFORCE,
        pulls: Collection[str] = (),
    ) -> None:
        """Take the policy, with what it asks of lint, and where answers about images are.

        `watched` tells where nothing is refused, and `pulls` are the namespaces whose pull secrets
        are used.
        """
        section = policy.admission
        self._policy = policy
        self._rules = rules
        self._book = book
        self._clock = clock
        self._mode = mode
        self._pulls = frozenset(pulls)
        self._controllers = CONTROLLERS | frozenset((section and section.controllers) or ())
        self._watched = watched

    def opened(self, asked: AdmissionRequest) -> Case | Allowed | Denied:
        """Return what must be found out about a request. It computes, and asks nobody."""
        return self._watched.refusal(asked) or open_case(
            asked,
            self._policy,
            rules=self._rules,
            now=self._clock(),
            controllers=self._controllers,
            pulls=self._pulls,
        )

    async def decide(
        self, asked: AdmissionRequest, case: Case | Allowed | Denied, seconds: float
    ) -> Decision:
        """Return the decision about what `opened` found, after at most `seconds`."""
        end = time.monotonic() + seconds
        decision: Decision = (
            case.close(await self._answers(case.questions, seconds))
            if isinstance(case, Case)
            else case
        )
        if isinstance(decision, Allowed):
            return decision
        if self._mode is Mode.AUDIT:
            return Allowed(images=decision.images, would=decision)
        if asked.resource == "namespaces":
            return decision  # nobody opens a namespace from its inside
        watched = await self._watched.watches(asked.namespace, end - time.monotonic())
        if isinstance(watched, Objection):
            return replace(decision, warnings=(*decision.warnings, watched))
        return Allowed(images=decision.images, would=decision) if watched else decision

    async def _answers(
        self, asked: Iterable[tuple[ReviewedImage, ImageQuestion]], seconds: float
    ) -> dict[ImageQuestion, ImageAnswer]:
        answers: dict[ImageQuestion, ImageAnswer] = {}
        missing = []
        for image, question in asked:
            held = self._book.held(image, question)
            if held is None:
                missing.append((image, question))
            else:
                answers[question] = held
        if missing:
            tasks = [asyncio.create_task(self._book.answer(i, q)) for i, q in missing]
            await asyncio.wait(tasks, timeout=seconds)
            for (image, question), task in zip(missing, tasks, strict=True):
                if task.done():
                    answers[question] = task.result()
                else:
                    task.cancel()
                    answers[question] = self._late(image)
        return answers

    def _late(self, image: ReviewedImage) -> ImageAnswer:
        return ImageAnswer({one.check: _LATE for one in questions(image, self._policy)})
