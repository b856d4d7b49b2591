"""How a command ends: with a verdict's exit code, an error a person can act on, or a crash.

Python ends a crash with 1, which in gate says that a check failed. Every command runs in
`guarded`, so that what is not a verdict never looks like one.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import ParamSpec

from gate.cli.writes.standard_error import tell
from gate.errors import GateError

P = ParamSpec("P")

CRASHED, INTERRUPTED = 3, 130


def guarded(command: Callable[P, int]) -> Callable[P, None]:
    """Return a command that exits with what `command` returns or with its error's code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        sys.exit(_exit_code(functools.partial(command, *args, **kwargs)))

    return run


def _exit_code(command: Callable[[], int]) -> int:
    try:
        code = command()
        sys.stdout.flush()
    except GateError as error:
        tell_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        tell("gate: interrupted; nothing was decided\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the report has gone; what they did not read was no verdict for them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CRASHED
    except Exception as error:  # noqa: BLE001  # a crash is not a failed check
        _crash(error)
        return CRASHED
    return code


def tell_error(error: GateError) -> None:
    """Print an error on standard error: place, cause, code and next step."""
    from gate.reports.neutral import terminal  # only when something is wrong

    place = f"{error.location}: " if error.location else ""
    tell(
        f"gate: {terminal(place)}{terminal(error.problem)} [{error.code}]\n"
        f"  → {terminal(error.remedy)}\n"
    )


def _crash(error: Exception) -> None:
    from gate.reports.neutral import terminal  # only when something is wrong

    if os.environ.get("GATE_DEBUG"):
        import traceback

        for line in traceback.format_exception(error):
            for part in line.splitlines():
                tell(terminal(part) + "\n")
    tell(
        f"gate: broke: {type(error).__name__}: {terminal(str(error))} [internal-error]\n"
        "  → this is no verdict; run again with GATE_DEBUG=1 and report what it prints\n"
    )
