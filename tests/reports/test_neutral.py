"""Foreign text made harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.reports.neutral import terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ümlaut and 漢字", "plain text, ümlaut and 漢字"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb\nc", "a\\x0db\\x0ac"),
        ("\u202eevil", "\\u{202e}evil"),
        ("zero\u200bwidth", "zero\\u{200b}width"),
        ("line\u2028separator", "line\\u{2028}separator"),
        ("\x9b31m", "\\u{9b}31m"),
    ],
)
def test_r291_what_moves_or_hides_text_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert terminal(text) == shown


@pytest.mark.parametrize(
    "text",
    ["::error::x", "  ::set-output name=a::b", "x ##[error]y", "##vso[task.setvariable]",
     "##teamcity[x]", "section_start:1:a", "a ::warning file=x::"],
)  # fmt: skip
def test_r292_no_ci_system_finds_a_command_in_it(text: str) -> None:
    shown = terminal(text)
    assert all(
        c not in shown for c in ("::error", "::set-", "::warning", "##[", "##vso[", "##team")
    )
    assert "section_start" not in shown


def test_a_long_text_is_cut_and_says_so() -> None:
    assert terminal("a" * 30, limit=10) == "a" * 10 + "… (20 more characters)"


@given(st.text(max_size=200))
def test_no_text_reaches_a_terminal_with_a_control_or_an_order_mark(text: str) -> None:
    shown = terminal(text)
    assert all(c.isprintable() or c in "\u200a\u3000\u00a0" or c.isspace() for c in shown)
    assert not set(shown) & set("\n\r\x1b\u202e\u2066\u200b\u2028")
