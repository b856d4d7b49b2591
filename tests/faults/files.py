"""The files of a run, each opening and renaming with a fault."""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import Any, Final

from tests.faults.kinds import Boundary, Fault, Seen, Switch
from tests.faults.release import SECRETS, judged_in, steps_in

_WATCHED: Final = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.scandir"})
_ERRORS: Final = {
    Fault.FAILS: errno.EIO,
    Fault.DENIED: errno.EACCES,
    Fault.GONE: errno.ENOENT,
    Fault.EMPTY: errno.ENOSPC,
}


class _Watch:
    """Raises what an operating system would, at one use of a file below a folder."""

    def __init__(self) -> None:
        self.switch: Switch | None = None
        self.folder = ""
        self.installed = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Hear of one use of a file. A hook stays for as long as the process does."""
        if self.switch is None or event not in _WATCHED or not arguments:
            return
        path = arguments[0]
        if not isinstance(path, str | Path) or not str(path).startswith(self.folder):
            return
        fault = self.switch.fault(f"{event} {Path(str(path)).name}")
        if fault is not None:
            code = _ERRORS[fault]
            raise OSError(code, "a fault of this test", str(path))


_WATCH: Final = _Watch()


def _enter(switch: Switch, folder: Path) -> None:
    if not _WATCH.installed:
        sys.addaudithook(_WATCH)
        _WATCH.installed = True
    _WATCH.folder, _WATCH.switch = str(folder), switch


def _leave() -> None:
    _WATCH.switch = None


def boundaries() -> tuple[Boundary, ...]:
    """Return the boundary to files."""

    def run(number: int, fault: Fault | None) -> Seen:
        return judged_in(Switch(number, fault), _enter, _leave)

    return (
        Boundary(
            "files of a run",
            "the policy, keys, manifests, the folder of passes",
            lambda: steps_in(_enter, _leave),
            run,
            tuple(_ERRORS),
            30.0,
            SECRETS,
        ),
    )
