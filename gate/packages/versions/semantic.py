"""Semantic Versioning 2.0, as npm, Cargo, Go modules, Hex and Swift packages use it.

https://semver.org/spec/v2.0.0.html#spec-item-11

`1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0`, and
`1.0.0+a` equals `1.0.0+b`. A pseudo-version of Go is one like any other:
`v1.2.4-0.20230101000000-abcdef012345` comes before `v1.2.4`. A leading `v`, as Go writes, and
parts left out, as in `1.2`, are read.
"""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression
from gate.packages.versions.refusal import no_version

_NUMBER: Final = r"(?:0|[1-9][0-9]*)"
_BEFORE: Final = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION: Final = expression(
    rf"v?({_NUMBER})(?:\.({_NUMBER})(?:\.({_NUMBER})"
    rf"(?:-({_BEFORE}(?:\.{_BEFORE})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)?)?",
    re.ASCII,
)

_Identifier = tuple[int, int, str]
_Key = tuple[tuple[int, ...], bool, tuple[_Identifier, ...]]


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    left, right = _key(one), _key(other)
    return (left > right) - (left < right)


def _key(text: str) -> _Key:
    form = _VERSION.fullmatch(text)
    if form is None:
        raise no_version(text, "Semantic Versioning")
    release = tuple(int(part or 0) for part in form.groups()[:3])
    before = form[4]
    return (release, before is None, tuple(map(_identifier, (before or "").split("."))))


def _identifier(text: str) -> _Identifier:
    """Order numbers by their value, before words, which are ordered by ASCII."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)
