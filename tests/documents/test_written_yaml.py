"""How a value is written, so that every reader reads it alike."""

from __future__ import annotations

import json

import pytest

from gate.documents import read_yaml
from gate.documents.yaml_written import write_yaml


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", '"x"\n'),
        ("", '""\n'),
        (True, "true\n"),
        (False, "false\n"),
        (None, "null\n"),
        (0, "0\n"),
        (-7, "-7\n"),
        (1.5, "1.5\n"),
        (1e16, "1.0e+16\n"),
        (1.5e300, "1.5e+300\n"),
        ({}, "{}\n"),
        ([], "[]\n"),
        ({"a": {}, "b": [], "c": ""}, 'a: {}\nb: []\nc: ""\n'),
        ({"a": {"b": [1, {"c": True}]}}, "a:\n  b:\n    - 1\n    - c: true\n"),
        ([[1, [2]], {"a": 1, "b": [3]}], "- - 1\n  - - 2\n- a: 1\n  b:\n    - 3\n"),
        ([[], {}, None], "- []\n- {}\n- null\n"),
    ],
)
def test_a_value_is_written_in_block_style(value: object, text: str) -> None:
    assert write_yaml(value) == text


@pytest.mark.parametrize(
    ("key", "written"),
    [
        *(("a", "a"), ("_1", "_1"), ("_a/b.c-d", "_a/b.c-d"), ("yesterday", "yesterday")),
        *(("on", '"on"'), ("y", '"y"'), ("null", '"null"'), ("1", '"1"'), ("", '""')),
        *(("é", '"é"'), ("a b", '"a b"'), ("<<", '"<<"'), ("-", '"-"')),
        *((".a", '".a"'), ("-a", '"-a"'), ("9a", '"9a"'), ("a: b", '"a: b"'), ("a #b", '"a #b"')),
    ],
)
def test_a_key_is_bare_where_it_is_text_to_every_reader(key: str, written: str) -> None:
    assert write_yaml({key: 1}) == f"{written}: 1\n"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("k" * 100, "k" * 100 + ": 1\n"),
        ("k" * 101, '? "' + "k" * 101 + '"\n: 1\n'),
        ("k " * 49, '"' + "k " * 49 + '": 1\n'),
        ("k " * 50, '? "' + "k " * 50 + '"\n: 1\n'),
    ],
)
def test_a_long_key_is_written_as_one_that_may_be_long(key: str, text: str) -> None:
    assert write_yaml({key: 1}) == text
    (document,) = read_yaml(write_yaml([{key: [1, {key: 2}]}]).encode(), "f")
    assert document.value == [{key: [1, {key: 2}]}]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a é 😀 b", "a é 😀 b"),
        ("~!#'[]{}", "~!#'[]{}"),
        ('"\\', '\\"\\\\'),
        ("\n\t\r", "\\n\\t\\r"),
        ("\x00\x1b\x7f\x85\xa0", "\\x00\\x1b\\x7f\\x85\\xa0"),
        ("\u0100\u2028\ufeff\uffff", "Ā\\u2028\\ufeff\\uffff"),
        ("\U00010000\U000e0001\U0010ffff", "\U00010000\\U000e0001\\U0010ffff"),
        ("\xff\xad\u0378", "ÿ\\xad\\u0378"),
    ],
)
def test_what_nobody_sees_is_written_as_an_escape(text: str, written: str) -> None:
    assert write_yaml(text) == f'"{written}"\n'
    (document,) = read_yaml(write_yaml({"a": text}).encode(), "f")
    assert json.dumps(document.value) == json.dumps({"a": text})
