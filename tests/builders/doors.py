"""What several tests make of the webhook: a whole application that is asked without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from gate.admission.app import Application, Message
from gate.admission.book import AnswerBook
from gate.admission.door import Door, Mode
from gate.admission.ended import EndedPasses
from gate.admission.events import RefusalEvents
from gate.admission.find import Finder
from gate.admission.judge import ImageAnswer, ImageQuestion
from gate.admission.metrics import Metrics
from gate.admission.pinner import Pinner
from gate.admission.status import ServerStatus
from gate.admission.tags import TagBook
from gate.admission.watched import WatchedNamespaces
from gate.errors import ClusterError
from gate.lint.settings import lint_settings
from gate.model.image import Digest
from gate.model.review import ReviewedImage
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry
from gate.trust.policy import verifier_of
from tests.builders.admission import POLICY, Clock, Shelf, encoded


class NothingSeen:
    """No list of ended passes was seen before."""

    def last(self, name: str) -> None:
        del name

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        pass


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def response(self) -> dict[str, Any]:
        """The response of the AdmissionReview that this is."""
        found: dict[str, Any] = json.loads(self.body)["response"]
        return found


@dataclass
class Cluster:
    """An API server: namespaces with their labels, and the events that were created."""

    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    fault: str = ""
    """The code of the error with which it answers; empty where it does what is asked."""
    asked: list[str] = field(default_factory=list)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def get(self, path: str) -> dict[str, Any] | None:
        self.asked.append(path)
        self._fail(path)
        name = path.removeprefix("/api/v1/namespaces/")
        return {"metadata": {"labels": self.labels[name]}} if name in self.labels else None

    def create(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        self._fail(path)
        self.events.append((path, value))
        return value

    def close(self) -> None:
        pass

    def _fail(self, path: str) -> None:
        if self.fault:
            raise ClusterError(self.fault, f"no answer to {path}", remedy="wait")


@dataclass
class Webhook(AbstractContextManager["Webhook"]):
    """An application over a registry in memory."""

    shelf: Shelf
    text: str = POLICY
    clock: Clock = field(default_factory=Clock)
    mode: Mode = Mode.ENFORCE
    threads: int = 4
    most: int = 10_000
    pins_tags: bool = False
    tells: bool = True
    """Whether there are events of what is let in and would be refused."""
    logged: list[dict[str, Any]] = field(default_factory=list)
    cluster: Cluster = field(default_factory=Cluster)
    policy: Policy | None = None
    """The policy in place of `text`."""
    open_registry: Callable[[], RoutedRegistry] | None = None
    """Opens real registries in place of the shelf."""

    def __post_init__(self) -> None:
        policy = self.policy or self.shelf.policy(self.text)
        opened: Callable[[], Shelf | RoutedRegistry] = self.open_registry or (lambda: self.shelf)
        rules = lint_settings(policy.manifests) if policy.manifests else None
        verifier = verifier_of(policy, self.clock(), None)
        self.verifier = verifier
        self.ended = EndedPasses(policy, opened, NothingSeen())
        finder = Finder(policy, opened, self.ended)

        def find(image: ReviewedImage, question: ImageQuestion, now: Any) -> ImageAnswer:  # noqa: ANN401  # not looked at
            return finder.find(image, question, replace(verifier, now=now), now)

        self.executor = ThreadPoolExecutor(self.threads)
        self.book = AnswerBook(
            find,
            policy,
            executor=self.executor,
            clock=self.clock,
            allowed_for=timedelta(minutes=10),
            most=self.most,
        )
        tags = TagBook(opened, self.book.circuits, executor=self.executor, clock=self.clock)
        self.status = ServerStatus(policy, self.book, self.mode, self.clock, self.clock(), tags)
        door = Door(
            policy,
            rules,
            self.book,
            watched=WatchedNamespaces(
                policy.admission,
                open_cluster=lambda: self.cluster,
                executor=self.executor,
                clock=self.clock,
            ),
            clock=self.clock,
            mode=self.mode,
        )
        self.events = RefusalEvents(
            lambda: self.cluster,
            identity="gate-0",
            executor=self.executor,
            clock=self.clock,
            log=self.logged.append,
        )
        events = self.events if self.tells else None
        self.metrics = Metrics(policy, self.book, events)
        self.application = Application(
            door,
            self.status,
            self.metrics,
            self.logged.append,
            pinner=Pinner(policy, tags, self.clock) if self.pins_tags else None,
            events=events,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.executor.shutdown()

    def renew_ended(self) -> None:
        """Ask for the list of ended passes, as a server does from time to time."""
        if self.ended.refresh(self.verifier, self.clock()):
            self.book.forget()

    def written(self, count: int) -> list[dict[str, Any]]:
        """Write so many events that wait, and return all that were written.

        Raises TimeoutError where fewer wait.
        """

        async def write() -> None:
            for _ in range(count):
                await asyncio.wait_for(self.events.write_next(), 10)

        asyncio.run(write())
        return [event for _, event in self.cluster.events]

    def ask(
        self, review: object, *, query: bytes = b"timeout=10s", path: str = "/validate"
    ) -> Reply:
        """Post one review."""
        return asyncio.run(self.post(encoded(review), query=query, path=path))

    def ask_together(self, reviews: Iterable[object]) -> list[Reply]:
        """Post reviews at the same time."""

        async def together() -> list[Reply]:
            return await asyncio.gather(*(self.post(encoded(r)) for r in reviews))

        return asyncio.run(together())

    def get(self, path: str, *, accept: str = "*/*") -> Reply:
        """Ask for a page."""
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "headers": [(b"accept", accept.encode())],
        }
        return asyncio.run(self.called(scope, b""))

    async def post(
        self, body: bytes, *, query: bytes = b"timeout=10s", path: str = "/validate"
    ) -> Reply:
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": query,
            "headers": [],
        }
        return await self.called(scope, body)

    async def called(self, scope: Message, body: bytes) -> Reply:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        start, *parts = sent
        return Reply(
            start["status"],
            {k.decode(): v.decode() for k, v in start["headers"]},
            b"".join(part["body"] for part in parts),
        )
