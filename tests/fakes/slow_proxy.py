"""A proxy between a client and a server on loopback that is as far away as it is told to be.

What one side sends reaches the other after a delay, in order; a new connection costs a round trip
more before its first byte, as TCP's handshake does. It can lose connections and answer for the
server that too much is asked. Plain HTTP/1.1 alone, one request after another on a connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Final

_CHUNK: Final = 1 << 16
_TOO_MANY: Final = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: %d\r\ncontent-length: 0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far away the server is, and how bad the way is."""

    one_way: float = 0.0
    """Seconds from one side to the other; a round trip is twice as long."""
    jitter: float = 0.0
    """Seconds that each chunk takes longer, from none to so many."""
    cut: float = 0.0
    """The share of answers within which the connection is lost."""
    refused: float = 0.0
    """The share of requests that are answered 429."""
    retry_after: int = 1
    """Seconds that such an answer asks to wait."""
    seed: int = 1


@contextlib.contextmanager
def far_away(port: int, distance: Distance) -> Iterator[int]:
    """Serve what listens at a port of loopback at another one, until the block ends."""
    ours, theirs = multiprocessing.Pipe()
    spawn = multiprocessing.get_context("fork")
    proxy = spawn.Process(target=_serve, args=(theirs, port, distance), daemon=True)
    proxy.start()
    try:
        yield int(ours.recv())
    finally:
        proxy.terminate()
        proxy.join()


def _serve(channel: Connection, port: int, distance: Distance) -> None:
    asyncio.run(_Proxy(port, distance).serve(channel))


class _Proxy:
    def __init__(self, port: int, distance: Distance) -> None:
        self._port = port
        self._distance = distance
        self._chance = random.Random(distance.seed)  # noqa: S311  # of a test, not of a key

    async def serve(self, channel: Connection) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024)
        channel.send(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    async def _connected(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            far, forth = await asyncio.open_connection("127.0.0.1", self._port)
            handshake = 2 * self._distance.one_way
            there = self._carry(near, forth, answers=back, first=handshake)
            home = self._carry(far, back, cuts=True)
            with contextlib.suppress(OSError):
                await asyncio.gather(there, home)
            forth.close()
        back.close()

    async def _carry(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        *,
        answers: asyncio.StreamWriter | None = None,
        cuts: bool = False,
        first: float = 0.0,
    ) -> None:
        """Hand on each chunk when it is due, while the next ones are already on their way."""
        loop, way = asyncio.get_running_loop(), asyncio.Queue[tuple[float, bytes]]()
        carrier = loop.create_task(self._deliver(way, target))
        due = 0.0
        while chunk := await source.read(_CHUNK):
            late = self._distance.one_way + first + self._chance.uniform(0, self._distance.jitter)
            first, due = 0.0, max(due, loop.time() + late)
            if answers is not None and self._happens(self._distance.refused):
                await asyncio.sleep(2 * late)
                answers.write(_TOO_MANY % self._distance.retry_after)
                continue
            if cuts and self._happens(self._distance.cut):
                way.put_nowait((due, chunk[: len(chunk) // 2]))
                break
            way.put_nowait((due, chunk))
        way.put_nowait((due, b""))
        await carrier

    async def _deliver(
        self, way: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, chunk = await way.get()
            await asyncio.sleep(max(0.0, due - loop.time()))
            if not chunk:
                target.close()
                return
            target.write(chunk)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share
