from __future__ import annotations

import pytest

from gate.documents import MalformedJson, read_json, read_yaml
from gate.errors import DocumentError


def _value(text: str) -> object:
    (document,) = read_yaml(text.encode(), "f.yaml")
    return document.value


def _code(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_yaml(data, "f.yaml")
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("Y", True),
        ("off", False),
        ("n", False),
        ("0644", 420),
        ("0o644", 420),
        ("0x1F", 31),
        ("0b101", 5),
        ("1_000", 1000),
        ("08", 8),
        ("1e3", 1000),
        ("1.5e3", 1500),
        (".5", 0.5),
        ("22:22", "22:22"),
        ("2024-01-01", "2024-01-01"),
        ("=", "="),
        ("~", None),
        ("'yes'", "yes"),
        ("!!str 12", "12"),
        ("!!int 0o17", 15),
        ("-0x10", -16),
        ("18446744073709551616", 18446744073709551616.0),
        ("1e999", "1e999"),
        ("+", "+"),
        ("-", [None]),
    ],
)
def test_scalars_mean_what_kubernetes_reads(text: str, value: object) -> None:
    found = _value(f"a: {text}" if text != "-" else "a:\n-")
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_every_key_and_item_has_its_place() -> None:
    (document,) = read_yaml(b"spec:\n  containers:\n  - name: a\n    image: b\n", "f.yaml")
    assert str(document.place("spec", "containers", 0, "image")) == "f.yaml:4:5"
    assert str(document.place("spec", "containers", 0)) == "f.yaml:3:5"
    assert str(document.place("spec", "containers", 0, "securityContext", "x")) == "f.yaml:3:5"
    assert str(document.place()) == "f.yaml:1:1"


def test_places_lead_through_anchors_and_merges_to_where_the_text_stands() -> None:
    text = b"base: &b\n  k: 1\n  l: [1, 2]\none:\n  <<: *b\n  l: 3\ntwo: *b\n"
    (document,) = read_yaml(text, "f.yaml")
    assert document.value["one"] == {"k": 1, "l": 3}
    assert str(document.place("one", "k")) == "f.yaml:2:3"
    assert str(document.place("one", "l")) == "f.yaml:6:3"
    assert str(document.place("two", "l", 1)) == "f.yaml:3:10"


def test_of_merged_mappings_the_earlier_wins() -> None:
    assert _value("a: &a {k: 1}\nb: &b {k: 2, j: 3}\nc: {<<: [*a, *b]}\n") == {
        "a": {"k": 1},
        "b": {"k": 2, "j": 3},
        "c": {"k": 1, "j": 3},
    }


def test_keys_that_are_not_text_become_text() -> None:
    assert _value("{1: a, true: b, 1.5: c, -7: d}") == {
        "1": "a",
        "true": "b",
        "1.5": "c",
        "-7": "d",
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a: 1\na: 2", "yaml-duplicate-key"),
        (b"1: a\n'1': b", "yaml-duplicate-key"),
        (b"a: &a [*a]", "yaml-alias"),
        (b"a: *b", "yaml-alias"),
        (b"a: .inf", "yaml-not-finite"),
        (b"a: !!python/object:os.system x", "yaml-tag"),
        (b"a: !mine x", "yaml-tag"),
        (b"a: !!int x", "yaml-tag"),
        (b"%TAG ! tag:x,2024:\n---\na: 1", "yaml-directive"),
        (b"a: {b: 1, <<: {b: 2}}", "yaml-merge"),
        (b"a: {<<: 1}", "yaml-merge"),
        (b"? [a]\n: b", "yaml-key"),
        (b"a: \xff", "yaml-encoding"),
        (b"a: \x00", "yaml-encoding"),
        ("a: \u0085b".encode(), "yaml-encoding"),
        ("a: \u2028b".encode(), "yaml-encoding"),
        ("a: \u2029b".encode(), "yaml-encoding"),
        ("a: \u009bb".encode(), "yaml-encoding"),
        ("a: \ufeffb".encode(), "yaml-encoding"),
        (b"\xfe\xff\x00a", "yaml-encoding"),
        ("a: 1".encode("utf-16"), "yaml-encoding"),
        (b"a: [1", "yaml-parse-error"),
        (b"a: b: c", "yaml-parse-error"),
        (b"\ta: b", "yaml-parse-error"),
        (b"~: a", "yaml-key"),
    ],
)
def test_r252_r255_r257_what_parsers_read_differently_is_refused(data: bytes, code: str) -> None:
    assert _code(data) == code


@pytest.mark.parametrize("data", [b"[" * 100_000, b"- " * 100_000, b"{a: " * 100_000])
def test_r250_deep_nesting_is_refused_before_it_is_built(data: bytes) -> None:
    assert _code(data) == "yaml-too-deep"


def test_r251_alias_and_merge_bombs_are_refused() -> None:
    rows = ["a0: &a0 [" + ",".join(["x"] * 10) + "]"]
    rows += [f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * 10) + "]" for i in range(1, 12)]
    assert _code("\n".join(rows).encode()) == "yaml-too-many-nodes"
    rows = ["a0: &a0 {k0: 1}"]
    rows += [f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}], k{i}: 1}}" for i in range(1, 40)]
    value = _value("\n".join(rows))
    assert isinstance(value, dict)
    assert len(value["a39"]) == 40


def test_r253_no_value_error_escapes_from_odd_numbers() -> None:
    assert _value("a: " + "9" * 5000) == {"a": "9" * 5000}
    assert _value("a: 2024-99-99") == {"a": "2024-99-99"}
    assert _value("a: 0x" + "f" * 5000) == {"a": "0x" + "f" * 5000}


def test_r256_many_documents_are_refused() -> None:
    assert _code(b"---\na: 1\n" * 6000) == "yaml-too-many-documents"


def test_a_byte_order_mark_at_the_start_is_no_part_of_the_text() -> None:
    assert _value("\ufeffa: 1") == {"a": 1}


def test_empty_documents_are_left_out() -> None:
    assert read_yaml(b"---\n---\n# only this\n---\na: 1\n", "f")[0].value == {"a": 1}
    assert read_yaml(b"", "f") == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf{}",
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"Infinity",
        b"1e999",
        b"9" * 5000,
        b'"\\ud800"',
        b'{"\\ud800": 1}',
        b"\xff",
        '{"a": 1}'.encode("utf-16"),
        b"",
        b"{",
        b"[" * 100_000,
        b"{}" * 2,
    ],
)
def test_r260_json_that_parsers_read_differently_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedJson):
        read_json(data, max_bytes=1_000_000)


def test_json_is_bounded_in_bytes_and_depth() -> None:
    assert read_json(b"[[1]]", max_bytes=5, max_depth=2) == [[1]]
    with pytest.raises(MalformedJson, match="at most 4"):
        read_json(b"[[1]]", max_bytes=4)
    with pytest.raises(MalformedJson, match="deeper than 1"):
        read_json(b"[[1]]", max_bytes=5, max_depth=1)
    assert read_json(b'"[[[["', max_bytes=10, max_depth=1) == "[[[["


def test_a_policy_s_keys_are_the_words_that_stand_there() -> None:
    (document,) = read_yaml(b"on: 1\nno: 2\n3: x\n", "p", keys_as_written=True)
    assert document.value == {"on": 1, "no": 2, "3": "x"}
    (document,) = read_yaml(b"true: 1\nfalse: 2\n3: x\n", "p")
    assert document.value == {"true": 1, "false": 2, "3": "x"}
