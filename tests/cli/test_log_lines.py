"""The log of a server: in order, and never in the way of an answer."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

from gate.cli.writes.log_lines import LogWriter


class SlowReader(io.StringIO):
    """Takes nothing before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.free = threading.Event(), threading.Event()

    def write(self, text: str) -> int:
        self.begun.set()
        self.free.wait(10)
        return super().write(text)


def events(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_events_are_written_in_their_order_before_the_end() -> None:
    out = io.StringIO()
    with LogWriter(out) as log:
        for number in range(100):
            log.write({"event": "decision", "object": "sh\u00f6p", "number": number})
    assert [one["number"] for one in events(out)] == list(range(100))
    assert out.getvalue().isascii()
    assert all(one["at"].endswith("Z") for one in events(out))


def test_a_reader_that_takes_nothing_stops_nobody_and_lost_lines_are_counted() -> None:
    out = SlowReader()
    with LogWriter(out, most=5) as log:
        log.write({"number": 0})
        assert out.begun.wait(10)
        for number in range(1, 9):
            log.write({"number": number})
        out.free.set()
    told = events(out)
    assert [one["number"] for one in told if "number" in one] == list(range(6))
    assert [one["lines"] for one in told if one.get("event") == "log-lost"] == [3]


class Broken(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


def test_a_reader_that_is_gone_stops_nobody() -> None:
    with LogWriter(Broken()) as log:
        log.write({"event": "decision"})
        log.write({"event": "decision"})
