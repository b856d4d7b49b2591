"""One server process: the door, its TLS, and what is read anew while it runs."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import uvicorn

from gate.admission.app import Application
from gate.admission.audits import LOOK_EVERY, Audits, AuditSummary, identity_of
from gate.admission.book import AnswerBook
from gate.admission.certificate import Pairs, new_context, take
from gate.admission.door import Door, Mode
from gate.admission.ended import EndedPasses
from gate.admission.events import Creates, RefusalEvents
from gate.admission.find import Finder
from gate.admission.judge import ImageAnswer, ImageQuestion
from gate.admission.metrics import Metrics
from gate.admission.pinner import Pinner
from gate.admission.process import EndedServer, loop_factory, rounds, settle
from gate.admission.protocol import BoundedProtocol
from gate.admission.pull_logins import Reads
from gate.admission.pulls import PullScope
from gate.admission.status import ServerStatus
from gate.admission.tags import TagBook
from gate.admission.watched import WatchedNamespaces
from gate.errors import GateError, UsageError
from gate.lint.settings import LintSettings
from gate.model.records import dataclass
from gate.model.review import ReviewedImage
from gate.model.revocations import RevocationsUnknown
from gate.pipeline.revocations import Seen
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry
from gate.trust.policy import verifier_of

THREADS: Final = 64
"""Images that are looked at together, of all registries."""
_CLUSTER_THREADS: Final = 4
"""For single objects of the cluster: labels of namespaces, and events."""
CONNECTIONS: Final = 1_000
"""Connections at the same time; more are answered with 503, which denies."""
ALLOWED_FOR: Final = timedelta(minutes=10)
"""How long an answer that does not block is held, unless it ends before."""
_ENDED_EVERY: Final = 30.0
_ROOTS_EVERY: Final = 6 * 3600.0
DRAIN_SECONDS: Final = 5.0
"""After SIGTERM the server goes on for so long: the API server learns only then that it ends."""
_GRACE: Final = 10
"""Seconds for the requests that are there when the server ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where a server listens, and what it shows and asks."""

    host: str
    port: int
    mode: Mode
    pins_tags: bool = False
    """Whether `/mutate` replaces tags by their digests."""
    pulls: frozenset[str] = frozenset()
    """Namespaces whose pull secrets are used."""
    events: bool = False
    """Whether an event is written beside what is let in and would be refused."""
    allowed_for: timedelta = ALLOWED_FOR
    ca_file: Path | None = None
    """Certificates that are trusted too where a trusted root comes from a TUF repository."""


class ServedCluster(Reads, Creates, Protocol):
    """The cluster that asks: single objects are read and created."""


class Server:
    """Serves one policy until it is told to end."""

    def __init__(
        self,
        settings: Settings,
        policy: Policy,
        rules: LintSettings | None,
        *,
        pairs: Pairs,
        open_registry: Callable[[], RoutedRegistry],
        seen: Seen,
        log: Callable[[dict[str, Any]], None],
        open_for: Callable[[PullScope], RoutedRegistry] | None = None,
        audits: Audits | None = None,
        open_cluster: Callable[[], ServedCluster] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read certificate, key and roots. Raises UsageError, PolicyError, TrustRootError.

        `open_cluster` is needed where the settings ask for events, and where the policy names
        labels of namespaces.
        """
        pair = pairs.changed()
        if pair is None:
            msg = "a source of certificates that was never asked has one"
            raise AssertionError(msg)
        self._settings = settings
        self._policy = policy
        self._log = log
        self._clock = clock
        self._audits = audits
        self._pairs = pairs
        self._pair = pair
        self._context = new_context(self._pair)
        self._verifier = verifier_of(policy, clock(), settings.ca_file)
        self._ended = EndedPasses(policy, open_registry, seen)
        self._finder = Finder(policy, open_registry, self._ended, open_for)
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="image")
        self._book = AnswerBook(
            self._find,
            policy,
            executor=self._executor,
            clock=clock,
            allowed_for=settings.allowed_for,
        )
        # Of its own, so that an API server that is slow keeps no lookup of an image waiting.
        self._beside = ThreadPoolExecutor(_CLUSTER_THREADS, thread_name_prefix="cluster")
        self._events: RefusalEvents | None = None
        if open_cluster is not None and settings.events:
            self._events = RefusalEvents(
                open_cluster,
                identity=identity_of(secrets.token_hex(8)),
                executor=self._beside,
                clock=clock,
                log=log,
            )
        self._metrics = Metrics(policy, self._book, self._events)
        tags = TagBook(open_registry, self._book.circuits, executor=self._executor, clock=clock)
        self._status = ServerStatus(policy, self._book, settings.mode, clock, clock(), tags)
        door = Door(
            policy,
            rules,
            self._book,
            watched=WatchedNamespaces(
                policy.admission, open_cluster=open_cluster, executor=self._beside, clock=clock
            ),
            clock=clock,
            mode=settings.mode,
            pulls=settings.pulls,
        )
        pinner = Pinner(policy, tags, clock) if settings.pins_tags else None
        self.application = Application(
            door, self._status, self._metrics, log, pinner=pinner, events=self._events
        )
        self._tell_certificate()
        self._tell_roots()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Raises UsageError where the address is taken."""
        with (
            self._listening() as listening,
            asyncio.Runner(loop_factory=loop_factory()) as runner,
        ):
            runner.run(self._main(listening))

    def _listening(self) -> socket.socket:
        host, port = self._settings.host, self._settings.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
        except OSError as error:
            raise UsageError(
                "serve-listen",
                f"gate cannot listen at {host}:{port}: {os.strerror(error.errno or 0)}",
                remedy="give another address with --listen",
            ) from error

    async def _main(self, listening: socket.socket) -> None:
        config = uvicorn.Config(
            self.application,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=_GRACE,
        )
        config.load()
        config.ssl = self._context
        server = EndedServer(config)
        loop = asyncio.get_running_loop()
        await self.renew_ended()  # no request waits for the first list
        settle()
        tasks = [  # held, so that they go on; the runner cancels them in the end
            asyncio.create_task(rounds(seconds, work, self._log))
            for seconds, work in self._rounds()
        ]
        loop.add_signal_handler(signal.SIGTERM, lambda: tasks.append(self._ending(server)))
        loop.add_signal_handler(signal.SIGINT, server.end)
        self._log({"event": "started", "listen": "{}:{}".format(*listening.getsockname())})
        try:
            await server.serve([listening])
        finally:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._beside.shutdown(wait=False, cancel_futures=True)
        self._log({"event": "ended"})

    def _ending(self, server: EndedServer) -> asyncio.Task[None]:
        """Say that the server is not ready, and go on until nobody sends requests here."""
        self.application.ready = False
        self._log({"event": "ending"})

        async def end() -> None:
            await asyncio.sleep(DRAIN_SECONDS)
            server.end()

        return asyncio.create_task(end())

    def _rounds(self) -> Iterator[tuple[float, Callable[[], Awaitable[None]]]]:
        """Yield what is done again and again, and after how many seconds each time."""
        yield self._pairs.every, self.renew_certificate
        yield _ROOTS_EVERY, self.renew_roots
        yield _ENDED_EVERY, self.renew_ended
        if self._audits is not None:
            yield LOOK_EVERY, partial(self._audits.once, self._audited, self._log)
        if self._events is not None:
            yield 0.0, self._events.write

    def _find(self, image: ReviewedImage, question: ImageQuestion, now: datetime) -> ImageAnswer:
        return self._finder.find(image, question, self._verifier, now)

    async def renew_certificate(self) -> None:
        """Take the certificate and the key as they are now, if they changed and are a pair."""
        try:
            pair = await asyncio.to_thread(self._pairs.changed)
            if pair is None:
                return
            take(self._context, pair)
        except GateError as error:
            self._metrics.reloaded(well=False)
            self._log({"event": "certificate-refused", "code": error.code, "why": error.problem})
            return
        self._pair = pair
        self._metrics.reloaded(well=True)
        self._tell_certificate()
        self._log({"event": "certificate-taken", "until": pair.not_after.isoformat()})

    async def renew_ended(self) -> None:
        """Ask for the list of ended passes. Where it says something new, no answer is held."""
        verifier = replace(self._verifier, now=self._clock())
        if await asyncio.to_thread(self._ended.refresh, verifier, self._clock()):
            self._book.forget()
            known = self._ended.current(self._clock())
            if isinstance(known, RevocationsUnknown):
                self._log({"event": "revocations-unknown", "code": known.code, "why": known.reason})
            else:
                self._log({"event": "revocations-taken", "serial": known.serial if known else 0})

    async def renew_roots(self) -> None:
        """Read the trusted roots again. Where that fails, those that are there go on."""
        try:
            verifier = await asyncio.to_thread(
                verifier_of, self._policy, self._clock(), self._settings.ca_file
            )
        except GateError as error:
            self._metrics.refreshed(well=False)
            self._log({"event": "roots-failed", "code": error.code, "why": error.problem})
            return
        if verifier.roots != self._verifier.roots:
            self._book.forget()
        self._verifier = verifier
        self._metrics.refreshed(well=True)
        self._tell_roots()

    def _audited(self, summary: AuditSummary | None) -> None:
        self._metrics.audited(summary)
        self._status.audit = summary or self._status.audit

    def _tell_certificate(self) -> None:
        self._metrics.certificate(self._pair.not_after.timestamp())
        self._status.certificate_until = self._pair.not_after

    def _tell_roots(self) -> None:
        self._status.roots = self._verifier.roots
        self._status.roots_read = self._clock()
