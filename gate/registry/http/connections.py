"""Connections to one origin, kept open between questions.

Each is one that nobody else uses while it answers: who asks takes the one that answered last, or
opens another. httpcore's own pool walks through all connections under one lock for each question,
and looks at each socket there; 32 threads spend most of their time waiting for that lock. How many
ask at the same time is for `gate.registry.http.pace`.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterator
from typing import Any, Final

import httpcore

_KEPT_SECONDS: Final = 15.0
"""After so long without a question a connection is closed instead of used."""


class Connections:
    """Asks one origin. Used from several threads."""

    def __init__(
        self, origin: httpcore.Origin, tls: ssl.SSLContext | None, backend: httpcore.NetworkBackend
    ) -> None:
        """Take whom to ask and how to connect. Nothing is connected."""
        self._origin = origin
        self._tls = tls
        self._backend = backend
        self._idle: Final[list[tuple[httpcore.HTTPConnection, float]]] = []
        """Each with when it is closed, by the monotonic clock; the last one answered last."""
        self._open: Final[set[httpcore.HTTPConnection]] = set()

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send one request; closing its answer gives the connection back.

        Raises httpcore's exceptions and what the backend raises.
        """
        connection = self._taken()
        try:
            answer = connection.handle_request(request)
        except BaseException:
            self._close(connection)
            raise
        answer.stream = _Content(answer.stream, self, connection)
        return answer

    def give_back(self, connection: httpcore.HTTPConnection) -> None:
        """Keep a connection whose answer was read to its end; close any other."""
        if connection.is_idle():
            self._idle.append((connection, time.monotonic() + _KEPT_SECONDS))
        else:
            self._close(connection)

    def close(self) -> None:
        """Close every connection."""
        for connection in tuple(self._open):
            self._close(connection)

    def _taken(self) -> httpcore.HTTPConnection:
        self._close_oldest()
        with contextlib.suppress(IndexError):
            while True:
                kept, until = self._idle.pop()
                # It has also expired where the other side closed it.
                if time.monotonic() < until and not kept.has_expired():
                    return kept
                self._close(kept)
        new = httpcore.HTTPConnection(
            self._origin, ssl_context=self._tls, network_backend=self._backend
        )
        self._open.add(new)
        return new

    def _close_oldest(self) -> None:
        """Close the connection that nobody took for longest, where its time is over."""
        with contextlib.suppress(IndexError):
            oldest, until = self._idle.pop(0)
            if time.monotonic() < until:
                self._idle.insert(0, (oldest, until))
            else:
                self._close(oldest)

    def _close(self, connection: httpcore.HTTPConnection) -> None:
        self._open.discard(connection)
        connection.close()


class _Content:
    """The content of an answer, whose end gives the connection back."""

    def __init__(
        self,
        stream: Any,  # noqa: ANN401  # httpcore names no type for it
        of: Connections,
        connection: httpcore.HTTPConnection,
    ) -> None:
        self._stream = stream
        self._of = of
        self._connection: httpcore.HTTPConnection | None = connection

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._stream.close()
            self._of.give_back(connection)
