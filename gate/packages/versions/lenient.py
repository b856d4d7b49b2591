"""Versions of packages whose own order gate does not have: NuGet, RubyGems, pub.

By Semantic Versioning's rules, read leniently: with `v`, any number of parts, and `rc1` without a
dash. Words that lead to a release are ordered by their meaning: `dev < alpha < beta < rc`.
"""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Final

from gate.model.expressions import expression
from gate.model.records import dataclass

_PART: Final = expression(r"\d+|[a-z]+", re.ASCII)
_LONGEST: Final = 128
_BEFORE: Final = {"dev": -6, "snapshot": -6, "alpha": -5, "a": -5, "beta": -4, "b": -4}
_EARLY: Final = {**_BEFORE, "milestone": -3, "m": -3, "pre": -2, "preview": -2, "rc": -1, "c": -1}
_DIGITS: Final = 18


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Semantic:
    """A version by Semantic Versioning, read leniently. `1.0` equals `1.0.0`."""

    key: tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]

    @classmethod
    def parse(cls, text: str) -> Semantic:
        """Read a version. Raises ValueError."""
        if len(text) > _LONGEST:
            msg = f"a version is longer than {_LONGEST} characters"
            raise ValueError(msg)
        form = re.fullmatch(
            r"[vV=]?(\d{1,18}(?:\.\d{1,18})*)([0-9A-Za-z.+_~-]*)", text.strip(), re.ASCII
        )
        if form is None:
            msg = f"{text!r} is not a version that can be ordered"
            raise ValueError(msg)
        release = [int(n) for n in form[1].split(".")]
        while len(release) > 1 and release[-1] == 0:
            release.pop()
        return cls((tuple(release), _suffix(form[2])))

    def __eq__(self, other: object) -> bool:
        """Compare as versions."""
        return isinstance(other, Semantic) and self.key == other.key

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.key)

    def __lt__(self, other: Semantic) -> bool:
        """Compare as versions."""
        return self.key < other.key


def _suffix(text: str) -> tuple[tuple[int, int, str], ...]:
    """Order what follows the numbers; the end comes between pre-releases and the rest."""
    end = (0, 0, "")
    found: list[tuple[int, int, str]] = []
    dashed = text.startswith("-")
    for part in _PART.findall(text.partition("+")[0].lower()):
        if part.isdigit():
            found.append((-8 if dashed and not found else 1, int(part[:_DIGITS]), ""))
        else:
            first = _EARLY.get(part, -7 if dashed else 2)
            found.append((2 if found else first, 0, part))
    return (*found, end)


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    left, right = Semantic.parse(one), Semantic.parse(other)
    return (left > right) - (left < right)
