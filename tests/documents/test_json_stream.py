"""JSON manifests are read as kubectl reads them: one object after another."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.documents import read_yaml
from gate.errors import DocumentError
from gate.model.document import Document

OBJECTS = st.dictionaries(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff"),
        max_size=3,
    ),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53), 2**53)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
        ),
        max_leaves=10,
    ),
    max_size=4,
)


def read(text: str) -> tuple[Document, ...]:
    return read_yaml(text.encode(), "f")


def code(text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        read(text)
    return caught.value.code


@given(
    st.lists(OBJECTS, max_size=4),
    st.sampled_from(["", "\n", " ", "\r\n\n"]),
    st.sampled_from([None, 1]),
)
def test_objects_that_follow_each_other_are_read(
    objects: list[dict[str, object]], between: str, indent: int | None
) -> None:
    text = between.join(json.dumps(value, indent=indent) for value in objects)
    assert [document.value for document in read(text)] == objects


def test_every_part_has_its_place() -> None:
    text = ' {"a": 1} {"b": "\\ud83d\\ude00", "c": [\n  2, {"d": 3}]}\n{"e":\n{"f": 4}}'
    first, second, third = read(text)
    assert str(first.place("a")) == "f:1:3"
    assert str(second.place()) == "f:1:11"
    assert str(second.place("c")) == "f:1:33"
    assert str(second.place("c", 1, "d")) == "f:2:7"
    assert str(third.place("e", "f")) == "f:4:2"
    assert second.value["b"] == "\U0001f600"


def test_a_fault_in_a_later_object_has_its_place() -> None:
    with pytest.raises(DocumentError) as caught:
        read('{"a": 1}\n {"b": 1,\n  "b": 2}')
    assert (caught.value.code, str(caught.value.location)) == ("yaml-duplicate-key", "f:3:3")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('"\\\\ud83d"', "\\ud83d"),
        ('"\\/"', "/"),
        ('"\\ue03d \\ud83d\\ude00"', "\ue03d \U0001f600"),
        ("1e3", 1000),
        ("1.0", 1),
        ("-0.0", 0),
        ("18446744073709551615", 2.0**64),
    ],
)
def test_values_are_what_json_says(written: str, value: object) -> None:
    (document,) = read(f'{{"a": {written}}}')
    assert (document.value["a"], type(document.value["a"])) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ('{"\\ud83d\\ude00": 1, "\U0001f600": 2}', "yaml-json"),
        ('{"a": "\\ud83d"}', "yaml-parse-error"),
        ('{"a": 1}{"a": 1, "a": 2}', "yaml-duplicate-key"),
        ('{"a": 1} x', "yaml-parse-error"),
        ('{"a": 1},{"b": 1}', "yaml-parse-error"),
        ('{"a": 1} [1]', "yaml-parse-error"),
        ('{"a": NaN}{}', "yaml-parse-error"),
        ('{"a":' * 100_000, "yaml-too-deep"),
        ("{}" * 5_001, "yaml-too-many-documents"),
    ],
)
def test_what_is_not_the_same_as_json_and_as_yaml_is_refused(text: str, refusal: str) -> None:
    assert code(text) == refusal


def test_yaml_in_braces_and_json_between_separators_are_read() -> None:
    assert [d.value for d in read("{a: 1, b: [c]}")] == [{"a": 1, "b": ["c"]}]
    assert [d.value for d in read('{"a": 1}\n---\n{"b": 2}\n--- # c\nd: 3\n')] == [
        {"a": 1},
        {"b": 2},
        {"d": 3},
    ]
