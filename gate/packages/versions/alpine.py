"""Versions of Alpine packages, as apk-tools orders them.

https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd

`1.2_alpha1 < 1.2_rc2 < 1.2 < 1.2-r1 < 1.2_git20230101 < 1.2_p1 < 1.2a < 1.2.1`. A part after the
first that begins with 0 is compared as text: `1.09 < 1.1`.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Final

from gate.model.expressions import expression
from gate.packages.versions.refusal import no_version

_VERSION: Final = expression(
    r"([0-9]+)((?:\.[0-9]+)*)([a-z]?)"
    r"((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)"
    r"(?:~([0-9a-f]+))?(?:-r([0-9]+))?",
    re.ASCII,
)
_SUFFIX: Final = expression(r"([a-z]+)([0-9]*)", re.ASCII)
_SUFFIXES: Final = ("alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p")
_NONE: Final = _SUFFIXES.index("")
_PART, _LETTER, _WORD, _NUMBER, _HASH, _REVISION, _END = range(7, 0, -1)
"""Kinds of tokens: where one version has ended or goes on differently, the higher comes later."""

_Token = tuple[int, int, str]


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    end = (_END, 0, "")
    for left, right in zip_longest(_tokens(one), _tokens(other), fillvalue=end):
        if left[0] != right[0]:
            return _differing(left, right)
        if order := _same_kind(left, right):
            return order
    return 0


def _differing(left: _Token, right: _Token) -> int:
    """Order two tokens of different kinds: what leads to a release comes before it."""
    if left[0] == _WORD and left[1] < _NONE:
        return -1
    if right[0] == _WORD and right[1] < _NONE:
        return 1
    return 1 if left[0] > right[0] else -1


def _same_kind(left: _Token, right: _Token) -> int:
    by_text = left[0] == _HASH or (left[0] == _PART and "0" in (left[2][:1], right[2][:1]))
    one, other = (left[2], right[2]) if by_text else (left[1], right[1])
    return (one > other) - (one < other)  # type: ignore[operator]  # both of one type


def _tokens(text: str) -> list[_Token]:
    form = _VERSION.fullmatch(text)
    if form is None:
        raise no_version(text, "apk")
    found: list[_Token] = [(_PART, int(form[1]), "")]
    found += [(_PART, int(part), part) for part in form[2].split(".")[1:]]
    if form[3]:
        found.append((_LETTER, ord(form[3]), form[3]))
    for word, number in _SUFFIX.findall(form[4]):
        found.append((_WORD, _SUFFIXES.index(word), word))
        if number:
            found.append((_NUMBER, int(number), number))
    if form[5]:
        found.append((_HASH, 0, form[5]))
    if form[6]:
        found.append((_REVISION, int(form[6]), form[6]))
    return found
