"""A large text is read as a small one is, except that its long lists are not held."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.documents import MalformedJson, large_json, read_json
from gate.documents.json_array import JsonArray
from gate.documents.large_json import InEach, LongList, Within, read_large_json

SHAPE = Within(
    {
        "a": LongList(),
        "b": Within({"a": LongList(), "é": LongList()}),
        "c": InEach(Within({"a": LongList()})),
    }
)
DEPTH = 5
SPACE = st.sampled_from(["", "", " ", "\n\t "])
LEAF = st.sampled_from(
    [
        *("null", "true", "0", "-1.5e3", "NaN", "1e999", "9" * 401, '"x"', '""', '"é“😀"'),
        *('"\\ud83d\\ude00"', '"\\ud800"', '"]\\"}"', '":::"', "[]", "{}", '{ "a" : [ ] }', "01"),
    ]
)
KEY = st.sampled_from(["a", "b", "c", "é", "\\u0061", "d"])


def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return lists and objects of JSON texts, with repeated keys among them."""
    item = st.tuples(SPACE, inner, SPACE).map("".join)
    member = st.tuples(SPACE, KEY, SPACE, item).map(lambda m: f'{m[0]}"{m[1]}"{m[2]}:{m[3]}')
    return st.lists(item, max_size=4).map(lambda i: f"[{','.join(i)}]") | st.lists(
        member, max_size=4, unique_by=lambda m: m.split(":")[0].strip()
    ).map(lambda m: f"{{{','.join(m)}}}")


ANY = st.tuples(SPACE, st.recursive(LEAF, around, max_leaves=12), SPACE).map("".join)
"""Of any shape, and with long lists where they may be."""
TEXTS = ANY | st.tuples(ANY, ANY, ANY, ANY).map(
    lambda t: f'{{"a": [{t[0]},{t[1]}], "b": {{"é":[{t[2]}]}}, "c": [{t[3]},{{"a":[{t[0]}]}}]}}'
)


@pytest.fixture(autouse=True)
def nothing_is_too_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_json, "LARGE", 0)


def built(value: object) -> object:
    """Return the value with a list in place of each long one."""
    if isinstance(value, dict):
        return {key: built(inner) for key, inner in value.items()}
    return [built(item) for item in value] if isinstance(value, list | JsonArray) else value


def outcome(read: Callable[[], object]) -> str:
    """Return what was read, in its types and signs too, or why it was not."""
    try:
        return repr(built(read()))
    except MalformedJson as error:
        return f"{type(error).__name__}: {error}"


def agree(data: bytes) -> bool:
    plain = outcome(lambda: read_json(data, max_bytes=100_000, max_depth=DEPTH))
    large = outcome(lambda: read_large_json(data, SHAPE, max_bytes=100_000, max_depth=DEPTH))
    return plain == large


@settings(max_examples=150)
@given(TEXTS)
def test_r260_any_text_is_read_or_refused_as_read_json_does(text: str) -> None:
    assert agree(text.encode())


@settings(max_examples=150)
@given(TEXTS, st.integers(0, 60), st.sampled_from([b"", b",", b"]", b'"', b"\xff", b"1", b":"]))
def test_r260_any_damaged_text_is_read_or_refused_as_read_json_does(
    text: str, place: int, inserted: bytes
) -> None:
    data = text.encode()
    assert agree(data[:place] + inserted + data[place + 1 :])
    assert agree(data[:place] + inserted + data[place:])


def document(count: int) -> dict[str, Any]:
    """Return a document with long lists, of which some values are not ASCII or long."""
    items = [{"n": n, "t": ["x", "é", "“😀”", "y" * 2000][n % 4]} for n in range(count)]
    return {"d": 1, "a": items, "b": {"a": list(range(count)), "é": ["é"]}, "c": [{"a": items}, 5]}


def lists(value: dict[str, Any]) -> Iterator[Any]:
    yield from (value["a"], value["b"]["a"], value["b"]["é"], value["c"][0]["a"])


@pytest.mark.parametrize("window", [1, 600, 1 << 18])
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_long_list_has_its_items_in_each_order(
    monkeypatch: pytest.MonkeyPatch, window: int, indent: int | None, *, ascii_only: bool
) -> None:
    monkeypatch.setattr(large_json, "_WINDOW", window)
    whole = document(300)
    data = json.dumps(whole, indent=indent, ensure_ascii=ascii_only).encode()
    read = read_large_json(data, SHAPE, max_bytes=len(data))
    assert built(read) == whole
    for long, items in zip(lists(read), lists(whole), strict=True):
        assert isinstance(long, JsonArray)
        assert list(reversed(long)) == items[::-1]
        assert (len(long), long[0], long[-1], long[1:3]) == (
            len(items),
            items[0],
            items[-1],
            items[1:3],
        )
    assert read["a"].only_objects
    assert not read["b"]["a"].only_objects


def test_what_a_long_list_holds_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_json, "_WINDOW", 8192)
    data = json.dumps({"a": [{"name": f"n{n}", "text": "x"} for n in range(3000)]}).encode()
    tracemalloc.start()
    try:
        read = read_large_json(data, SHAPE, max_bytes=len(data))
        assert sum(len(item["text"]) for item in read["a"]) == 3000
        _, large = tracemalloc.get_traced_memory()
        del read
        tracemalloc.reset_peak()
        assert len(read_json(data, max_bytes=len(data))["a"]) == 3000
        _, plain = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert large < 4 * len(data) < plain


@pytest.mark.parametrize("end", [b"", b"]"])
def test_the_text_is_let_go_with_the_last_of_its_lists_read_or_refused(end: bytes) -> None:
    text = json.dumps(document(3000)).encode()
    tracemalloc.start()
    try:
        data = text + end
        with suppress(MalformedJson):
            assert len(list(read_large_json(data, SHAPE, max_bytes=len(data))["a"])) == 3000
        del data
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert left < len(text) / 10


def test_a_list_with_more_items_than_any_list_may_have_is_read_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_json, "MANY", 3)
    kinds = [type(read_large_json(text, SHAPE, max_bytes=99)["a"]) for text in (
        b'{"a": [1, 2, 3]}', b'{"a": [1, 2, 3, 4]}'
    )]  # fmt: skip
    assert kinds == [JsonArray, list]


def test_a_text_with_very_many_keys_before_its_long_list_is_read_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_json, "_MOST_STEPS", 3)
    kinds = [type(read_large_json(text, SHAPE, max_bytes=99)["a"]) for text in (
        b'{"x": 1, "y": 1, "a": [1]}', b'{"x": 1, "y": 1, "z": 1, "a": [1]}'
    )]  # fmt: skip
    assert kinds == [JsonArray, list]


def test_a_small_text_is_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_json, "LARGE", 11)
    kinds = [
        type(read_large_json(text, SHAPE, max_bytes=99)["a"])
        for text in (b'{"a": [1]}', b'{"a": [ 1]}')
    ]
    assert kinds == [list, JsonArray]


def test_r260_a_text_that_is_too_large_or_too_deep_is_refused() -> None:
    with pytest.raises(MalformedJson, match="has 11 bytes, and at most 10 are read"):
        read_large_json(b'{"a": [ 1]}', SHAPE, max_bytes=10)
    with pytest.raises(MalformedJson, match="nested deeper than 64 levels"):
        read_large_json(b'{"a": [' + b"[" * 5000 + b"]" * 5000 + b"]}", SHAPE, max_bytes=99_999)
