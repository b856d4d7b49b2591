"""One question to a host and its whole answer: bounded, retried, redirected by hand."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from gate.errors import RegistryError
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.allowance import Allowances
from gate.registry.http.body import demand_plain, read_body
from gate.registry.http.line import deadline
from gate.registry.http.pace import Pace
from gate.registry.http.pauses import asked_pause, pause
from gate.registry.http.question import (
    Arrival,
    HttpAnswer,
    HttpDownload,
    HttpQuestion,
    Transport,
    is_busy,
)
from gate.registry.http.redirect import is_redirect, redirect_refused, redirect_target
from gate.registry.http.transport import GuardedTransport
from gate.registry.http.unanswered import UnansweredError, unanswered
from gate.registry.http.url import Url


class Exchange:
    """Asks questions. Used from several threads."""

    def __init__(
        self,
        configuration: RegistryConfiguration,
        *,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take where things are. The run's clock starts with the first question."""
        self._configuration = configuration
        self._bounds = configuration.bounds
        self._transport = transport or GuardedTransport(configuration)
        self._sleep = sleep
        self._lock = threading.Lock()
        self._paces: dict[str, Pace] = {}
        self._failures: dict[str, int] = {}
        self._run_until: float | None = None
        self._stopped = False
        self.allowances = Allowances()
        """What is left of what hosts let us ask."""

    def ask(self, question: HttpQuestion) -> HttpAnswer:
        """Return the answer, with any status. Raises RegistryError where there is none.

        Reading is tried again when a connection breaks or the host says that it is busy;
        writing is not.
        """
        host = question.url.authority
        if self._failures.get(host, 0) >= self._bounds.failures:
            raise UnansweredError(Code.UNREACHABLE, "it gave no answer, again and again").final(
                host
            )
        try:
            answer = self._answer(question)
        except UnansweredError as error:
            with self._lock:
                self._failures[host] = self._failures.get(host, 0) + 1
            raise error.final(host) from error
        with self._lock:
            self._failures.pop(host, None)
        self.allowances.hear(host, answer.headers)
        return answer

    @contextlib.contextmanager
    def download(self, question: HttpQuestion) -> Iterator[HttpDownload]:
        """Ask once, and hand out the content of the answer as it comes, with any status.

        The caller holds a `deadline` until it has read all. Raises RegistryError.
        """
        for _ in range(self._bounds.redirects + 1):
            with self._turn(question.url.authority), self._opened(question) as arrival:
                found = HttpAnswer(arrival.status, arrival.headers, b"", question.url)
                if not is_redirect(found):
                    demand_plain(arrival, question.url)
                    yield HttpDownload(found, self._pieces(arrival, question.url))
                    return
            question = self._sent_on(question, found)
        raise redirect_refused(question.url, f"more than {self._bounds.redirects} times")

    def upload(self, question: HttpQuestion, pieces: Iterable[bytes], size: int) -> HttpAnswer:
        """Send so many bytes as they come, once, and return the answer.

        The caller holds a `deadline`. What `pieces` raises comes through. Raises RegistryError.
        """
        headers = {"content-length": str(size), **question.headers}
        asked = replace(question, headers=headers)
        # What is sent comes out of a download, which has its turn already.
        with self._opened(asked, pieces) as arrival:
            try:
                content = read_body(arrival, question, error_bytes=self._bounds.error_bytes)
            except RegistryError:
                raise
            except Exception as error:
                raise self._final(question.url, error) from error
            return HttpAnswer(arrival.status, arrival.headers, content, question.url)

    @contextlib.contextmanager
    def _opened(
        self, question: HttpQuestion, pieces: Iterable[bytes] | None = None
    ) -> Iterator[Arrival]:
        try:
            arrival = self._transport.send(question, self._bounds.try_seconds, pieces)
        except RegistryError:
            raise
        except Exception as error:
            raise self._final(question.url, error) from error
        with contextlib.closing(arrival):
            yield arrival

    @contextlib.contextmanager
    def _turn(self, host: str) -> Iterator[None]:
        pace = self._pace(host)
        if pace.enter(self._bounds.request_seconds) is None:
            raise UnansweredError(Code.TIMEOUT, "its turn did not come in time").final(host)
        try:
            yield
        finally:
            pace.leave()

    def _pieces(self, arrival: Arrival, url: Url) -> Iterator[bytes]:
        try:
            yield from arrival.pieces
        except RegistryError:
            raise
        except Exception as error:
            raise self._final(url, error) from error

    def _final(self, url: Url, error: Exception) -> RegistryError:
        found = unanswered(url, error, lambda: self._issuer(url))
        return found if isinstance(found, RegistryError) else found.final(url.authority)

    def _answer(self, question: HttpQuestion) -> HttpAnswer:
        until = self._until()
        tries = self._bounds.tries if question.method in ("GET", "HEAD") else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries or self._stopped
            try:
                answer = self._follow(question, until, again=attempt > 1)
            except UnansweredError:
                if last:
                    raise
                self._pause(attempt, None, until)
                continue
            if last or not is_busy(answer):
                return answer
            self._pause(attempt, answer.headers.get("retry-after"), until)
        raise AssertionError  # the last try returns or raises

    def settle(self) -> None:
        """Wait until those who read a tag before we wrote it have written it too."""
        self._sleep(self._bounds.settle_seconds)

    def stop(self) -> None:
        """Try nothing again that fails from now on: nobody waits for it."""
        self._stopped = True

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def _until(self) -> float:
        now = time.monotonic()
        with self._lock:
            if self._run_until is None:
                self._run_until = now + self._bounds.run_seconds
        return min(self._run_until, now + self._bounds.request_seconds)

    def _pause(self, attempt: int, asked: str | None, until: float) -> None:
        """Wait before the next try, as long as was asked for where that makes sense."""
        remaining = until - time.monotonic()
        self._sleep(max(0.0, min(pause(attempt, asked), self._bounds.longest_wait, remaining)))

    def _follow(self, question: HttpQuestion, until: float, *, again: bool) -> HttpAnswer:
        answer = self._once(question, until, again=again)
        for _ in range(self._bounds.redirects):
            reads = question.follow and question.method in ("GET", "HEAD")
            if not is_redirect(answer) or not reads:
                return answer
            question = self._sent_on(question, answer)
            answer = self._once(question, until, again=again)
        if is_redirect(answer):
            raise redirect_refused(answer.url, f"more than {self._bounds.redirects} times")
        return answer

    def _sent_on(self, question: HttpQuestion, answer: HttpAnswer) -> HttpQuestion:
        """Return the question for the place that an answer sends us to. Raises RegistryError."""
        target = redirect_target(answer, self._configuration)
        if target.origin == question.url.origin:
            return replace(question, url=target)
        return replace(question, url=target, authorization=None)  # nor on the way back

    def _once(self, question: HttpQuestion, until: float, *, again: bool) -> HttpAnswer:
        host = question.url.authority
        remaining = until - time.monotonic()
        pace = self._pace(host)
        turn = pace.enter(remaining, again=again) if remaining > 0 else None
        if turn is None:
            raise UnansweredError(Code.TIMEOUT, "its turn did not come in time").final(host)
        try:
            ends = min(until, time.monotonic() + self._bounds.try_seconds)
            with deadline(ends):
                answer = self._exchange(question, ends - time.monotonic())
        except UnansweredError:
            pace.was_too_much(turn)
            raise
        finally:
            pace.leave()
        if is_busy(answer):
            pace.was_too_much(turn, asked_pause(answer.headers.get("retry-after")))
        else:
            pace.went_well(answer.headers, again=again)
        return answer

    def _exchange(self, question: HttpQuestion, seconds: float) -> HttpAnswer:
        url = question.url
        try:
            with contextlib.closing(self._transport.send(question, max(seconds, 0.001))) as arrival:
                content = read_body(arrival, question, error_bytes=self._bounds.error_bytes)
                return HttpAnswer(arrival.status, arrival.headers, content, url)
        except RegistryError:
            raise
        except Exception as error:
            raise unanswered(url, error, lambda: self._issuer(url)) from error

    def _issuer(self, url: Url) -> str:
        from gate.registry.http.issuer import issuer_of  # noqa: PLC0415  # for a message

        return issuer_of(url, self._configuration)

    def _pace(self, host: str) -> Pace:
        with self._lock:
            if host not in self._paces:
                self._paces[host] = Pace(
                    self._bounds.per_host,
                    longest_wait=self._bounds.longest_wait,
                    sleep=self._sleep,
                )
            return self._paces[host]
