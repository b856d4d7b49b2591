r"""What the tools that apply manifests read differently is refused, and its neighbours are read."""

from __future__ import annotations

import pytest

from gate.documents import read_yaml
from gate.errors import DocumentError


def refused(text: str) -> tuple[str, str]:
    """Return the code and the place of the refusal."""
    with pytest.raises(DocumentError) as caught:
        read_yaml(text.encode(), "f")
    return caught.value.code, str(caught.value.location).removeprefix("f:")


def read(text: str) -> list[object]:
    return [document.value for document in read_yaml(text.encode(), "f")]


@pytest.mark.parametrize(
    "line",
    [
        *("---#", "---# b", "---# b: |", "---## b: |", "---a", "----", "---b: 1", "---,"),
        *(
            "--- b",
            "--- {b: 1}",
            "--- |",
            "--- &x",
            "--- !!map",
            "--- 'b'",
            "--- - b",
            "---\t{b: 1}",
        ),
        *("---\u00a0", "---\u00a0# b: |", "---\u3000# b", "--- \u00a0# b", "---\u2003"),
        *("-----BEGIN CERTIFICATE-----", "--- b # c", "---  b: # c"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_separator_with_anything_but_a_comment_behind_a_space_is_refused(
    line: str, end: str
) -> None:
    assert refused(f"a: 1{end}{line}{end}  c: 2{end}") == ("yaml-separator", "2:1")
    assert refused(f"{line}{end}c: 2{end}") == ("yaml-separator", "1:1")
    assert refused(f"\ufeff{line}{end}c: 2{end}") == ("yaml-separator", "1:1")


@pytest.mark.parametrize(
    "line",
    [
        "---",
        "--- ",
        "---\t",
        "--- # b",
        "---\t# b",
        "---\t # b: |",
        "---  ## b",
        "--- #",
        "---\n---",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ordinary_separators_divide_documents(line: str, end: str) -> None:
    text = f"a: 1\n{line}\nb: 2\n{line}".replace("\n", end)
    assert read(text) == [{"a": 1}, {"b": 2}]
    assert read(f"{line}{end}a: 1") == [{"a": 1}]


def test_dashes_that_do_not_begin_a_line_divide_nothing() -> None:
    assert read("a: |\n  ---# b\n  --- c\nd: ---\n' ---': 1\n") == [
        {"a": "---# b\n--- c\n", "d": "---", " ---": 1}
    ]


def test_what_follows_three_dots_needs_a_separator() -> None:
    assert refused("a: 1\n...\nb: 2\n")[1] == "3:1"
    assert read("a: 1\n... # end\n# between\n---\nb: 2\n...\n") == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\rb: 2", "1:5"),
        ("a: 1\n\rb: 2\n", "2:1"),
        ("a: é\r\r\nb: 2", "1:5"),
        ("\n\ra: 1", "2:1"),
        ("a: 1\r", "1:5"),
    ],
)
def test_a_cr_without_lf_is_refused(text: str, place: str) -> None:
    assert refused(text) == ("yaml-line-ends", place)


def test_crlf_ends_lines_as_lf_does() -> None:
    assert read("a: |\r\n  b\r\n  c\r\nd: 1\r\n") == [{"a": "b\nc\n", "d": 1}]


WHITE = [*map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))]


@pytest.mark.parametrize("space", [*WHITE, *(f"{blank} \u00a0" for blank in ("\n", "\t", "\r\n"))])
def test_white_space_beyond_ascii_at_the_beginning_is_refused(space: str) -> None:
    line, column = space.count("\n") + 1, len(space.rpartition("\n")[2])
    place = f"{line}:{column}"
    assert refused(f'{space}{{"a": 1}}') == ("yaml-encoding", place)
    assert refused(f"{space}a: 1")[0] == "yaml-encoding"
    assert read(f"a: 'b{space[-1]}'") == [{"a": f"b{space[-1]}"}]


@pytest.mark.parametrize("line", ["%YAML 1.1", "%YAML 1.2", "%TAG ! tag:x,2024:"])
def test_directives_are_refused(line: str) -> None:
    assert refused(f"{line}\n---\na: 1\n")[0] == "yaml-directive"
    assert refused(f"a: 1\n...\n{line}\n---\nb: 1\n")[0] == "yaml-directive"
    assert read(f"a: |\n  {line}\n") == [{"a": f"{line}\n"}]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x 1\nb: &x 2", "2:4"),
        ("a: &x [{b: &x true}]\nc: *x", "1:12"),
        ("a: &x\n  b: &x {}", "2:6"),
        ("&x true: a", "1:1"),
        ("{&x true: a, b: *x}", "1:2"),
        ("a: {&x <<: {b: 1}}", "1:5"),
        ("&x a: 1\nb: &x 2", "1:1"),
    ],
)
def test_an_anchor_on_a_key_or_twice_in_one_document_is_refused(text: str, place: str) -> None:
    assert refused(text) == ("yaml-anchor", place)


@pytest.mark.parametrize(
    "text", ["a: &x [*x]", "a: &x {b: *x}", "a: &x [{b: [*x]}]", "a: *x\nb: &x 1"]
)
def test_an_alias_inside_or_above_its_anchor_is_refused(text: str) -> None:
    assert refused(text)[0] == "yaml-alias"


def test_ordinary_anchors_are_read_and_belong_to_one_document() -> None:
    text = "a: &x {b: &y [1]}\nc: *x\nd: *y\n---\na: &x 2\nb: {<<: &y {c: 1}, d: *x}\n"
    assert read(text) == [
        {"a": {"b": [1]}, "c": {"b": [1]}, "d": [1]},
        {"a": 2, "b": {"c": 1, "d": 2}},
    ]


@pytest.mark.parametrize(
    "number",
    [
        *(
            "0b+0",
            "0b-0",
            "0b+1",
            "0b-101",
            "-0b-1",
            "0b_+1",
            "0o+7",
            "0o-7",
            "-0o+7",
            "+0b+0",
            "+0o-7",
            "0x" + "0" * 300 + "f" * 200,
            "+0" + "9" * 400,
        ),
        *(".5_0", "._5", ".1_000", "1" * 400 + ".5", "0" * 401, "0." + "1" * 400, "0x" + "0" * 400),
    ],
)
def test_numbers_that_parsers_type_differently_are_refused(number: str) -> None:
    assert refused(f"a: {number}\n") == ("yaml-number", "1:4")
    assert read(f"a: '{number}'\n") == [{"a": number}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("-0b1", -1), ("-0o7", -7), ("0B1", 1), ("0O17", 15), ("+0x1F", 31), ("1__0", 10)),
        *(("0b", "0b"), ("0o", "0o"), ("0x_", "0x_"), ("0b+", "0b+"), ("0b2", "0b2"), ("+", "+")),
        *(
            (".5", 0.5),
            ("5.", 5),
            ("-0.0", 0),
            ("-0", 0),
            ("1.0", 1),
            ("1.50", 1.5),
        ),
        *(("1e20", 1e20), ("1e-400", 0), ("1e400", "1e400"), ("9" * 500, "9" * 500)),
        *(("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63))),
        *(("9223372036854775808", 2.0**63), ("18446744073709551615", 2.0**64)),
        *(("0x7FFFFFFFFFFFFFFF", 2**63 - 1), ("0xFFFFFFFFFFFFFFFF", 2.0**64)),
        ("+0xFFFFFFFFFFFFFFFF", "+0xFFFFFFFFFFFFFFFF"),
        ("0x10000000000000000", "0x10000000000000000"),
        ("01777777777777777777777", 2.0**64),
        ("02000000000000000000000", 2e21),
        ("1152921504606846976.0", 1152921504606847000),
        ("576460752303423488.0", 576460752303423500),
        ("!!float 9223372036854775807", 2.0**63),
        ("-0x8000000000000000", -(2**63)),
        ("-0x8000000000000001", "-0x8000000000000001"),
        ("0x8000000000000000", 2.0**63),
        ("-9223372036854775809", -(2.0**63)),
        ("-9223372036854775808.0", -(2.0**63)),
        ("9007199254740992.0", 2**53),
        ("9007199254740993", 2**53 + 1),
        ("09007199254740993", 2**53),
        ("0." + "0" * 398, 0),
        ("9" * 400, "9" * 400),
        ("9" * 300, float("9" * 300)),
        ("1" + "b" * 400, "1" + "b" * 400),
        *(("0x1f", 31), ("0X1F", 31), ("0xaF", 175), ("0o17", 15), ("017", 15), ("018", 18)),
        *(("0b101", 5), ("0B101", 5), ("-5", -5), ("+5", 5), ("0", 0), ("08", 8), ("00", 0)),
        *(("1E3", 1000), ("1e+3", 1000), ("125e-3", 0.125), ("-1.5", -1.5), ("+1.5", 1.5)),
        *(("+.5", 0.5), ("-.5", -0.5), ("5.e1", 50), ("1.5e1", 15), ("1_0e0_1", 100)),
        *((".", "."), ("-.", "-."), ("e5", "e5"), ("1e", "1e"), ("1e+", "1e+"), ("1e5x", "1e5x")),
        *(("1.2.3", "1.2.3"), ("1-2", "1-2"), ("0x", "0x"), ("0xg", "0xg"), ("1 2", "1 2")),
        *(("0X" + "a" * 399, "0X" + "a" * 399), ("0x" + "F" * 399, "0x" + "F" * 399)),
        *(("-0x" + "1" * 399, "-0x" + "1" * 399), ("+" + "9" * 400, "+" + "9" * 400)),
        *(("_1", "_1"), ("_1.5", "_1.5"), ("1_0.5_0", 10.5), (".5a", ".5a"), ("._a", "._a")),
    ],
)
def test_numbers_are_what_becomes_of_them_in_json(text: str, value: object) -> None:
    (found,) = read(f"a: {text}\n")
    assert isinstance(found, dict)
    assert (found["a"], type(found["a"])) == (value, type(value))


@pytest.mark.parametrize(
    "key",
    [
        *(
            "y",
            "on",
            "No",
            "True",
            "TRUE",
            "off",
            "0x1F",
            "0755",
            "1_000",
            "+1",
            "1.10",
            "1.0",
            "1e3",
        ),
        *(
            ".5",
            "1e40",
            "-0.0",
            "-0",
            "18446744073709551615",
            "123456.789",
            "0.1234567",
            "1e+40",
            "1e+20",
            "1e-05",
            "!!int 0x10",
            "~",
            "null",
        ),
    ],
)
def test_keys_that_tools_write_differently_are_refused(key: str) -> None:
    assert refused(f"a: 1\n{key}: b\n") == ("yaml-key", "2:1")
    assert read(f"'{key}': b\n") == [{key: "b"}]


TRUE = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]
FALSE = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]
NULL = ["", "~", "null", "Null", "NULL"]
WORDS: list[tuple[list[str], object]] = [(TRUE, True), (FALSE, False), (NULL, None)]


@pytest.mark.parametrize(("words", "value"), WORDS)
def test_each_word_of_yaml_1_1_is_a_value(words: list[str], value: object) -> None:
    assert read("".join(f"- {word}\n" for word in words)) == [[value] * len(words)]
    assert read("".join(f"- '{word}'\n" for word in words)) == [words]


def test_a_word_in_other_letters_is_text() -> None:
    words = ["yEs", "yES", "tRUE", "TRue", "oN", "nO", "fALSE", "oFF", "OFf", "nULL", "NUll", "~~"]
    assert read("".join(f"- {word}\n" for word in words)) == [words]


@pytest.mark.parametrize("sign", ["", "+", "-"])
@pytest.mark.parametrize("word", ["inf", "Inf", "INF", "nan", "NaN", "NAN"])
def test_what_is_not_finite_is_refused(sign: str, word: str) -> None:
    number = f"{sign}.{word}"
    if sign and word.lower() == "nan":
        assert read(f"a: {number}") == [{"a": number}]
    else:
        assert refused(f"a: {number}") == ("yaml-not-finite", "1:4")
    assert read(f"a: {sign}.{word}x") == [{"a": f"{sign}.{word}x"}]


@pytest.mark.parametrize("key", [".inf", "-.Inf", ".nan"])
def test_keys_that_are_not_finite_are_refused(key: str) -> None:
    assert refused(f"{key}: b\n")[0] == "yaml-not-finite"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("0b+" + "0" * 37, "'0b+" + "0" * 37 + "'"),
        ("0b+" + "0" * 38, "'0b+" + "0" * 37 + "…'"),
    ],
)
def test_a_long_number_is_shown_with_its_first_40_characters(number: str, shown: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(f"a: {number}\n")
    assert caught.value.problem == f"{shown} is not the same number to every parser"


def test_keys_that_every_tool_writes_alike_are_read() -> None:
    text = "{8080: a, -1: b, true: c, 1.5: d, 22:22: e, 2024-01-01: f, yesterday: g,"
    text += " false: h, 123456789: i, 0.123456: j}"
    assert read(text) == [
        dict(
            zip(
                (
                    *("8080", "-1", "true", "1.5", "22:22", "2024-01-01", "yesterday"),
                    *("false", "123456789", "0.123456"),
                ),
                "abcdefghij",
                strict=True,
            )
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: {<<: {b: 1}, <<: {c: 1}}",
        'a: {<<: {1: b}, "1": c}',
        'a: {<<: [{1: b}, {"1": c}]}',
        "a: {<<: {true: b}, 'true': c}",
        "a: {b: 1, <<: {b: 2}}",
    ],
)
def test_merges_that_parsers_read_differently_are_refused(text: str) -> None:
    assert refused(text)[0] == "yaml-merge"


def test_ordinary_merges_are_read() -> None:
    text = "a: {<<: [{b: 1}, {b: 2, c: 3}], c: 4}\nd: {<<: {1: e}, '2': f}\n"
    assert read(text) == [{"a": {"b": 1, "c": 4}, "d": {"1": "e", "2": "f"}}]


@pytest.mark.parametrize(
    "text", ["! 1.5", "!", "&x ! yes", "! &x yes", "[! a]", "{! a: b}", '{! "<<": {}}']
)
def test_the_tag_that_parsers_differ_on_is_refused(text: str) -> None:
    assert refused(f"a: {text}\n")[0] == "yaml-tag"


def test_the_tag_that_makes_text_of_a_quoted_value_is_read() -> None:
    text = """a: ! "1.5"\nb: ! 'yes'\nc: Hello ! you\nd: [! "1", '!']\ne: ! |\n  1\n"""
    assert read(text) == [{"a": "1.5", "b": "yes", "c": "Hello ! you", "d": ["1", "!"], "e": "1\n"}]


def test_the_last_line_ends_where_the_file_does_not_as_kubectl_reads_it() -> None:
    assert read("a: |\n  b") == read("a: |\n  b\n") == [{"a": "b\n"}]
    assert read("a: |-\n  b") == [{"a": "b"}]


@pytest.mark.parametrize(
    "text", ["[" * 3000, "{a: " * 3000, "- " * 3000, "[" * 3000 + "]" * 3000, "a:\n " + "[" * 3000]
)
def test_our_bound_of_depth_holds_whatever_libyaml_s_own_is(text: str) -> None:
    code, place = refused(text)
    line, column = map(int, place.split(":"))
    assert code == "yaml-too-deep"
    assert (line, column) == {
        "[": (1, 65), "{": (1, 257), "-": (1, 129), "a": (2, 65)
    }[text[0]]  # fmt: skip


def test_brackets_that_are_not_deep_are_not_called_so() -> None:
    assert refused("[" * 60 + "\n- a: b: c")[0] == "yaml-parse-error"
    assert refused("a: [" + "[], " * 200)[0] == "yaml-parse-error"


@pytest.mark.parametrize(
    "text", ["---" + " " * 1_000_000 + "x", "a: '" + "\n---#" * 200_000, "! " * 500_000]
)
def test_a_crafted_megabyte_is_refused(text: str) -> None:
    assert refused(text)[0] in {"yaml-separator", "yaml-tag", "yaml-parse-error"}
