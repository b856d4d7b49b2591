"""How many requests one host gets at the same time: fewer where it says that this is too much."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from gate.model.expressions import expression

_NUMBER: Final = expression(r"\s*([0-9]{1,9})\s*(?:;.*)?")
_LEFT: Final = ("ratelimit-remaining", "x-ratelimit-remaining")
_RESET: Final = "ratelimit-reset"


class Pace:
    """The bound of one host, found out by asking. Used from several threads.

    It begins at `most`. "Too much" (429, 503 and the like) or a lost connection halves it, once for
    all that was under way by then: of 32 refusals of one burst 16 is left, and not 0. So many
    answers as it allows make it one more, up to `most`. It is no more than the host says is left of
    what we may ask. Who was refused once goes before who was not asked yet.
    """

    def __init__(
        self,
        most: int,
        *,
        longest_wait: float,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the bound to begin with, and the longest pause, in seconds, that a host may ask."""
        self._most = most
        self._longest_wait = longest_wait
        self._sleep = sleep
        self._clock = clock
        lock = threading.Lock()
        self._refused = threading.Condition(lock)
        """Where those wait that were refused once."""
        self._fresh = threading.Condition(lock)
        self._waiting = 0
        self._under_way = 0
        self._allowed = float(most)
        self._left = most
        self._halved = 0
        self._resumes = 0.0

    @property
    def allowed(self) -> int:
        """How many requests may be under way now: at least one."""
        return max(1, min(int(self._allowed), self._left))

    @property
    def waits(self) -> bool:
        """Whether somebody waits who was refused once."""
        return self._waiting > 0

    def enter(self, seconds: float, *, again: bool = False) -> int | None:
        """Wait for a turn, at most so long; return what to tell of it later, None for no turn.

        `again` is a try after one that failed, which has waited as long as it was asked to.
        """
        ends = self._clock() + seconds
        pause = min(self._resumes - self._clock(), seconds)
        if pause > 0 and not again:
            self._sleep(pause)
        with self._fresh:
            line = self._refused if again else self._fresh
            self._waiting += again
            came = line.wait_for(lambda: self._is_free(again=again), ends - self._clock())
            self._waiting -= again
            if not came:
                return None
            self._under_way += 1
            return self._halved

    def leave(self) -> None:
        """Give the turn to the next."""
        with self._fresh:
            self._under_way -= 1
            self._call()

    def went_well(self, headers: Mapping[str, str], *, again: bool = False) -> None:
        """Take note of an answer, its headers by lower-case name."""
        with self._fresh:
            if again:
                self._resumes = 0.0
            self._allowed = min(self._most, self._allowed + 1 / self._allowed)
            left = next((n for name in _LEFT if (n := _number(headers, name)) is not None), None)
            if left is not None:
                self._left = left
                reset = _number(headers, _RESET)
                if left == 0 and reset is not None:
                    self._hold(reset)
            self._call()

    def was_too_much(self, turn: int, wait: float | None = None) -> None:
        """Take note that a turn was one too many, and for how long the host wants no more."""
        with self._fresh:
            if wait is not None:
                self._hold(wait)
            if turn == self._halved:
                self._halved += 1
                self._allowed = max(1.0, self._allowed / 2)

    def _hold(self, seconds: float) -> None:
        self._resumes = max(self._resumes, self._clock() + min(seconds, self._longest_wait))

    def _is_free(self, *, again: bool) -> bool:
        return self._under_way < self.allowed and (again or not self._waiting)

    def _call(self) -> None:
        (self._refused if self._waiting else self._fresh).notify()


def _number(headers: Mapping[str, str], name: str) -> int | None:
    form = _NUMBER.fullmatch(headers[name]) if name in headers else None
    return int(form[1]) if form else None
