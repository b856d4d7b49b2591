"""One question to a host, who sends it, and what the host said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final, Protocol

from gate.model.records import dataclass
from gate.registry.http.status import BAD_REQUEST, TOO_MANY_REQUESTS
from gate.registry.http.url import Url
from gate.registry.wire import error_codes

_RETRIED: Final = frozenset((408, 429, 500, 502, 503, 504, 522))


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpQuestion:
    """One request, to one origin."""

    url: Url
    method: str = "GET"
    accept: str = "*/*"
    authorization: str | None = field(default=None, repr=False)
    """Sent to the origin of the URL, and never past a redirect to another."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Others, sent wherever the question goes: nothing secret."""
    content: bytes = field(default=b"", repr=False)
    content_type: str = ""
    follow: bool = True
    """Whether to go where the host sends us. An answer that sends us away says that it is there."""
    most: int
    """The longest answer of status 200 that is read, in bytes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An answer whose content is on its way. Who has it closes it."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name; those that came several times joined by `, `."""
    pieces: Iterable[bytes]
    """The content as it comes, without any encoding undone. Not bounded."""
    close: Callable[[], None]
    """Give the connection back. Calling it again does nothing."""


class Transport(Protocol):
    """Sends questions over connections. Used from several threads."""

    def send(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None = None
    ) -> Arrival:
        """Send one question and return when its answer begins; no redirect is followed.

        It may take so many seconds to connect, and to send or receive each part. `pieces` are sent
        in place of the question's content. Any exception means that there is no answer.
        """

    def close(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a host said, with any status."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    content: bytes
    url: Url
    """Where the answer came from, after redirects."""


@dataclass(frozen=True, slots=True)
class HttpDownload:
    """An answer whose content is still on its way."""

    answer: HttpAnswer
    """Without its content."""
    pieces: Iterator[bytes]
    """The content as it comes, unbounded: the reader counts. Reading raises RegistryError."""


def is_busy(answer: HttpAnswer) -> bool:
    """Whether an answer means that another try may be answered."""
    return answer.status in _RETRIED or is_rate_limited(answer)


def is_rate_limited(answer: HttpAnswer) -> bool:
    """Whether an answer means that we ask too much, with any status."""
    return answer.status == TOO_MANY_REQUESTS or (
        answer.status >= BAD_REQUEST and "TOOMANYREQUESTS" in error_codes(answer.content)
    )
