"""Runs tests against mutants: pytest collects once, and each mutant lives in a process of its own.

The tests run once as they are, and it is noted which function of gate each of them calls. Then
for each mutant the process forks, the copy gets the mutant's code in the place of the function's,
and runs the tests that call it until one fails: first those that noticed other mutants of the
function, then the quickest. A copy without a change goes before all: it has to pass, or a test
fails for another reason than a mutant.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import math
import mmap
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Final

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant, compiled

_LEAST_SECONDS: Final = 10.0
_TIMES: Final = 10
"""A copy may take so many times as long as its tests took, and the least seconds in addition."""
_LEAST_FOR_ONE: Final = 5
"""So may each test: one that loops for ever need not be waited for as long as all of them."""
_PLACE: Final = 4
"""Bytes of the number of a test."""
_LATE: Final = 2
"""The status with which a copy ends itself whose test takes too long."""


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    ENDLESS = "endless"
    """The tests did not end in time, as those of a changed loop may."""
    SURVIVED = "survived"
    UNCALLED = "uncalled"
    """No test calls the function."""
    SAME = "same"
    """The change makes no other code, or none that fits."""


@dataclass(slots=True)
class Run:
    """A run of pytest that judges mutants in the place of a report."""

    mutants: Sequence[Mutant]
    root: Path
    say: Callable[[Outcome, Mutant], None]
    """Is told each mutant that lives."""
    jobs: int = 1
    outcomes: dict[Mutant, Outcome] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    callers: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    noticed: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    """By function: the tests that noticed one of its mutants, the last one first."""
    trouble: str | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests once as they are, then against each mutant."""
        from hypothesis import (  # noqa: PLC0415  # pytest's plug-in of it has to come first
            HealthCheck,
            settings,
        )

        settings.register_profile(
            "mutation",
            deadline=None,
            derandomize=True,
            database=None,
            max_examples=40,
            suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no mutant
        )
        settings.load_profile("mutation")
        items = self._baseline(session)
        if self.trouble is None:
            session._setupstate.teardown_exact(None)  # noqa: SLF001  # servers do not survive a fork
            _forget()
            if _control([(items[test], self._most(test)) for test in items]):
                self._judge(items)
            else:
                self.trouble = "a copy of the process without a mutant fails a test"
        return True

    def _baseline(self, session: pytest.Session) -> dict[str, pytest.Item]:
        functions = {(str(self.root / m.path), m.starts) for m in self.mutants}
        ranges = _ranges(self.mutants, self.root)
        for place, item in enumerate(session.items):
            following = session.items[place + 1] if place + 1 < len(session.items) else None
            started = time.perf_counter()
            with _called(functions, ranges) as called:
                failed = _fails(item, following)
            self.seconds[item.nodeid] = time.perf_counter() - started
            if failed:
                self.trouble = f"{item.nodeid} fails without a mutant"
                break
            for one in called:
                self.callers[one].add(item.nodeid)
        return {item.nodeid: item for item in session.items}

    def _judge(self, items: dict[str, pytest.Item]) -> None:
        running: dict[int, _Copy] = {}
        functions = _by_place(self.root)
        todo = iter(self.mutants)
        for mutant in todo:
            tests = self._tests(mutant)
            code = _other_code(mutant)
            there = functions[str(self.root / mutant.path), mutant.starts]
            own = _own(there, code) if code is not None and tests else []
            if code is None or not own:
                self._note(mutant, Outcome.SAME if code is None or tests else Outcome.UNCALLED)
                continue
            while len(running) >= self.jobs:
                self._wait(running)
            allowed = _LEAST_SECONDS + _TIMES * sum(self.seconds[t] for t in tests)
            at = mmap.mmap(-1, _PLACE)
            pid = _fork(own, code, [(items[test], self._most(test)) for test in tests], at)
            running[pid] = _Copy(mutant, time.monotonic() + allowed, tests, at)
        while running:
            self._wait(running)

    def _note(self, mutant: Mutant, outcome: Outcome) -> None:
        self.outcomes[mutant] = outcome
        if outcome in {Outcome.SURVIVED, Outcome.UNCALLED}:
            self.say(outcome, mutant)

    def _tests(self, mutant: Mutant) -> list[str]:
        function = str(self.root / mutant.path), mutant.starts
        noticed = self.noticed[function]
        others = self.callers.get(function, set()).difference(noticed)
        return [*noticed, *sorted(others, key=lambda test: (self.seconds[test], test))]

    def _most(self, test: str) -> float:
        """Return the seconds that one test may take in a copy."""
        return _LEAST_FOR_ONE + _TIMES * self.seconds[test]

    def _wait(self, running: dict[int, _Copy]) -> None:
        """Wait until one copy ends, or take one away that is late."""
        while True:
            for pid, copy in running.items():
                ended, status = os.waitpid(pid, os.WNOHANG)
                late = not ended and time.monotonic() > copy.until
                if late:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                if ended or late:
                    self._ended(copy, Outcome.ENDLESS if late else _outcome(status))
                    del running[pid]
                    return
            time.sleep(0.002)

    def _ended(self, copy: _Copy, outcome: Outcome) -> None:
        """Note what became of a copy, and which test it ended in."""
        if outcome is not Outcome.SURVIVED:
            test = copy.tests[int.from_bytes(copy.at[:_PLACE])]
            noticed = self.noticed[str(self.root / copy.mutant.path), copy.mutant.starts]
            noticed[:] = [test, *(one for one in noticed if one != test)]
        copy.at.close()
        self._note(copy.mutant, outcome)


@dataclass(slots=True)
class _Copy:
    """A copy of the process that runs the tests against one mutant."""

    mutant: Mutant
    until: float
    tests: list[str]
    at: mmap.mmap
    """Which of the tests it is at: written by the copy."""


def _outcome(status: int) -> Outcome:
    """Return what the end of a copy tells of its mutant."""
    if not os.WIFEXITED(status):
        return Outcome.KILLED
    told = {0: Outcome.SURVIVED, _LATE: Outcome.ENDLESS}
    return told.get(os.WEXITSTATUS(status), Outcome.KILLED)


def _control(items: list[tuple[pytest.Item, float]]) -> bool:
    """Tell whether a copy without a change passes all the tests."""
    pid = os.fork()
    if not pid:
        _run(items, mmap.mmap(-1, _PLACE))
    _, status = os.waitpid(pid, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def _other_code(mutant: Mutant) -> CodeType | None:
    """Return the mutant's code; None where the change cannot be."""
    try:
        return compiled(mutant)
    except (LookupError, SyntaxError, ValueError):
        return None


def _by_place(root: Path) -> dict[tuple[str, int], list[FunctionType]]:
    """Return the functions of gate by the file and the line of their code."""
    found: dict[tuple[str, int], list[FunctionType]] = defaultdict(list)
    for function in gc.get_objects():
        if isinstance(function, FunctionType):
            code = function.__code__
            if code.co_filename.startswith(str(root)):
                found[code.co_filename, code.co_firstlineno].append(function)
    return found


def _own(functions: list[FunctionType], code: CodeType) -> list[FunctionType]:
    """Return the functions whose code the mutant's takes the place of, where it fits them.

    It does not where the only use of `super()` is what was taken out.
    """
    return [one for one in functions if one.__code__.co_freevars == code.co_freevars]


def _fork(
    own: list[FunctionType], code: CodeType, items: list[tuple[pytest.Item, float]], at: mmap.mmap
) -> int:
    pid = os.fork()
    if pid:
        return pid
    for function in own:
        function.__code__ = code
    _run(items, at)
    return 0


def _run(items: list[tuple[pytest.Item, float]], at: mmap.mmap) -> None:
    """Run tests, each in its seconds, in a copy of the process until one fails; end the copy."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(sink, stream)
    try:
        until = [math.inf]
        threading.Thread(target=_end_late, args=(until,), daemon=True).start()
        for place, (item, most) in enumerate(items):
            following = items[place + 1][0] if place + 1 < len(items) else None
            at[:_PLACE] = place.to_bytes(_PLACE)
            until[0] = time.monotonic() + most
            if _fails(item, following):
                os._exit(1)
        os._exit(0)
    except BaseException:  # noqa: BLE001  # the copy may not go on with its parent's work
        os._exit(1)


def _end_late(until: list[float]) -> None:
    """End the copy when the time of its test is over."""
    while time.monotonic() <= until[0]:
        time.sleep(0.5)
    os._exit(_LATE)


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    reports = runtestprotocol(item, log=False, nextitem=following)
    return any(report.failed for report in reports)


def _forget() -> None:
    """Empty each cache of a function, so that no copy gets what the function said before."""
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper):  # noqa: SLF001  # its public name is a function
            module = getattr(found, "__module__", None) or ""
            if module.startswith("gate."):
                found.cache_clear()


def _ranges(mutants: Iterable[Mutant], root: Path) -> dict[str, list[int]]:
    starts: dict[str, set[int]] = defaultdict(set)
    for mutant in mutants:
        starts[str(root / mutant.path)].add(mutant.starts)
    return {path: sorted(found) for path, found in starts.items()}


@contextlib.contextmanager
def _called(
    functions: set[tuple[str, int]], ranges: dict[str, list[int]]
) -> Iterator[set[tuple[str, int]]]:
    """Collect the functions, of those that are given, which are called meanwhile."""
    called: set[tuple[str, int]] = set()

    def see(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in ranges:
            place = code.co_filename, code.co_firstlineno
            if place in functions:
                called.add(place)

    threading.setprofile(see)
    sys.setprofile(see)
    try:
        yield called
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
