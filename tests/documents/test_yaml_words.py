"""What is said of a text that is no YAML: its encoding, marks of a merge, and libyaml's words."""

from __future__ import annotations

import pytest

from gate.documents.yaml_text import _SHORT, _wide
from gate.documents.yaml_words import conflict, in_words


def test_a_merge_conflict_has_both_of_its_marks() -> None:
    assert conflict("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> other\n") == 1
    assert conflict("a: 1\n<<<<<<< HEAD\n") is None
    assert conflict("a: 1\n>>>>>>> other\n") is None
    assert conflict("a: '<<<<<<< HEAD'\nb: '>>>>>>> other'\n") is None


def test_what_libyaml_says_is_told_with_its_context_where_there_is_one() -> None:
    assert in_words("while x", "odd")[0] == "while x: odd"
    assert in_words(None, "odd")[0] == "odd"
    assert in_words("while x", "found unexpected end of stream")[0] == (
        "the text that begins with a quote is not closed"
    )


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("a: b\n".encode("utf-16"), "UTF-16"),
        ("a: b\n".encode("utf-32"), "UTF-32"),
        (b"a\0" * _SHORT, "UTF-16"),
        (b"\0a" * _SHORT, "UTF-16"),
        (b"\0\0\0a", "UTF-32"),
        ((b"a\0" * _SHORT)[:_SHORT], None),
        (b"a\0" + b"a" * 2 * _SHORT, None),
        (b"\0a" + b"a" * 2 * _SHORT, None),
        (b"a" * 2 * _SHORT, None),
        (b"", None),
    ],
)
def test_a_text_of_wide_characters_has_nothing_in_every_other_byte(
    data: bytes, encoding: str | None
) -> None:
    assert _wide(data) == encoding
