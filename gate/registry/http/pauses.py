"""How long to wait before a question is asked again."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Final

_FIRST: Final = 0.5
_LONGEST_DIGITS: Final = 9


def pause(attempt: int, asked: str | None) -> float:
    """Return for how many seconds to wait after a try, from 1, that failed.

    `asked` is the host's Retry-After: seconds or a date. Where it says neither, or the past,
    the wait doubles from try to try and is spread, so that many runs do not return at once.
    """
    wanted = asked_pause(asked)
    if wanted is not None:
        return wanted
    return _FIRST * (1 << (attempt - 1)) * (0.5 + random.random())  # noqa: S311  # hides nothing


def asked_pause(text: str | None) -> float | None:
    """Read seconds or a date of a Retry-After; None for anything else, the past included."""
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_DIGITS:
        return float(text)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415  # few hosts say a date

    try:
        moment = parsedate_to_datetime(text)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if seconds > 0 else None
