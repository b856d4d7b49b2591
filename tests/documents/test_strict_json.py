"""JSON that parsers read differently is refused, each text for its own reason."""

from __future__ import annotations

import gc
import json

import pytest

from gate.documents import MalformedJson, read_json


def refused(data: bytes) -> str:
    with pytest.raises(MalformedJson) as caught:
        read_json(data, max_bytes=1000)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xef\xbb\xbf{}", "the text starts with a byte order mark"),
        (b'"\xc3\xa9\xff"', "the text is not UTF-8, from its byte 4 on"),
        (b"NaN", "NaN is not a JSON value"),
        (b"[-Infinity]", "-Infinity is not a JSON value"),
        (b"9" * 401, "a number has 401 digits"),
        (b"-" + b"9" * 400, "a number has 401 digits"),
        (b"1e999", "a number is too large for a double"),
        (b"-1e999", "a number is too large for a double"),
        (b"0." + b"0" * 398 + b"1", "a number is too large for a double"),
        (b"9" * 1001, "the text has 1001 bytes, and at most 1000 are read"),
    ],
)
def test_r260_a_text_that_is_refused_is_refused_for_what_it_is(data: bytes, why: str) -> None:
    assert refused(data) == why


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9" * 400, int("9" * 400)),
        ("-" + "9" * 399, -int("9" * 399)),
        ("0." + "0" * 397 + "1", 0.0),
        ("1.5", 1.5),
        ("1e308", 1e308),
        ('"\\ud83d\\uDE00"', "\U0001f600"),
        ('["\\ud83d\\ude00", "\\uD83D\\uDE00"]', ["\U0001f600"] * 2),
    ],
)
def test_its_neighbours_are_read(text: str, value: object) -> None:
    found = read_json(text.encode(), max_bytes=1000)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        '{"b": 1, "a": 1, "a": 1}',
        '[{"b": 1}, {"a": 1, "a": 2}]',
        '{"a": 1, "b": 2, "a": 3, "c": 4}',
    ],
)
def test_r260_the_key_that_is_named_is_the_one_that_is_repeated(text: str) -> None:
    assert refused(text.encode()) == "the key 'a' is there twice in one object"


@pytest.mark.parametrize("levels", [1, 4])
def test_r260_one_level_more_than_allowed_is_too_deep(levels: int) -> None:
    assert read_json(b"[" * levels + b"]" * levels, max_bytes=99, max_depth=levels) is not None
    with pytest.raises(MalformedJson, match=f"^the text is nested deeper than {levels} levels$"):
        read_json(b"[" * (levels + 1) + b"]" * (levels + 1), max_bytes=99, max_depth=levels)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a" : 1, "a"\n:1}',
        '{"a": 1, "\\u0061": 1}',
        # as many more colons after quotation marks in texts as keys are lost
        '{"a"\t:1, "a"\t:2, "b": "\\":"}',
        '{"a"  :1, "a"  :2, "b": ":"}',
        '[{"a":1,"a":{"b":1,"c":2}}]',
        '{"a":{"\\":":1},"a":0}',
    ],
)
def test_r260_a_repeated_key_is_named_however_it_is_written(text: str) -> None:
    with pytest.raises(MalformedJson, match="the key 'a' is there twice in one object"):
        read_json(text.encode(), max_bytes=1000)


@pytest.mark.parametrize(
    "text",
    [
        "[[[[[]]]]]",
        '[[{"a":[{}]}]]',
        # a bracket in a text closes nothing
        '["]",["]",["]",["]",["[[[["]]]]]',
        '["\\"]",["\\\\",["]",["]",["[[[["]]]]]',
    ],
)
def test_r260_what_is_nested_too_deep_is_refused_whatever_its_texts_hold(text: str) -> None:
    with pytest.raises(MalformedJson, match="nested deeper than 4 levels"):
        read_json(text.encode(), max_bytes=1000, max_depth=4)


@pytest.mark.parametrize("text", ['["[[[["]', '[[[["]"]]]]', '["\\"[",[["]]]]"]]]'])
def test_brackets_in_texts_nest_nothing(text: str) -> None:
    assert read_json(text.encode(), max_bytes=1000, max_depth=4) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        *('"\\ud800"', '"\\uDc00"', '{"\\ud83d": 1}', '["\\ude00\\ud83d"]'),
        '["\\ud83d\\ude00", "\\uDE00"]',
    ],
)
def test_r260_half_a_character_is_refused_as_what_it_is(text: str) -> None:
    with pytest.raises(MalformedJson, match="surrogates not allowed"):
        read_json(text.encode(), max_bytes=1000)


def test_the_collector_of_cycles_is_as_it_was_after_reading() -> None:
    assert gc.isenabled()
    read_json(b"[]", max_bytes=9)
    with pytest.raises(MalformedJson):
        read_json(b"[", max_bytes=9)
    assert gc.isenabled()
    gc.disable()
    try:
        read_json(b"[]", max_bytes=9)
        assert not gc.isenabled()
    finally:
        gc.enable()
