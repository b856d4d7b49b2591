"""Which bytes are a text, where a text is JSON, and what its comments ask for."""

from __future__ import annotations

from typing import Any

import pytest

from gate.documents import read_yaml, yaml_text
from gate.documents.json_stream import JsonObject, NotJsonError, json_objects
from gate.errors import DocumentError


def refused(data: bytes) -> tuple[str, str, str]:
    """Return the code, the place and the cause of a refusal."""
    with pytest.raises(DocumentError) as caught:
        read_yaml(data, "f")
    found = caught.value
    return found.code, str(found.location).removeprefix("f:"), found.problem


@pytest.mark.parametrize(
    ("data", "place", "problem"),
    [
        ("a".encode("utf-16-le"), "1:2", "the character U+0000 is not allowed in YAML text"),
        ("a: 1".encode("utf-16"), "1:1", "the file is UTF-16"),
        (b"\xfe\xff\x00a", "1:1", "the file is UTF-16"),
        (b"a: \xff", "1:4", "byte 0xff is not UTF-8"),
        ("a: 1\né: ".encode() + b"\xe9\n", "2:4", "byte 0xe9 is not UTF-8"),
        (b"\xef\xbb\xbfa: \xff", "1:4", "byte 0xff is not UTF-8"),
        (b"a: 1\n\x00", "2:1", "the character U+0000 is not allowed in YAML text"),
        (b"a: b\x7fc", "1:5", "the character U+007F is not allowed in YAML text"),
        ("é: 1\né: \x1b".encode(), "2:4", "the character U+001B is not allowed in YAML text"),
        ("a: é\u2028b".encode(), "1:5", "the character U+2028 is not allowed in YAML text"),
        ("a: 1\n b\ufffe".encode(), "2:3", "the character U+FFFE is not allowed in YAML text"),
        ("a: \uffff".encode(), "1:4", "the character U+FFFF is not allowed in YAML text"),
    ],
)
def test_r252_what_is_no_text_is_refused_at_its_place(
    data: bytes, place: str, problem: str
) -> None:
    assert refused(data) == ("yaml-encoding", place, problem)


def test_r252_of_the_first_characters_those_that_nobody_sees_are_refused() -> None:
    def is_refused(code: int) -> bool:
        try:
            read_yaml(f"a: 'x{chr(code)}x'".encode(), "f")
        except DocumentError as error:
            return error.code in {"yaml-encoding", "yaml-line-ends"}
        return False

    hidden = {*range(0x20), *range(0x7F, 0xA0)} - {ord("\t"), ord("\n")}
    assert {code for code in range(0x100) if is_refused(code)} == hidden


@pytest.mark.parametrize("text", ["\t~ é \ufffd", "\U0001fffe", "\ud7ff\ue000"])
def test_its_neighbours_are_text(text: str) -> None:
    (document,) = read_yaml(f"a: '{text}'\r\n".encode(), "f")
    assert document.value == {"a": text}


def test_a_tab_alone_is_no_empty_file() -> None:
    assert refused(b"\t\n")[0] == "yaml-parse-error"
    assert read_yaml(b" \n", "f") == ()


def test_the_last_line_is_ended_where_it_is_not_and_only_there() -> None:
    texts = ["a: |+\n  b", "a: |+\n  b\n", "a: |+\n  b\n\n"]
    found = [read_yaml(text.encode(), "f")[0].value for text in texts]
    assert found == [{"a": "b\n"}, {"a": "b\n"}, {"a": "b\n\n"}]


@pytest.mark.parametrize("behind", ["", "# " + "x" * 5000 + "\n"])
def test_keys_are_as_written_in_a_long_text_too_and_only_where_that_is_asked(behind: str) -> None:
    text = f"on: 1\n{behind}".encode()
    (document,) = read_yaml(text, "f", keys_as_written=True)
    assert document.value == {"on": 1}
    assert refused(text)[:2] == ("yaml-key", "1:1")


@pytest.mark.parametrize(
    ("text", "ignores"),
    [
        ("a: 1 # gate: ignore[x] why\n", {1: [(("x",), "why")]}),
        ("a: 1\n# gate: ignore[x, y]\nb: 2\n", {3: [(("x", "y"), "")]}),
        ("# gate: ignore[x] one\n# more\n# gate: ignore[y] two\na: 1\n",
         {4: [(("x",), "one"), (("y",), "two")]}),
        ("# gate: ignore[x]\na: 1 # gate: ignore[y]\nb: 2\n", {2: [(("x",), ""), (("y",), "")]}),
        ("#gate: ignore[x]  why \n  a: 1\n", {2: [(("x",), "why")]}),
        ("a: '1#gate: ignore[x]'\n", {}),
        ("a: 1 # gate: ignore[]\n", {}),
        ("a: 1\n# gate: ignore[x]\n", {3: [(("x",), "")]}),
        ("a: 1 # gate: ignored\n", {}),
        (f"a: 1 # gate: ignore[{'x' * 500}]\n", {1: [(("x" * 500,), "")]}),
        (f"a: 1 # gate: ignore[{'x' * 501}]\n", {}),
        (f"a: 1 #\tgate: ignore[x] {'y' * 499}z\n", {1: [(("x",), "y" * 499)]}),
    ],
)  # fmt: skip
def test_a_comment_asks_for_its_own_line_or_for_the_next_that_is_none(
    text: str, ignores: dict[int, list[tuple[tuple[str, ...], str]]]
) -> None:
    (document, other) = read_yaml(f"{text}---\nz: 1\n".encode(), "f")
    assert document.ignores == ignores
    assert other.ignores == ignores


def numbers(text: str) -> list[object]:
    return [read.value["a"] for read in json_objects(f'{{"a": {text}}}')]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9007199254740993", 9007199254740993),
        ("1.5", 1.5),
        ("15e-1", 1.5),
        ("15E-1", 1.5),
        ("0." + "0" * 398, 0),
        ("9" * 300, float("9" * 300)),
    ],
)
def test_a_number_of_json_is_what_kubernetes_makes_of_it(text: str, value: object) -> None:
    assert [(number, type(number)) for number in numbers(text)] == [(value, type(value))]


@pytest.mark.parametrize("text", ["0." + "0" * 399, "1e999", "-1e999", "9" * 400, "NaN", "[1,]"])
def test_what_is_no_number_of_json_is_no_json(text: str) -> None:
    with pytest.raises(NotJsonError):
        numbers(text)


def test_a_number_that_no_double_holds_makes_yaml_of_the_text() -> None:
    assert read_yaml(b'{"a": 1e999}', "f")[0].value == {"a": "1e999"}


def test_only_halves_of_pairs_are_masked_for_the_reader_of_yaml() -> None:
    text = '{"a": "\\u0041 \\uE83D"} {"a": "\\uD83d\\ude00"}'
    assert [read.masked for read in json_objects(text)] == [None, '{"a": "\\ue03d\\ue600"}']


@pytest.mark.parametrize("half", "89abcdefABCDEF")
@pytest.mark.parametrize("letter", "dD")
def test_each_half_of_a_pair_is_masked_by_another_escape(letter: str, half: str) -> None:
    escape = f"\\u{letter}{half}0f"
    other = "\\udc00" if half in "89abAB" else "\\ud800"
    pair = escape + other if half in "89abAB" else other + escape
    (found,) = json_objects(f'{{"a": "{pair}"}}')
    assert found.masked is not None
    masked = f"\\ue{'89abcdef'.index(half.lower())}0f"
    assert masked in found.masked
    assert f"\\u{letter}{half}" not in found.masked


@pytest.mark.parametrize("escape", ["\\u0d8f", "\\ud7ff", "\\ue800"])
def test_an_escape_of_a_whole_character_is_left_as_it_is(escape: str) -> None:
    (found,) = json_objects(f'{{"a": "{escape}"}}')
    assert found.masked is None


@pytest.mark.parametrize("space", ["", " ", "\t", "\n", "\r\n", " \t\n "])
def test_white_space_before_and_between_objects_is_that_of_json(space: str) -> None:
    text = f'{space}{{"a": 1}}{space}{{"b": 2}}{space}'
    assert [found.value for found in read_yaml(text.encode(), "f")] == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("between", "code"), [(",", "yaml-parse-error"), ("\u00a0", "yaml-key"), ("\u3000", "yaml-key")]
)
def test_with_anything_else_between_them_objects_are_no_json(between: str, code: str) -> None:
    assert refused(f'{{"a": 1}}{between}{{"b": 2}}'.encode())[0] == code


def test_where_json_and_yaml_differ_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"a": 1}\n {"b": [2]}'
    first, second = json_objects(text)

    def read(second: JsonObject) -> None:
        monkeypatch.setattr(yaml_text, "json_objects", lambda _: iter([first, second]))
        read_yaml(text.encode(), "f")

    read(second)
    others: list[tuple[dict[str, Any], str | None]] = [
        ({"b": [3]}, None),
        ({"b": 2}, '{"b": [2]}'),
        ({"b": [2, 3]}, '{"b": [2]}'),
    ]
    for value, masked in others:
        with pytest.raises(DocumentError) as caught:
            read(JsonObject(value, masked, second.start, second.end, 1, 1))
        assert (caught.value.code, str(caught.value.location)) == ("yaml-json", "f:2:2")
