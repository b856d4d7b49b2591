"""The log of a server: one line of JSON for each event, written by a thread of its own.

Who reads the log may be slow, and a pipe that is full stops who writes to it. No answer waits for
that: lines wait in memory, and those that find no place there are counted and said to be lost.
"""

from __future__ import annotations

import json
import queue
import threading
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self, TextIO

WAITING: Final = 10_000
"""Lines that wait to be written; of about 400 bytes each."""
_TOGETHER: Final = 0.2
"""Seconds for which lines are gathered, to be written together."""
_LAST_SECONDS: Final = 5.0
"""For which the end of a server waits for a reader."""


class LogWriter(AbstractContextManager["LogWriter"]):
    """Writes events in their order. `write` returns at once and is for any thread."""

    def __init__(self, out: TextIO, *, most: int = WAITING) -> None:
        """Take where lines go. Nothing is written before the context is entered."""
        self._out = out
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue(most)
        self._lost = 0
        self._counting = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def __enter__(self) -> Self:
        """Begin to write."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what waits, and end; after some seconds also without."""
        self._ending.set()
        try:
            self._lines.put(None, timeout=_LAST_SECONDS)
        except queue.Full:
            return
        self._thread.join(_LAST_SECONDS)

    def write(self, event: dict[str, Any]) -> None:
        """Take one event; the time is added."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        try:
            self._lines.put_nowait({"at": at, **event})
        except queue.Full:
            with self._counting:
                self._lost += 1

    def _run(self) -> None:
        ended = False
        while not ended:
            events = [self._lines.get()]
            # Few and long turns: a thread that takes turns with who answers, a line each, makes
            # every answer wait for it on a machine that is busy.
            self._ending.wait(_TOGETHER)
            while not self._lines.empty():
                events.append(self._lines.get())
            ended = None in events
            self._put([event for event in events if event is not None])

    def _put(self, events: list[dict[str, Any]]) -> None:
        with self._counting:
            lost, self._lost = self._lost, 0
        if lost and events:
            events.append({"at": events[-1]["at"], "event": "log-lost", "lines": lost})
        try:
            # Only ASCII: no terminal and no log obeys it.
            self._out.write("".join(json.dumps(event) + "\n" for event in events))
            self._out.flush()
        except (OSError, ValueError):
            return  # nobody reads any more, and answers go on
