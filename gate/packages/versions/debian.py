"""Versions of Debian packages, as dpkg orders them.

https://www.debian.org/doc/debian-policy/ch-controlfields.html#version

`1.0~rc1-1 < 1.0-1 < 1.0-1+b1 < 1.0a-1 < 1:0.1-1`. A version without a revision comes before each
that has one but `0`, with which it is equal.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from gate.model.expressions import expression
from gate.packages.versions.refusal import no_version

_VERSION: Final = expression(
    r"(?:([0-9]{1,9}):)?([A-Za-z0-9][A-Za-z0-9.+~-]*)-([A-Za-z0-9.+~]+)"
    r"|(?:([0-9]{1,9}):)?([A-Za-z0-9][A-Za-z0-9.+~]*)",
    re.ASCII,
)
_RUNS: Final = expression(r"([^0-9]*)([0-9]*)", re.ASCII)


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    (epoch, upstream, revision), (epoch2, upstream2, revision2) = _parts(one), _parts(other)
    return (
        (epoch > epoch2) - (epoch < epoch2)
        or _order(upstream, upstream2)
        or _order(revision, revision2)
    )


def _parts(text: str) -> tuple[int, str, str]:
    form = _VERSION.fullmatch(text)
    if form is None:
        raise no_version(text, "dpkg")
    return int(form[1] or form[4] or 0), form[2] or form[5], form[3] or ""


def _order(one: str, other: str) -> int:
    """Compare runs of other characters, then of digits, in turn."""
    runs = zip_longest(_RUNS.findall(one), _RUNS.findall(other), fillvalue=("", ""))
    for (text, digits), (text2, digits2) in runs:
        for a, b in zip_longest(text, text2, fillvalue=""):
            if a != b:
                return -1 if _weight(a) < _weight(b) else 1
        numbers = int(digits or 0), int(digits2 or 0)
        if numbers[0] != numbers[1]:
            return -1 if numbers[0] < numbers[1] else 1
    return 0


def _weight(character: str) -> int:
    """Put a tilde before the end, the end before letters, and letters before the rest."""
    if character == "~":
        return -1
    if not character:
        return 0
    return ord(character) if character.isalpha() else ord(character) + 256
