"""How the versions of a package are ordered.

As their ecosystem does only as far as is written here: by Semantic Versioning's rules, read
leniently (`v`, any number of parts, `rc1` without a dash), and for deb by dpkg's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from itertools import zip_longest
from typing import Final

SEMANTIC: Final = frozenset(
    {"npm", "cargo", "golang", "nuget", "composer", "pypi", "gem", "maven", "hex", "pub", "swift"}
)
RANGED: Final = SEMANTIC | {"deb"}
"""Package types whose versions gate can order."""

_PART: Final = re.compile(r"\d+|[a-z]+", re.ASCII)
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
    """Order what follows the numbers; the end stands between pre-releases and the rest."""
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


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Debian:
    """A version by dpkg's algorithm.

    https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
    """

    epoch: int
    upstream: str
    revision: str

    @classmethod
    def parse(cls, text: str) -> Debian:
        """Read `[epoch:]upstream[-revision]`. Raises ValueError."""
        epoch, _, rest = text.partition(":") if ":" in text else ("0", ":", text)
        upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "0")
        if len(text) > _LONGEST or not re.fullmatch(r"\d{1,9}", epoch, re.ASCII) or not upstream:
            msg = f"{text!r} is not a version that can be ordered"
            raise ValueError(msg)
        return cls(int(epoch), upstream, revision)

    def _order(self, other: Debian) -> int:
        if self.epoch != other.epoch:
            return -1 if self.epoch < other.epoch else 1
        return _dpkg(self.upstream, other.upstream) or _dpkg(self.revision, other.revision)

    def __eq__(self, other: object) -> bool:
        """Compare as versions."""
        return isinstance(other, Debian) and self._order(other) == 0

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.epoch)

    def __lt__(self, other: Debian) -> bool:
        """Compare as versions."""
        return self._order(other) < 0


def _dpkg(one: str, other: str) -> int:
    """Compare runs of other characters, then of digits, in turn."""
    runs = (re.findall(r"(\D*)(\d*)", text) for text in (one, other))
    for (text, digits), (text2, digits2) in zip_longest(*runs, fillvalue=("", "")):
        for a, b in zip_longest(text, text2, fillvalue=""):
            if a != b:
                return -1 if _weight(a) < _weight(b) else 1
        numbers = int(digits or 0), int(digits2 or 0)
        if numbers[0] != numbers[1]:
            return -1 if numbers[0] < numbers[1] else 1
    return 0


def _weight(character: str) -> int:
    if character == "~":
        return -1
    if not character:
        return 0
    return ord(character) if character.isalpha() else ord(character) + 256


def compare(kind: str, one: str, other: str) -> int:
    """Return -1, 0 or 1 as two versions of a package type in RANGED are ordered.

    Raises ValueError where either cannot be.
    """
    if kind == "deb":
        first, second = Debian.parse(one), Debian.parse(other)
        return (first > second) - (first < second)
    left, right = Semantic.parse(one), Semantic.parse(other)
    return (left > right) - (left < right)
