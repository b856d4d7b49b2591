"""What a server process is beside its application: its loop, its pauses, and who ends it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
from collections.abc import Callable, Iterator
from typing import Final

import uvicorn

_SWITCH: Final = 0.001
"""Seconds for which a thread keeps the interpreter while others wait for it."""


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
