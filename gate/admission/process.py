"""What a server process is beside its application: its loop, its pauses, and who ends it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

import uvicorn

from gate.reports.neutral import terminal

_SWITCH: Final = 0.001
"""Seconds for which a thread keeps the interpreter while others wait for it."""
_LOGGED: Final = 300
"""Characters of one text in the log."""


def settle() -> None:
    """Make pauses short: those of the collector, and those that threads make.

    What is there when the server has begun stays until its end. Left to the collector, each of its
    full rounds walks over all of that and stops every answer for 50 ms or longer. And while images
    are looked at in threads, who answers waits for the interpreter for a millisecond at most, and
    not for the five that are usual.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_SWITCH)


async def rounds(
    seconds: float, work: Callable[[], Awaitable[None]], log: Callable[[dict[str, Any]], None]
) -> None:
    """Do a work again and again, each time after so many seconds, until this is cancelled.

    A defect in one round is logged and ends no other: a certificate, a list of ended passes or the
    roots would never be read again, and nobody would see that.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:  # noqa: BLE001  # whatever it is, the next round may do
            why = terminal(f"{type(error).__name__}: {error}", limit=_LOGGED)
            log({"event": "round-failed", "code": "internal-error", "why": why})


class EndedServer(uvicorn.Server):
    """A server that is ended by who runs it, and not by signals of its own."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to who runs the server."""
        yield

    def end(self) -> None:
        """Take no more requests, and answer those that are here."""
        self.should_exit = True


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what makes the server's loop: uvloop's, where there is one."""
    try:
        import uvloop  # noqa: PLC0415  # it is not there on Windows
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop
