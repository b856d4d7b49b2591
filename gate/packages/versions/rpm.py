"""Versions of RPM packages, `[epoch:]version[-release]`, as rpm orders them.

https://rpm.org/docs/latest/manual/dependencies.html#versioning

`1.0~rc1 < 1.0 < 1.0^git1 < 1.0.1 < 1.a < 1.1 < 1:0.1`. As in the dependencies of packages, a
release counts only where both sides have one: `2.0` is equal to `2.0-1.fc40`.
"""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression
from gate.packages.versions.refusal import no_version

_VERSION: Final = expression(r"(?:([0-9]{1,9}):)?([0-9A-Za-z][^:/\s-]*)(?:-([^:/\s-]+))?", re.ASCII)
_PIECE: Final = expression(r"[~^]|[0-9]+|[A-Za-z]+", re.ASCII)
_KINDS: Final = {"~": -2, "": -1, "^": 0}
"""A tilde comes before the end, and the end before a caret."""


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    (epoch, version, release), (epoch2, version2, release2) = _parts(one), _parts(other)
    first = (epoch > epoch2) - (epoch < epoch2) or _order(version, version2)
    if first or release is None or release2 is None:
        return first
    return _order(release, release2)


def _parts(text: str) -> tuple[int, str, str | None]:
    form = _VERSION.fullmatch(text)
    if form is None or not text.isascii():
        raise no_version(text, "rpm")
    return int(form[1] or 0), form[2], form[3]


def _order(one: str, other: str) -> int:
    left, right = (tuple(map(_weight, [*_PIECE.findall(text), ""])) for text in (one, other))
    return (left > right) - (left < right)


def _weight(piece: str) -> tuple[int, int, str]:
    """Order a piece: `~`, the end, `^`, letters, then numbers by their value."""
    if piece in _KINDS:
        return (_KINDS[piece], 0, "")
    return (2, int(piece), "") if piece.isdigit() else (1, 0, piece)
