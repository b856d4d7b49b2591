"""Connections to one origin, kept open between questions.

Each is one that nobody else uses while it answers: who asks takes the one that answered last, or
opens another. No lock is held while a socket is asked. How many ask at the same time is for
`gate.registry.http.pace`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Final

from gate.registry.http.conversation import Conversation
from gate.registry.http.line import Line
from gate.registry.http.question import Arrival, HttpQuestion

_KEPT_SECONDS: Final = 15.0
"""After so long without a question a connection is closed instead of used."""


class Connections:
    """Asks one origin. Used from several threads."""

    def __init__(self, connect: Callable[[float], Line]) -> None:
        """Take what connects, within so many seconds. Nothing is connected."""
        self._connect = connect
        self._idle: Final[list[tuple[Conversation, float]]] = []
        """Each with when it is closed, by the monotonic clock; the last one answered last."""
        self._open: Final[set[Conversation]] = set()

    def send(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None = None
    ) -> Arrival:
        """Send one question; closing its answer gives the connection back.

        Raises what connecting raises, OSError and h11.ProtocolError.
        """
        taken = self._taken(seconds)
        try:
            status, headers = taken.ask(question, seconds, pieces)
        except BaseException:
            self._close(taken)
            raise
        return Arrival(status, headers, taken.content(seconds), _Back(self._give_back, taken))

    def close(self) -> None:
        """Close every connection."""
        for connection in tuple(self._open):
            self._close(connection)

    def _taken(self, seconds: float) -> Conversation:
        self._close_oldest()
        with contextlib.suppress(IndexError):
            while True:
                kept, until = self._idle.pop()
                if time.monotonic() < until and not kept.is_over():
                    return kept
                self._close(kept)
        new = Conversation(self._connect(seconds))
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

    def _give_back(self, connection: Conversation) -> None:
        """Keep a connection whose answer was read to its end; close any other."""
        if connection in self._open and connection.ready():
            self._idle.append((connection, time.monotonic() + _KEPT_SECONDS))
        else:
            self._close(connection)

    def _close(self, connection: Conversation) -> None:
        self._open.discard(connection)
        connection.close()


class _Back:
    """Gives a connection back, once."""

    def __init__(self, give: Callable[[Conversation], None], taken: Conversation) -> None:
        self._give = give
        self._taken: Conversation | None = taken

    def __call__(self) -> None:
        taken, self._taken = self._taken, None
        if taken is not None:
            self._give(taken)
