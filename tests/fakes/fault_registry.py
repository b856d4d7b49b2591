"""A raw socket server for faults that an HTTP framework cannot be made to commit."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

Fault = Callable[[socket.socket, threading.Event], None]
"""Answers one request on a connection, badly. The event is set when the test is over."""


class FaultRegistry:
    """Serves one fault to every request; use it as a context manager."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads: list[threading.Thread] = []
        self.connections = 0

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=work))
        self._threads[-1].start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(lambda taken=connection: self._serve(taken))  # type: ignore[misc]  # bound now

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            request = b""
            while b"\r\n\r\n" not in request:
                received = connection.recv(65536)
                if not received:
                    return
                request += received
            self._fault(connection, self._over)


def says(content: bytes) -> Fault:
    """Send some bytes and close."""

    def fault(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(content)

    return fault


def stalls(content: bytes = b"") -> Fault:
    """Send some bytes and then nothing more."""

    def fault(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(content)
        over.wait(20)

    return fault


def drips(head: bytes, drop: bytes, every: float) -> Fault:
    """Send a head and then a drop every so many seconds, without end."""

    def fault(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(head)
        for _ in _until(over, every):
            connection.sendall(drop)

    return fault


def resets() -> Fault:
    """Break the connection off with a reset."""

    def fault(connection: socket.socket, _: threading.Event) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return fault


def _until(over: threading.Event, every: float) -> Iterator[None]:
    while not over.wait(every):
        yield
