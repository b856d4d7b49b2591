"""What can go wrong with one call, and what is seen of a run in which it did."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")


class Fault(StrEnum):
    """A fault of one call, and, but for `ONCE`, of every later call for the same thing."""

    ONCE = "fails once"
    FAILS = "fails"
    DENIED = "is denied"
    GONE = "says that nothing is there"
    RESET = "breaks the connection"
    HANGS = "hangs"
    TRUNCATED = "is cut off"
    LIES = "gives other bytes"
    EMPTY = "gives nothing"


CANARY: Final = "canary-5d0c1f"
"""The beginning of every secret of these runs; it is in no name and in no other text."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one run."""

    outcome: str
    """`cleared`, or a word and the reason code."""
    seconds: float
    texts: tuple[bytes, ...] = field(repr=False, default=())
    """All that the run printed, wrote or sent where a secret has no place."""
    halves: tuple[str, ...] = ()
    """What it left half done."""

    @property
    def cleared(self) -> bool:
        """Whether somebody could take this for a release that is in order."""
        return self.outcome.startswith("cleared")


@dataclass(frozen=True, slots=True)
class Boundary:
    """A place where gate asks something outside of it."""

    name: str
    asks: str
    """What is asked there, in a few words."""
    calls: Callable[[], list[str]]
    """Return what a run without faults asks, in order."""
    run: Callable[[int, Fault | None], Seen]
    """Run with a fault of the call of this number."""
    faults: tuple[Fault, ...]
    bound: float
    """Seconds after which a run is over, with the short timeouts that it is given here, also on a
    busy machine."""
    secrets: tuple[bytes, ...] = (CANARY.encode(),)
    blocked: bool = False
    """Whether nothing may ever be cleared here."""

    def wrong(self, seen: Seen) -> list[str]:
        """Return what may not be, of one run."""
        told = [*seen.halves]
        if self.blocked and seen.cleared:
            told.append("cleared")
        if seen.seconds > self.bound:
            told.append(f"it took {seen.seconds:.1f} s")
        if any(secret in text for secret in self.secrets for text in seen.texts):
            told.append("a secret is told")
        return told


class Switch:
    """Tells the fault of each call as it comes: the same thing keeps the fault that it had."""

    def __init__(self, number: int, fault: Fault | None) -> None:
        self._number, self._fault = number, fault
        self._lock = threading.Lock()
        self._counts: Iterator[int] = itertools.count()
        self._same: str | None = None
        self.asked: list[str] = []
        self.over = threading.Event()

    def fault(self, what: str) -> Fault | None:
        """Return what is wrong with this call."""
        with self._lock:
            number = next(self._counts)
            self.asked.append(what)
            if number == self._number and self._fault is not None:
                self._same = None if self._fault is Fault.ONCE else what
                return self._fault
            return self._fault if what == self._same else None

    def hang(self, seconds: float) -> None:
        """Give no answer until the run is over, or longer than it waits."""
        self.over.wait(seconds)


def spoiled(content: bytes, fault: Fault) -> bytes:
    """Return what is given in place of some bytes."""
    match fault:
        case Fault.TRUNCATED:
            return content[: len(content) // 2]
        case Fault.LIES if content:
            middle = len(content) // 2
            return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        case _:
            return b""
