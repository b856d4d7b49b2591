"""A file that gate proposes: an edited one is never written over unless the call says so."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

from gate.errors import UsageError
from gate.policy.load import MAX_POLICY_BYTES
from gate.reports.neutral import terminal


def demand_absent(path: Path, *, force: bool) -> None:
    """Refuse a file that is there already. Raises UsageError."""
    if path.exists() and not force:
        raise _exists(path)


def demand_unchanged(path: Path, text: str, *, force: bool) -> None:
    """Refuse a file that says something else than is proposed, and print the difference.

    Raises UsageError. With `force`, and where it is the same, nothing is said.
    """
    if not path.exists() or force:
        return
    with path.open("rb") as file:
        now = file.read(MAX_POLICY_BYTES).decode(errors="replace")
    if now == text:
        return
    difference = difflib.unified_diff(
        now.splitlines(), text.splitlines(), str(path), "what gate proposes now", lineterm=""
    )
    for line in difference:
        sys.stdout.write(terminal(line) + "\n")
    raise _exists(path)


def _exists(path: Path) -> UsageError:
    return UsageError(
        "policy-exists",
        f"{path} is there already, and nothing was changed",
        remedy="take over the lines that you want, or write over it with --force",
    )
