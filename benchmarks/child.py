"""A program that is run to its end and measured from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

_LAUNCHER: Final = """\
import json, os, sys, time
channel = int(sys.argv[1])
os.set_inheritable(channel, False)
began = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - began
code, peak = os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024
os.write(channel, json.dumps([code, wall, used.ru_utime, used.ru_stime, peak]).encode())
"""
"""Linux counts the memory of who starts a program as the program's own: so a small one does it."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a program took."""

    code: int
    """Its exit code; below 0 the signal that ended it."""
    wall: float
    """Seconds from start to end."""
    user: float
    system: float
    peak: int
    """The largest resident memory, in bytes."""


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int = subprocess.DEVNULL,
) -> Used:
    """Run a program to its end, however it ends, and return what it took."""
    ours, theirs = os.pipe()
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(theirs)]
    with os.fdopen(ours, "rb") as told:
        try:
            subprocess.run(  # noqa: S603  # a benchmark runs programs
                [*launcher, *command],
                cwd=folder,
                env=None if environment is None else {**os.environ, **environment},
                stdout=output,
                stderr=output,
                pass_fds=[theirs],
                check=True,
            )
        finally:
            os.close(theirs)
        return Used(*json.loads(told.read()))
