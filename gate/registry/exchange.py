"""One question to a host and its whole answer: bounded, retried, redirected by hand."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import httpcore
import httpx

from gate import __version__
from gate.errors import RegistryError
from gate.registry.allowance import Allowances
from gate.registry.codes import Code
from gate.registry.configuration import RegistryConfiguration
from gate.registry.locations import authority, join, origin
from gate.registry.pauses import pause
from gate.registry.transport import GuardedTransport, deadline
from gate.registry.wire import error_codes, quote

_RETRIED: Final = frozenset((408, 429, 500, 502, 503, 504, 522))
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_AGENT: Final = f"gatepass/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, to one origin."""

    url: httpx.URL
    method: str = "GET"
    accept: str = "*/*"
    authorization: str | None = field(default=None, repr=False)
    """Sent to the origin of the URL, and never past a redirect to another."""
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""
    most: int
    """The longest answer of status 200 that is read, in bytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said, whatever its status."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    content: bytes
    url: httpx.URL
    """Where the answer came from, after redirects."""


class Exchange:
    """Asks questions. Used from several threads."""

    def __init__(
        self,
        configuration: RegistryConfiguration,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take where things are. The run's clock starts with the first question."""
        self._configuration = configuration
        self._bounds = configuration.bounds
        self._http = httpx.Client(
            transport=transport or GuardedTransport(configuration),
            follow_redirects=False,
            trust_env=False,
            headers={"user-agent": _AGENT, "accept-encoding": "identity"},
        )
        self._sleep = sleep
        self._lock = threading.Lock()
        self._slots: dict[str, threading.BoundedSemaphore] = {}
        self._failures: dict[str, int] = {}
        self._run_until: float | None = None
        self.allowances = Allowances()
        """What is left of what hosts let us ask."""

    def ask(self, question: Question) -> Answer:
        """Return the answer, of whatever status. Raises RegistryError where there is none.

        Reading is tried again when a connection breaks or the host says that it is busy;
        writing is not.
        """
        host = authority(question.url)
        if self._failures.get(host, 0) >= self._bounds.failures:
            raise _BrokenError(Code.UNREACHABLE, "it gave no answer, again and again").final(host)
        try:
            answer = self._answer(question)
        except _BrokenError as error:
            with self._lock:
                self._failures[host] = self._failures.get(host, 0) + 1
            raise error.final(host) from error
        with self._lock:
            self._failures.pop(host, None)
        self.allowances.hear(host, answer.headers)
        return answer

    def _answer(self, question: Question) -> Answer:
        until = self._until()
        tries = self._bounds.tries if question.method in ("GET", "HEAD") else 1
        for attempt in range(1, tries + 1):
            last = attempt == tries
            try:
                answer = self._follow(question, until)
            except _BrokenError:
                if last:
                    raise
                self._pause(attempt, None, until)
                continue
            if last or not _busy(answer):
                return answer
            self._pause(attempt, answer.headers.get("retry-after"), until)
        raise AssertionError  # the last try returns or raises

    def settle(self) -> None:
        """Wait until whoever read a tag before we wrote it has written it too."""
        self._sleep(self._bounds.settle_seconds)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

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

    def _follow(self, question: Question, until: float) -> Answer:
        answer = self._once(question, question.url, until)
        for _ in range(self._bounds.redirects):
            if answer.status not in _REDIRECTS or question.method not in ("GET", "HEAD"):
                return answer
            target = self._target(answer)
            if origin(target) != origin(question.url):
                question = replace(question, authorization=None)  # nor on the way back
            answer = self._once(question, target, until)
        if answer.status in _REDIRECTS:
            raise _redirect_refused(answer.url, f"more than {self._bounds.redirects} times")
        return answer

    def _target(self, answer: Answer) -> httpx.URL:
        """Return where a redirect leads, if that is a place to go."""
        location = answer.headers.get("location", "")
        target = join(answer.url, location)
        if target is None:
            raise _redirect_refused(answer.url, "to something that is no URL")
        host = authority(target)
        plain = target.scheme == "http" and host in self._configuration.insecure_hosts
        if target.scheme != "https" and not (plain and answer.url.scheme == "http"):
            raise _redirect_refused(answer.url, "away from https")
        return target

    def _once(self, question: Question, url: httpx.URL, until: float) -> Answer:
        headers = {"accept": question.accept}
        if question.authorization is not None:
            headers["authorization"] = question.authorization
        if question.content_type:
            headers["content-type"] = question.content_type
        remaining = until - time.monotonic()
        slot = self._slot(authority(url))
        if remaining <= 0 or not slot.acquire(timeout=remaining):
            raise _BrokenError(Code.TIMEOUT, "its turn did not come in time").final(authority(url))
        try:
            ends = min(until, time.monotonic() + self._bounds.try_seconds)
            with deadline(ends):
                return self._exchange(question, url, headers, ends - time.monotonic())
        finally:
            slot.release()

    def _exchange(
        self, question: Question, url: httpx.URL, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        try:
            with self._http.stream(
                question.method,
                url,
                headers=headers,
                content=question.content or None,
                timeout=self._timeout(max(seconds, 0.001)),
            ) as response:
                found = {k.lower(): v for k, v in response.headers.items()}
                return Answer(response.status_code, found, self._body(response, question), url)
        except RegistryError:
            raise
        except (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError) as error:
            raise _BrokenError(Code.TIMEOUT, "it did not answer in time") from error
        except Exception as error:  # whatever a library raises, it is no answer
            if (broken := _tls_error(error)) is not None:
                raise _untrusted(url, broken) from error
            raise _BrokenError(
                Code.UNREACHABLE, f"the connection failed ({type(error).__name__})"
            ) from error

    def _body(self, response: httpx.Response, question: Question) -> bytes:
        good = response.status_code in (200, 201, 202)
        most = question.most if good else self._bounds.error_bytes
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if question.method == "HEAD":
            return b""
        if good and encoding not in ("", "identity"):
            raise RegistryError(
                Code.ENCODED_ANSWER,
                f"{quote(authority(response.request.url))} compressed what was asked for plain",
                remedy="Switch compression off in the registry or the proxy before it.",
            )
        content = bytearray()
        for chunk in response.iter_raw():
            content += chunk
            if len(content) > most:
                if not good:
                    return bytes(content[:most])
                raise RegistryError(
                    Code.TOO_LARGE,
                    f"{quote(str(response.request.url))} is longer than {most} bytes",
                    remedy="Look at what is stored there; gate reads manifests and attestations.",
                )
        return bytes(content)

    def _timeout(self, seconds: float) -> httpx.Timeout:
        return httpx.Timeout(seconds, connect=min(seconds, self._bounds.connect_seconds))

    def _slot(self, host: str) -> threading.BoundedSemaphore:
        with self._lock:
            if host not in self._slots:
                self._slots[host] = threading.BoundedSemaphore(self._bounds.per_host)
            return self._slots[host]


class _BrokenError(Exception):
    """A try that gave no answer; another may."""

    def __init__(self, code: Code, problem: str) -> None:
        super().__init__(problem)
        self._code = code
        self._problem = problem

    def final(self, host: str) -> RegistryError:
        return RegistryError(
            self._code,
            f"{quote(host)} cannot be asked: {self._problem}",
            remedy="Check that the registry is up and can be reached from here, and run again.",
        )


def _busy(answer: Answer) -> bool:
    return answer.status in _RETRIED or is_rate_limited(answer)


def is_rate_limited(answer: Answer) -> bool:
    """Whether an answer means that we ask too much, whatever its status."""
    return answer.status == httpx.codes.TOO_MANY_REQUESTS or (
        answer.status >= httpx.codes.BAD_REQUEST
        and "TOOMANYREQUESTS" in error_codes(answer.content)
    )


def _redirect_refused(url: httpx.URL, why: str) -> RegistryError:
    return RegistryError(
        Code.REDIRECT_REFUSED,
        f"{quote(authority(url))} redirects {why}",
        remedy="Check the registry's address: an image is asked for over https, at its own host.",
    )


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return None if isinstance(seen, ssl.SSLEOFError | ssl.SSLZeroReturnError) else seen
        seen = seen.__cause__ or seen.__context__
    return None


def _untrusted(url: httpx.URL, error: ssl.SSLError) -> RegistryError:
    """Return what is wrong with the registry's TLS: its certificate, or that it has none."""
    host = quote(authority(url))
    if error.reason == "WRONG_VERSION_NUMBER":  # what OpenSSL says of an answer in plain http
        return RegistryError(
            Code.TLS_FAILED,
            f"{host} does not speak https",
            remedy=f"If it is meant to speak plain http, say so with --plain-http {host}.",
        )
    return RegistryError(
        Code.TLS_FAILED,
        f"{host} has no certificate that is trusted for it",
        remedy="Name its certificate authority as `ca-file` in the file of --registries, or repair "
        "the server.",
    )
