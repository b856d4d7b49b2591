"""The globs of policies agree with a slow matcher that tries everything."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gate.policy.glob import ANY, MAX_GLOB, MAX_WILDCARDS, check_bounds, covers, fits, spans
from gate.policy.match import _SEGMENT

segments = st.text("ab*", min_size=1, max_size=4)
names = st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=5).map("/".join)
patterns = st.lists(st.just(ANY) | segments.filter(lambda s: s != ANY), min_size=1, max_size=5).map(
    "/".join
)


def slowly_fits(pattern: str, text: str) -> bool:
    """Try every length for every `*`."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(slowly_fits(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return text[:1] == pattern[0] and slowly_fits(pattern[1:], text[1:])


def slowly_spans(pattern: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Try every number of segments for every `**`."""
    if not pattern:
        return not name
    if pattern == (ANY,):
        return bool(name)
    if pattern[0] == ANY:
        return any(slowly_spans(pattern[1:], name[i:]) for i in range(len(name) + 1))
    return bool(name) and slowly_fits(pattern[0], name[0]) and slowly_spans(pattern[1:], name[1:])


@given(segments, st.text("ab", max_size=6))
def test_a_segment_matches_what_trying_everything_matches(pattern: str, text: str) -> None:
    event(f"matches: {fits(pattern, text)}")
    assert fits(pattern, text) is slowly_fits(pattern, text)


@given(patterns, names)
def test_a_name_matches_what_trying_everything_matches(pattern: str, name: str) -> None:
    event(f"matches: {spans(pattern, name)}")
    assert spans(pattern, name) is slowly_spans(tuple(pattern.split("/")), tuple(name.split("/")))


@given(patterns, patterns, names)
def test_a_pattern_that_covers_another_matches_whatever_that_matches(
    wide: str, narrow: str, name: str
) -> None:
    if covers(wide, narrow) and spans(narrow, name):
        event("both match")
        assert spans(wide, name)


@given(patterns)
def test_a_pattern_covers_itself_and_all_is_covered_by_two_wildcards(pattern: str) -> None:
    assert covers(pattern, pattern)
    assert covers(ANY, pattern)


def test_a_segment_of_a_pattern_is_what_it_was_before_it_was_linear() -> None:
    """The form that took years for `a.*.*.*!`, held against all short texts."""
    old = re.compile(r"[a-z0-9*]+(?:[._*]+[a-z0-9*]+|__[a-z0-9*]+|-+[a-z0-9*]+)*")
    for length in range(1, 7):
        for letters in itertools.product("a*._-", repeat=length):
            text = "".join(letters)
            assert bool(_SEGMENT.fullmatch(text)) is bool(old.fullmatch(text)), text


@pytest.mark.parametrize("pattern", ["a" * MAX_GLOB, "a*" * MAX_WILDCARDS, "**/" * 8 + "a"])
def test_a_pattern_within_its_bounds_is_read(pattern: str) -> None:
    check_bounds(pattern)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("a" * (MAX_GLOB + 1), "at most 1024 characters, and this one has 1025"),
        ("a*" * (MAX_WILDCARDS + 1), "at most 16 \\*, and this one has 17"),
    ],
)
def test_a_pattern_beyond_its_bounds_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check_bounds(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("*a" * 500 + "b", "a" * 1_000_000),
        ("a*" * 500 + "b", "a" * 1_000_000),
        ("*" + "a" * 90 + "b*", "a" * 1_000_000),
    ],
)
def test_a_text_of_a_million_characters_is_matched_and_not_only_tried(
    pattern: str, text: str
) -> None:
    """A matcher that takes choices back would need more steps than there are atoms."""
    assert not fits(pattern, text)
    assert not spans("**/" + pattern + "/**", f"{text}/a")


def test_a_name_of_a_hundred_thousand_segments_is_matched() -> None:
    name = "a/" * 100_000 + "c"
    assert not spans("**/a/" * 8 + "b", name)
    assert spans("**/a/" * 8 + "c", name)


@pytest.mark.parametrize(
    ("pattern", "name", "matched"),
    [
        ("a/**/b/**/b", "a/b", False),
        ("a/**/b/**/b", "a/b/b", True),
        ("a/**/b/**", "a/b", False),
        ("a/**/b/**", "a/b/c", True),
        ("**/a/**/a", "a", False),
        ("**/a/**/a", "a/a", True),
        ("**/a/**/a", "x/a/a", True),
    ],
)
def test_no_segment_of_a_name_stands_for_two_of_a_pattern(
    pattern: str, name: str, *, matched: bool
) -> None:
    assert spans(pattern, name) is matched
