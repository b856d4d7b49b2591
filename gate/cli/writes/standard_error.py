"""What a command tells beside its report, on standard error: what it did, and warnings."""

from __future__ import annotations

import contextlib
import sys


def tell(text: str) -> None:
    """Write to standard error, or to nobody: where it is closed or full, the exit code stays.

    The text is written as it is, so its foreign parts have gone through `neutral.terminal`.
    """
    # Closed before the start, it is None.
    with contextlib.suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(text)


def warn(problem: str, code: str, remedy: str) -> None:
    """Tell of what ends no run: what is wrong, its code, and what to do about it."""
    from gate.reports.neutral import terminal  # only when something is wrong

    tell(f"gate: {terminal(problem)} [{code}]\n  → {terminal(remedy)}\n")
