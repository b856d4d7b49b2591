"""How far the clocks of two machines may be apart: the same for everything that has a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

TOLERANCE: Final = timedelta(minutes=5)
"""What Kerberos takes too. Clocks that nobody sets drift by seconds a day."""


def is_ahead(at: datetime | None, now: datetime) -> bool:
    """Whether a time is so far in the future that no clock that drifts explains it.

    Example: at 12:00:00, 12:05:00 is not ahead, and 12:05:01 is. No time is not ahead.
    """
    return at is not None and at > now + TOLERANCE


_LAST: Final = datetime.max.replace(tzinfo=UTC)


def end_of(since: datetime, lasts: timedelta) -> datetime:
    """Return when what began at a time ends: with the calendar at the latest.

    Foreign texts have dates of every year, and one of the year 9999 has no day after it.

    >>> end_of(datetime(9999, 12, 31, 23, tzinfo=UTC), timedelta(days=1)).isoformat()
    '9999-12-31T23:59:59.999999+00:00'
    """
    return since + lasts if lasts < _LAST - since else _LAST
