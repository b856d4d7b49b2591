"""Versions of Maven packages, as the ComparableVersion of Maven 3 orders them.

https://maven.apache.org/pom.html#version-order-specification

`1-alpha1 < 1-beta1 < 1-m1 < 1-rc1 < 1-snapshot < 1 = 1-ga = 1.0 < 1-sp < 1-jre < 1-1 < 1.1`. A
qualifier that Maven does not know, such as `jre`, comes after the release.

A version is a tree of numbers, words and lists. A list begins at each dash, and at each change
between digits and letters: `1.0-rc1` is 1, (rc, (1)).
"""

from __future__ import annotations

import re
from dataclasses import field
from itertools import zip_longest
from typing import Final, TypeAlias, assert_never

from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.packages.versions.refusal import no_version

_ALLOWED: Final = expression(r"[0-9A-Za-z][0-9A-Za-z._+-]*", re.ASCII)
_MARKS: Final = (".", "-")
_PIECE: Final = expression(r"[0-9]+|[a-z_+]+|[.-]", re.ASCII)
_KNOWN: Final = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_RELEASE: Final = (_KNOWN.index(""), "")
_ALIASES: Final = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT: Final = {"a": "alpha", "b": "beta", "m": "milestone"}
"""Short for a word where a number follows it at once."""


@dataclass(frozen=True, slots=True)
class _Word:
    rank: tuple[int, str]

    @classmethod
    def of(cls, text: str) -> _Word:
        known = _ALIASES.get(text, text)
        return cls((_KNOWN.index(known), "") if known in _KNOWN else (len(_KNOWN), known))


@dataclass(frozen=True, slots=True)
class _List:
    items: list[_Item] = field(default_factory=list)


_Item: TypeAlias = "int | _Word | _List"


def compare(one: str, other: str) -> int:
    """Return -1, 0 or 1. Raises ValueError."""
    return _order(_parse(one), _parse(other))


def _parse(text: str) -> _List:
    if not _ALLOWED.fullmatch(text):
        raise no_version(text, "Maven")
    pieces = ["", *_PIECE.findall(text.lower()), ""]
    lists = [_List()]
    for before, piece, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if piece in _MARKS:
            if before in _MARKS:
                lists[-1].items.append(0)  # nothing stands between two of them
            if piece == "-":
                _nest(lists)
        else:
            if before not in ("", *_MARKS):
                _nest(lists)
            _add(lists, piece, after)
    for listed in reversed(lists):
        _normalise(listed.items)
    return lists[0]


def _nest(lists: list[_List]) -> None:
    """Begin a list inside the last one."""
    lists.append(_List())
    lists[-2].items.append(lists[-1])


def _add(lists: list[_List], piece: str, after: str) -> None:
    """Add a number or a word; before digits and at the end `.rc` is `-rc`."""
    if piece.isdigit():
        lists[-1].items.append(int(piece))
        return
    if after not in _MARKS and lists[-1].items:
        _nest(lists)
    lists[-1].items.append(_Word.of(_SHORT.get(piece, piece) if after.isdigit() else piece))


def _normalise(items: list[_Item]) -> None:
    """Take what says nothing off the end: zeros, releases and empty lists, and between lists."""
    for at in range(len(items) - 1, -1, -1):
        item = items[at]
        if item in (0, _Word(_RELEASE), _List()):
            del items[at]
        elif not isinstance(item, _List):
            break


def _order(one: _Item, other: _Item | None) -> int:
    """Order two items; None is where the other version has ended."""
    match one:
        case int():
            return _number(one, other)
        case _Word():
            return _word(one, other)
        case _List():
            return _list(one, other)
        case _:
            assert_never(one)


def _number(one: int, other: _Item | None) -> int:
    if other is None:
        return 1 if one else 0
    return (one > other) - (one < other) if isinstance(other, int) else 1


def _word(one: _Word, other: _Item | None) -> int:
    if isinstance(other, int | _List):
        return -1
    rank = _RELEASE if other is None else other.rank
    return (one.rank > rank) - (one.rank < rank)


def _list(one: _List, other: _Item | None) -> int:
    match other:
        case None:
            return next((order for item in one.items if (order := _order(item, None))), 0)
        case int():
            return -1
        case _Word():
            return 1
        case _List():
            return _lists(one, other)
        case _:
            assert_never(other)


def _lists(one: _List, other: _List) -> int:
    for left, right in zip_longest(one.items, other.items):
        order = -_order(right, None) if left is None else _order(left, right)
        if order:
            return order
    return 0
