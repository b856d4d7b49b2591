"""Versions of Composer's packages: `dev < alpha < beta < RC < the release < patch`.

https://getcomposer.org/doc/articles/versions.md

A date is a version (`2024-01-31`), and so are one to four numbers with a stage behind them, in any
case and with `.`, `-`, `_` or nothing between. Names of branches (`dev-main`) have no order.
"""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression

_FORM: Final = expression(
    r"v?(\d{1,18}(?:\.\d{1,18}){0,3}|\d{4}(?:[.:-]?\d\d){1,6})"
    r"(?:[._-]?(alpha|a|beta|b|rc|stable|patch|pl|p)((?:[.-]?\d{1,18})*))?"
    r"([.-]?dev)?(?:\+\S*)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBER: Final = expression(r"\d+", re.ASCII)
_DEV: Final = -4
_STAGES: Final = {
    "alpha": -3,
    "a": -3,
    "beta": -2,
    "b": -2,
    "rc": -1,
    "stable": 0,
    "patch": 1,
    "pl": 1,
    "p": 1,
}
_Key = tuple[tuple[int, ...], int, tuple[int, ...], bool]


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError where one is no version of Composer.

    >>> compare("2.4.6-p1", "2.4.6"), compare("2.4.6-beta2", "2.4.6"), compare("1.0", "v1.0.0")
    (1, -1, 0)
    """
    left, right = _key(one), _key(other)
    return (left > right) - (left < right)


def _key(text: str) -> _Key:
    """Return numbers, stage, numbers of the stage, and whether it is what the stage ends with."""
    form = _FORM.fullmatch(text)
    if form is None:
        msg = f"{text!r} is not a version of Composer, so it cannot be ordered"
        raise ValueError(msg)
    release = [int(n) for n in _NUMBER.findall(form[1])]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    stage = form[2]
    if stage is None and form[4]:
        return tuple(release), _DEV, (), True
    numbers = tuple(map(int, _NUMBER.findall(form[3] or "")))
    return tuple(release), _STAGES[(stage or "stable").lower()], numbers, not form[4]
