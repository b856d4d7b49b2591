"""Globs of our own: literals and wildcards, matched in time that grows with the text.

Inside one segment `*` matches any text, also none. Between segments `**`, as a whole
segment, matches any number of them: at a pattern's end for at least one, elsewhere for none
too. There is nothing else: no `?`, no `[a-z]`, no regular expression.

    fits("v1.*", "v1.2")                      True
    spans("ghcr.io/**", "ghcr.io/acme/shop")  True
    spans("ghcr.io/**", "ghcr.io")            False
    spans("**/test/*", "test/pod.yaml")       True

What is between two wildcards is looked for once, from left to right, and taken where it is
found first: no choice is ever taken back. So a text of n characters costs no more than n
steps for each character of the pattern, and `check_bounds` keeps patterns short.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

ANY: Final = "**"
"""As a segment of a pattern: any number of segments."""
MAX_GLOB: Final = 1024
"""The most characters of a pattern. The longest name of an image has 515."""
MAX_WILDCARDS: Final = 16
"""The most `*` of a pattern, two for each `**`. A policy compares its patterns in pairs."""


def check_bounds(pattern: str) -> None:
    """Refuse a pattern that is longer, or has more wildcards, than one that people read.

    Raises ValueError.
    """
    if len(pattern) > MAX_GLOB:
        msg = f"a pattern has at most {MAX_GLOB} characters, and this one has {len(pattern)}"
        raise ValueError(msg)
    if (wildcards := pattern.count("*")) > MAX_WILDCARDS:
        msg = f"{pattern!r}: a pattern has at most {MAX_WILDCARDS} *, and this one has {wildcards}"
        raise ValueError(msg)


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is what a pattern for one segment says.

    The text is taken as it is: `/` is a character like others, and a `*` in it is matched by
    a wildcard alone.
    """
    head, *parts = pattern.split("*")
    if not parts:
        return text == pattern
    last = parts.pop()
    at, end = len(head), len(text) - len(last)
    if at > end or not text.startswith(head) or not text.endswith(last):
        return False
    for part in parts:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def spans(pattern: str, name: str) -> bool:
    """Whether a whole name is what a pattern says; `/` ends the segments of both."""
    return _spans(_runs(pattern), name.split("/"), fits)


def covers(pattern: str, other: str) -> bool:
    """Whether every name that the pattern `other` matches is matched by `pattern` too.

    It may say no where the answer is yes; it never says yes where the answer is no.
    """
    literal = pattern.partition("*")[0]
    if not other.startswith(literal):  # so it is of nearly all pairs of a policy
        return False
    return _spans(
        _runs(pattern), other.split("/"), lambda one, segment: segment != ANY and fits(one, segment)
    )


def _spans(
    runs: Sequence[Sequence[str]], name: Sequence[str], fits_here: Callable[[str, str], bool]
) -> bool:
    """Match runs of segments: the first and the last at the ends, the others where they fit."""
    first, *middle = runs

    def holds(run: Sequence[str], at: int) -> bool:
        return all(map(fits_here, run, name[at : at + len(run)]))

    if not middle:
        return len(name) == len(first) and holds(first, 0)
    last = middle.pop()
    at, end = len(first), len(name) - (len(last) or 1)
    if at > end or not holds(first, 0) or not holds(last, end):
        return False
    for run in middle:
        found = next((i for i in range(at, end - len(run) + 1) if holds(run, i)), None)
        if found is None:
            return False
        at = found + len(run)
    return True


@lru_cache(maxsize=4096)
def _runs(pattern: str) -> tuple[tuple[str, ...], ...]:
    """Return what is before, between and after the `**` of a pattern, as segments."""
    runs: list[tuple[str, ...]] = [()]
    for segment in pattern.split("/"):
        if segment == ANY:
            runs.append(())
        else:
            runs[-1] += (segment,)
    return tuple(runs)
