"""What makes a large text one that is read as a whole, refused for what it is, or neither."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gate.documents import MalformedJson, large_json
from gate.documents.json_array import JsonArray
from gate.documents.large_json import InEach, LongList, Within, read_large_json

LONG = LongList()
SHAPE = Within(
    {"a": LONG, "b": Within({"a": LONG, "é": LONG}), "c": InEach(Within({"a": LONG})), "d": LONG}
)


@pytest.fixture(autouse=True)
def nothing_is_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_json, "LARGE", 0)


def read(text: str | bytes, shape: large_json.Shape = SHAPE) -> Any:  # noqa: ANN401  # any JSON
    data = text if isinstance(text, bytes) else text.encode()
    return read_large_json(data, shape, max_bytes=20_000, max_depth=5)


def built(value: object) -> object:
    """Return the value with a list in place of each long one."""
    if isinstance(value, dict):
        return {key: built(inner) for key, inner in value.items()}
    return [built(item) for item in value] if isinstance(value, list | JsonArray) else value


@pytest.mark.parametrize(
    "text",
    [
        '{"d": [1]}',
        ' { "d" : [ 1 , 2 ] , "x" : 1 } ',
        '{"d": [1], "a": [], "b": {}, "c": []}',
        '{"d": [1], "a": [ ], "b": { }, "c": [ ]}',
        '{"d": [1], "a": {"a": [1]}, "b": [{"a": [1]}], "c": {"a": [1]}}',
        '{"d": [1], "a": "x", "b": 5, "c": null}',
        '{"d": [1], "b": {"a": 1, "é": {}}, "c": [1, "x", [2], {"a": {}}, {}]}',
        '{"x": {"y": [[1]]}, "d": [1]}',
        '{"\\u0064": [1]}',
        '{"x": "\\ud83d\\ude00", "d": ["\\uD83D\\uDE00"]}',
        '{"d": [{"x": "é“😀"}, "é"]}',
        '{"x": "\\\\ud800", "d": ["\\\\ud800"]}',
        '{"d": [[[[1]]]]}',
        '{"d": [1.5, -0.0, 1e5, 12345678901234567890]}',
    ],
)
def test_other_things_in_the_places_of_long_lists_are_read_as_they_are(text: str) -> None:
    found = read(text)
    assert type(found["d"]) is JsonArray
    assert repr(built(found)) == repr(json.loads(text))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('{"a": [1], "b": {"a": [1], "é": [1]}, "c": [{"a": [1]}]}', [JsonArray] * 4),
        ('{"x": {"a": [1]}, "a": {"a": [1]}, "b": {"a": [[1]]}, "c": [[[1]]]}', [JsonArray]),
    ],
)
def test_each_place_of_a_long_list_has_one(text: str, kinds: list[type]) -> None:
    def long(value: object) -> list[type]:
        if isinstance(value, JsonArray):
            return [JsonArray]
        inner: list[object] = list(value.values()) if isinstance(value, dict) else []
        inner += value if isinstance(value, list) else []
        return [kind for one in inner for kind in long(one)]

    assert long(read(text)) == kinds


@pytest.mark.parametrize(
    ("text", "only_objects"),
    [('{"d": [{}, {"x": 1}]}', True), ('{"d": [{}, 1]}', False), ('{"d": [[], {}]}', False)],
)
def test_a_long_list_knows_whether_it_holds_objects_alone(
    text: str,
    only_objects: bool,  # noqa: FBT001  # a table of cases
) -> None:
    assert read(text)["d"].only_objects is only_objects


def test_a_long_list_may_be_the_whole_text_or_in_its_items() -> None:
    assert type(read("[1]", LONG)) is JsonArray
    (item,) = read('[{"a": [1]}]', InEach(Within({"a": LONG})))
    assert type(item["a"]) is JsonArray
    assert type(read("[1]", SHAPE)) is list


TWICE = "the key 'x' is there twice in one object"
HALF = "surrogates not allowed"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"d": [{"x": 1, "x": 2}]}', TWICE),
        ('{"x": {"x": 1}, "d": [1], "x": 2}', TWICE),
        ('{"b": {"x": 1, "a": [1], "x": 2}}', TWICE),
        ('{"c": [{"x": 1, "a": [1], "x": 2}]}', TWICE),
        ('{"y": {"x": 1, "x": 2}, "d": [1]}', TWICE),
        ('{"d": ["\\ud800"]}', HALF),
        ('{"d": [{"\\uD800": 1}]}', HALF),
        ('{"x": "\\udc00", "d": [1]}', HALF),
        ('{"\\uDEAD": 1, "d": [1]}', HALF),
        ('{"x": "\\ud83d\\ude00", "d": ["\\uDE00"]}', HALF),
        ('{"x": "\\ud83d\\uDE00", "d": ["\\ud800"]}', HALF),
        ('{"d": [[[[[1]]]]]}', "nested deeper than 5 levels"),
        ('{"d": [NaN]}', "NaN is not a JSON value"),
        ('{"d": [1e999]}', "a number is too large for a double"),
        (f'{{"d": [{"9" * 401}]}}', "a number has 401 digits"),
        ('\ufeff{"d": [1]}', "the text starts with a byte order mark"),
        (b'{"d": ["\xff"]}', "the text is not UTF-8, from its byte 9 on"),
        (b'{"\xff": 1, "d": [1]}', "the text is not UTF-8, from its byte 3 on"),
        ('{"d": [1]} x', "not JSON: Extra data"),
        ('{"d": [1]}}', "not JSON: Extra data"),
        ('{"d": [1]]', "not JSON: Expecting ',' delimiter"),
        ('{"d": [1}}', "not JSON: Expecting ',' delimiter"),
        ('{"d": [1 2]}', "not JSON: Expecting ',' delimiter"),
        ('{"d": [1]', "not JSON: Expecting ',' delimiter"),
        ('{"d": [1', "not JSON: Expecting ',' delimiter"),
        ('{"d": [1] "x": 2}', "not JSON: Expecting ',' delimiter"),
        ('{"c": [{"a": [1]}}', "not JSON: Expecting ',' delimiter"),
        ('{"d": [1,]}', "not JSON: "),
        ('{"d": [1],}', "not JSON: "),
        ('{"d" [1]}', "not JSON: Expecting ':' delimiter"),
        ('{1: 2, "d": [1]}', "not JSON: Expecting property name"),
        ('{"d": [1], 1: 2}', "not JSON: Expecting property name"),
        ('{"d": [01]}', "not JSON: "),
        ('{"d": ["a\nb"]}', "not JSON: Invalid control character"),
    ],
)
def test_r260_what_is_wrong_anywhere_is_refused_for_what_it_is(text: str | bytes, why: str) -> None:
    with pytest.raises(MalformedJson) as caught:
        read(text)
    assert why in str(caught.value)


@pytest.mark.parametrize("window", [1, 5, 700])
def test_what_a_window_cuts_is_read_in_full(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_json, "_WINDOW", window)
    whole = {"d": [10**6 + n for n in range(400)], "x": "é" * 900, "a": ["y" * 1500, 7, {"é": -1}]}
    for text in (json.dumps(whole), json.dumps(whole, ensure_ascii=False)):
        found = read(text)
        assert type(found["d"]) is JsonArray
        assert built(found) == whole
        assert [found["d"][at] for at in (399, 0, 200, 199)] == [1000399, 1000000, 1000200, 1000199]


class Counted(bytes):
    """A text that counts the bytes that are taken out of it."""

    taken = 0
    most = 0
    """At once."""

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401  # a place or a slice
        found = super().__getitem__(index)
        self.taken += len(found) if isinstance(found, bytes) else 1
        self.most = max(self.most, len(found) if isinstance(found, bytes) else 1)
        return found


def test_each_byte_of_a_text_is_taken_a_few_times_however_many_items_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_json, "_WINDOW", 4096)
    data = Counted(json.dumps({"d": [{"n": n, "t": "é"} for n in range(600)]}).encode())
    found = read(data)
    assert data.taken < 3 * len(data)
    assert sum(1 for _ in found["d"]) == 600
    assert data.taken < 6 * len(data)
    assert data.most == 4096
