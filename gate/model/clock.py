"""How far the clocks of two machines may be apart: the same for everything that has a date."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(minutes=5)
"""What Kerberos takes too. Clocks that nobody sets drift by seconds a day."""


def is_ahead(at: datetime | None, now: datetime) -> bool:
    """Whether a time is so far in the future that no clock that drifts explains it.

    Example: at 12:00:00, 12:05:00 is not ahead, and 12:05:01 is. No time is not ahead.
    """
    return at is not None and at > now + TOLERANCE
