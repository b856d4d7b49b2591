"""The reader of JSON against a plain one that looks at every object, and at nothing twice."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gate.documents import MalformedJson, read_json

DEPTH = 4
REFUSED: Any = object()

SPACE = st.text(" \t\r\n", max_size=2)
PIECES = ["a", "b", '\\"', "\\\\", ":", '\\":', '\\" :', "{", "}", "[", "]", ",", " ", "é", "😀"]
PIECES += ["\\u0061", "\\u0022", "\\u003a", "\\u003A", "\\ud83d\\ude00", "\\n", "\\/"]
HALF = ["\\ud800", "\\uDC00", "\\uDEAD"]
ODD = [*HALF, "\t", "\\x", "\\u12", '"']
TEXTS = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
ODD_TEXTS = st.lists(st.sampled_from([*PIECES, *ODD]), max_size=4).map("".join)
NUMBERS = st.sampled_from(
    [
        *("0", "-0", "-0.0", "1.50", "1E5", "1e999", "-1e999", "NaN", "-Infinity"),
        *("9" * 400, "9" * 401, "9" * 5000, "0." + "0" * 397 + "1", "0." + "0" * 400 + "1"),
        *("01", "+1", ".5", "1."),
    ]
)


def quoted(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return texts.map(lambda text: f'"{text}"')


def written(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return JSON texts with every liberty that the grammar gives, repeated keys among them."""
    leaf = st.sampled_from(["null", "true", "false"]) | NUMBERS | quoted(texts)

    def spaced(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(SPACE, inner, SPACE).map("".join)

    def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        item = spaced(inner)
        key = spaced(quoted(texts))
        member = st.tuples(key, st.just(":"), item).map("".join)
        return st.lists(item, max_size=3).map(lambda i: f"[{','.join(i)}]") | st.lists(
            member, max_size=3
        ).map(lambda m: f"{{{','.join(m)}}}")

    return spaced(st.recursive(leaf, around, max_leaves=10))


def plainly(data: bytes) -> Any:  # noqa: ANN401  # any value at all, or REFUSED
    """Read as the docstring of `read_json` says, one rule after the other."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in items}) != len(items):
            raise ValueError
        return dict(items)

    def number(text: str) -> float:
        whole = re.fullmatch(r"-?\d+", text)
        if len(text) > 400 or (not whole and math.isinf(float(text))):
            raise ValueError
        return int(text) if whole else float(text)

    def deep(value: object) -> int:
        if not isinstance(value, dict | list):
            return 0
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(deep, inner), default=0)

    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=pairs,
            parse_int=number,
            parse_float=number,
            parse_constant=lambda _: number("1e999"),
        )
        json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        return REFUSED
    return REFUSED if data.startswith(b"\xef\xbb\xbf") or deep(value) > DEPTH else value


def strictly(data: bytes) -> Any:  # noqa: ANN401  # any value at all, or REFUSED
    try:
        return read_json(data, max_bytes=100_000, max_depth=DEPTH)
    except MalformedJson:
        return REFUSED


def same(one: Any, other: Any) -> bool:  # noqa: ANN401  # any value at all
    """Whether two values are equal, in their types and signs too."""
    return one is other or repr(one) == repr(other)


@settings(max_examples=1500)
@given(written(TEXTS) | written(ODD_TEXTS))
def test_r260_any_json_text_is_read_or_refused_as_a_plain_reader_would(text: str) -> None:
    data = text.encode()
    assert same(strictly(data), plainly(data))


@settings(max_examples=500)
@given(written(TEXTS), st.integers(0, 200), st.binary(max_size=3), st.integers(0, 3))
def test_r260_any_damaged_json_is_read_or_refused_as_a_plain_reader_would(
    text: str, place: int, inserted: bytes, removed: int
) -> None:
    data = text.encode()
    data = data[:place] + inserted + data[place + removed :]
    assert same(strictly(data), plainly(data))
