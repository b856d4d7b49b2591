"""One open connection: bytes out and in, each within a deadline.

A deadline holds for reading and writing each byte, because a timeout for each read alone never
fires while a server sends a byte now and then.
"""

from __future__ import annotations

import contextlib
import contextvars
import select
import socket
import time
from collections.abc import Iterator
from typing import Final, Protocol

_PIECE: Final = 64 * 1024
_EARLIER: Final = 0.995
"""The share of the time that is left which a socket is told, so that it need not be told again."""
_MUCH_EARLIER: Final = 0.98
_UNTIL: contextvars.ContextVar[float] = contextvars.ContextVar("until")


@contextlib.contextmanager
def deadline(until: float) -> Iterator[None]:
    """Bound all that this thread sends and receives inside, by the monotonic clock."""
    token = _UNTIL.set(until)
    try:
        yield
    finally:
        _UNTIL.reset(token)


def remaining(seconds: float | None) -> float:
    """Return how long one step may take, which is no longer than the deadline allows.

    Raises TimeoutError where that has passed.
    """
    left = _UNTIL.get() - time.monotonic()
    if left <= 0:
        msg = "the deadline has passed"
        raise TimeoutError(msg)
    return left if seconds is None else min(seconds, left)


class Line(Protocol):
    """An open connection. Not for several threads. What fails raises OSError."""

    def send(self, data: bytes, seconds: float) -> None:
        """Send all of it; each part may take so many seconds, and all what the deadline leaves."""

    def receive(self, seconds: float) -> bytes:
        """Return what comes next, within so many seconds; empty where nothing will."""

    def has_news(self) -> bool:
        """Whether something has come, be it that the other side has closed."""

    def close(self) -> None:
        """Close it."""


class SocketLine:
    """A socket as a line."""

    def __init__(self, connected: socket.socket) -> None:
        """Take a connected socket, which this closes."""
        self._socket = connected
        self._told = 0.0
        """The socket's timeout, in seconds: to change it is a call of the system."""

    def send(self, data: bytes, seconds: float) -> None:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            self._tell(remaining(seconds))
            rest = rest[self._socket.send(rest) :]

    def receive(self, seconds: float) -> bytes:
        """Return what comes next."""
        self._tell(remaining(seconds))
        return self._socket.recv(_PIECE)

    def has_news(self) -> bool:
        """Whether something has come; never waits."""
        number = self._socket.fileno()
        if number < 0:
            return True
        asked = select.poll()
        asked.register(number, select.POLLIN)
        return bool(asked.poll(0))

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _tell(self, left: float) -> None:
        if not left * _MUCH_EARLIER <= self._told <= left:
            self._told = left * _EARLIER
            self._socket.settimeout(self._told)
