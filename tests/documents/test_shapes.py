"""Parts of a parsed document: read strictly they are refused with their name, leniently absent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from gate.documents import lenient, strict
from gate.documents.json_array import JsonArray

Read = Callable[[object, str], object]
LONG = "x" * strict.TEXT
SHAPES: list[Any] = [{"a": 1}, {}, ["a", 1, "b"], [], "text", "", 0, 1, 1.5, True, None]


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (strict.mapping, {"a": 1}, {"a": 1}),
        (strict.mapping, {}, {}),
        (strict.optional_mapping, {"a": 1}, {"a": 1}),
        (strict.optional_mapping, {}, {}),
        (strict.optional_mapping, None, {}),
        (strict.sequence, [1], [1]),
        (strict.sequence, [], []),
        (strict.sequence, None, ()),
        (strict.text, "x", "x"),
        (strict.text, LONG, LONG),
        (strict.optional_text, "x", "x"),
        (strict.optional_text, "", ""),
        (strict.optional_text, LONG, LONG),
        (strict.optional_text, None, ""),
        (strict.stated_text, "x", "x"),
        (strict.stated_text, "", ""),
        (strict.stated_text, LONG, LONG),
    ],
)
def test_a_part_of_its_shape_is_what_it_is(read: Read, value: object, found: object) -> None:
    assert read(value, "field") == found


NO_MAPPING = "field is not an object"
NO_LIST = "field is not a list"
NO_TEXT = "field is missing or not text"
TOO_LONG = "field is longer than 4096 characters"


@pytest.mark.parametrize(
    ("read", "values", "problem"),
    [
        (strict.mapping, [None, [], "a", 1, True, [("a", 1)]], NO_MAPPING),
        (strict.optional_mapping, [[], "", 0, False], NO_MAPPING),
        (strict.sequence, [{}, "", "a", 0, False, ()], NO_LIST),
        (strict.text, [None, "", 0, 1, [], ["a"], {}, b"a"], NO_TEXT),
        (strict.optional_text, [0, [], {}, False], NO_TEXT),
        (strict.stated_text, [None, 0, [], {}], NO_TEXT),
        (strict.text, [f"{LONG}x"], TOO_LONG),
        (strict.optional_text, [f"{LONG}x"], TOO_LONG),
        (strict.stated_text, [f"{LONG}x"], TOO_LONG),
    ],
)
def test_a_part_of_another_shape_is_refused_with_its_name(
    read: Read, values: list[object], problem: str
) -> None:
    said = []
    for value in values:
        with pytest.raises(ValueError, match="^field") as caught:
            read(value, "field")
        said.append(str(caught.value))
    assert said == [problem] * len(values)


def long_list(*items: object, only_objects: bool) -> JsonArray:
    return JsonArray(
        range(len(items)), lambda starts: (items[at] for at in starts), only_objects=only_objects
    )


def test_a_long_list_is_a_list() -> None:
    items = long_list(1, "a", only_objects=False)
    assert strict.sequence(items, "field") is items
    assert strict.is_list(items)


def test_nothing_but_a_list_is_a_list() -> None:
    assert [shape for shape in SHAPES if strict.is_list(shape)] == [["a", 1, "b"], []]


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"a": 1}, {}],
        long_list({"a": 1}, {}, only_objects=True),
        long_list({"a": 1}, {}, only_objects=False),
    ],
)
def test_a_list_of_objects_is_read(items: Sequence[object]) -> None:
    assert strict.mappings(items, "field", "item") is items
    assert strict.mappings(None, "field", "item") == ()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([{}, 1], "item is not an object"),
        ([None], "item is not an object"),
        (long_list({}, 1, only_objects=False), "item is not an object"),
        ({"a": 1}, "field is not a list"),
    ],
)
def test_a_list_of_other_things_than_objects_is_refused(value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=f"^{problem}$"):
        strict.mappings(value, "field", "item")


def test_a_long_list_that_is_known_to_hold_objects_is_not_read_for_that() -> None:
    read: list[int] = []

    def items(starts: Sequence[int]) -> Iterator[object]:
        read.extend(starts)
        return iter([{} for _ in starts])

    array = JsonArray(range(3), items, only_objects=True)
    assert strict.mappings(array, "field", "item") is array
    assert read == []
    assert (array[1], read) == ({}, [1])


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 513])
def test_a_long_list_is_a_sequence_of_its_items(count: int) -> None:
    items = [f"n{number}" for number in range(count)]
    array = long_list(*items, only_objects=False)
    assert (len(array), list(array), list(reversed(array))) == (count, items, items[::-1])
    assert (array[:3], array[-2:], array[1:200:7]) == (items[:3], items[-2:], items[1:200:7])


def test_a_list_has_a_million_items_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    assert strict.MANY == 1_000_000
    monkeypatch.setattr(strict, "MANY", 2)
    assert strict.sequence([1, 2], "field") == [1, 2]
    with pytest.raises(ValueError, match="^field has 3 items, over 2$"):
        strict.sequence([1, 2, 3], "field")


@pytest.mark.parametrize(
    ("read", "taken", "absent"),
    [
        (lenient.mapping, [{"a": 1}, {}], {}),
        (lenient.sequence, [["a", 1, "b"], []], []),
        (lenient.text, ["text", ""], ""),
    ],
)
def test_leniently_a_part_of_another_shape_is_absent(
    read: Callable[[object], object], taken: list[object], absent: object
) -> None:
    assert [read(shape) for shape in SHAPES] == [
        shape if shape in taken and type(shape) is type(taken[0]) else absent for shape in SHAPES
    ]


def test_leniently_an_item_of_another_shape_is_left_out_and_the_others_keep_their_positions() -> (
    None
):
    mixed = ["a", {"b": 1}, None, {}, ["c"], 1, "d"]
    assert list(lenient.mappings(mixed)) == [(1, {"b": 1}), (3, {})]
    assert lenient.strings(mixed) == ["a", "d"]
    assert lenient.labels({"a": "b", "c": 1, "d": "", "e": None}) == {"a": "b", "d": ""}
    others: list[Any] = [{"a": {}}, "text", 1, None]
    for other in others:
        assert list(lenient.mappings(other)) == []
        assert lenient.strings(other) == []
    assert lenient.labels(["a"]) == {}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), {"a": {"b": [{"c": 1}], "d": "text"}}),
        (("a", "d"), "text"),
        (("a", "x"), None),
        (("x", "d"), None),
        (("a", "b", "c"), None),
        (("a", "d", "title"), None),
    ],
)
def test_a_path_ends_where_no_mapping_is(path: tuple[str, ...], found: object) -> None:
    assert lenient.dig({"a": {"b": [{"c": 1}], "d": "text"}}, *path) == found


def test_each_text_in_a_value_has_its_path_and_what_lies_apart_is_left_out() -> None:
    value = {"a": "1", "b": ["2", {"c": "3"}, 4, None], "d": {"e": "5", "f": ["6"]}}
    assert list(lenient.texts_in(value, ("x",))) == [
        *((("x", "a"), "1"), (("x", "b", 0), "2"), (("x", "b", 1, "c"), "3")),
        *((("x", "d", "e"), "5"), (("x", "d", "f", 0), "6")),
    ]
    apart = {("x", "b", 1), ("x", "d"), ("a",)}
    assert list(lenient.texts_in(value, ("x",), apart)) == [
        (("x", "a"), "1"),
        (("x", "b", 0), "2"),
    ]
    assert list(lenient.texts_in("1", ("x", "d"), apart)) == []


def test_true_and_false_are_no_numbers() -> None:
    assert [shape for shape in SHAPES if lenient.is_number(shape)] == [0, 1, 1.5]
