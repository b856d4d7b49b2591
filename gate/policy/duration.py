"""Durations as a policy writes them: `45m`, `24h`, `7d`, `2w`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final

from gate.model.expressions import expression
from gate.policy.fields import Before, Shown

_FORM: Final = expression(r"([1-9][0-9]{0,4})([mhdw])", re.ASCII)
_UNIT: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def parse_duration(text: object) -> timedelta:
    """Read a whole number, 1 to 99999, and one of m, h, d, w. Raises ValueError."""
    form = _FORM.fullmatch(text) if isinstance(text, str) else None
    if form is None:
        msg = "a duration is a whole number and one of m, h, d, w, such as 24h or 7d"
        raise ValueError(msg)
    return int(form[1]) * _UNIT[form[2]]


def write_duration(duration: timedelta) -> str:
    """Return a duration as a policy writes it, in the largest unit that holds it whole.

    >>> write_duration(timedelta(days=90)), write_duration(timedelta(weeks=2))
    ('90d', '2w')
    """
    unit = next(u for u in reversed(_UNIT) if not duration % _UNIT[u])
    return f"{duration // _UNIT[unit]}{unit}"


Duration = Annotated[
    timedelta,
    Before(parse_duration),
    Shown({"type": "string", "pattern": f"^{_FORM.pattern}$", "examples": ["24h", "7d"]}),
]
"""A policy field that holds a duration. Never zero, never negative."""
