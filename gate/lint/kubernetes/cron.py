"""Schedules of CronJobs: five fields, a name such as @daily, or `@every 1h30m`.

https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

from __future__ import annotations

import re
from typing import Any, Final

from gate.model.expressions import expression

_NAMED: Final = frozenset(
    ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
)
_MONTHS: Final = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
]
_DAYS: Final = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: Final[tuple[tuple[str, int, int, dict[str, int]], ...]] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: i for i, name in enumerate(_MONTHS, 1)}),
    ("day of the week", 0, 6, {name: i for i, name in enumerate(_DAYS)}),
)
_DURATION: Final = expression(
    r"[+-]?(?:0|(?:\d++(?:\.\d*+)?+|\.\d++)(?:ns|us|µs|μs|ms|[smh]))++", re.ASCII
)
_PARTS: Final = 2


def schedule(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a schedule; return what it must be otherwise.

    >>> schedule("0 8-18/2 * * MON-FRI"), schedule("61 * * * *")
    (None, 'a schedule whose minute is between 0 and 59')
    """
    if not isinstance(value, str):
        return None
    if value.startswith(("TZ=", "CRON_TZ=")):
        value = value.partition(" ")[2].strip()
    return _descriptor(value) if value.startswith("@") else _fields(value.split())


def zoneless(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a schedule that names no time zone, as releases since 1.29 do."""
    wrong = isinstance(value, str) and "TZ" in value
    return "a schedule without a time zone; that goes to timeZone" if wrong else None


def _fields(parts: list[str]) -> str | None:
    if len(parts) != len(_FIELDS):
        return f"a schedule of 5 fields, not {len(parts)}"
    for part, (name, low, high, names) in zip(parts, _FIELDS, strict=True):
        if not all(
            _fits(item, low, high, names) for item in part.split(",") if item
        ) or not part.strip(","):
            return f"a schedule whose {name} is between {low} and {high}"
    return None


def _descriptor(value: str) -> str | None:
    every = value.removeprefix("@every ")
    fits = value in _NAMED or (every != value and _DURATION.fullmatch(every))
    return None if fits else "a schedule of 5 fields, or a name such as @daily"


def _fits(item: str, low: int, high: int, names: dict[str, int]) -> bool:
    """Whether one item of a list is `*`, a number or a range, with a step or without."""
    span, *step = item.split("/")
    ends = span.split("-")
    if len(ends) > _PARTS or len(step) > 1:
        return False
    if ends[0] in ("*", "?"):
        numbers: list[int | None] = [low, high]
    else:
        numbers = [_number(end, names) for end in ends]
    steps = [_number(s, {}) for s in step]
    if any(n is None for n in (*numbers, *steps)) or 0 in steps:
        return False
    found = [n for n in numbers if n is not None]
    return low <= found[0] <= found[-1] <= high


def _number(text: str, names: dict[str, int]) -> int | None:
    known = names.get(text.lower())
    if known is not None:
        return known
    fits = text.isascii() and text.isdigit() and len(text) < 9  # noqa: PLR2004  # no field has more
    return int(text) if fits else None
