"""A time that a call names."""

from __future__ import annotations

from datetime import datetime

from gate.errors import UsageError
from gate.predicates.fields import instant


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time as UTC. Raises UsageError."""
    try:
        return instant(text, "the time")
    except ValueError as problem:
        raise UsageError(
            "time-malformed",
            f"{text!r} is no time with an offset",
            remedy="write RFC 3339, such as 2026-11-21T10:00:00Z",
        ) from problem
