"""RFC 8785 JSON: the same bytes of a text that is read item by item as of one that is held."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gate.documents import large_json
from gate.documents.canonical_json import canonical_json
from gate.documents.json_array import JsonArray
from gate.documents.large_json import InEach, LongList, Within, read_large_json

TEXTS = st.text(st.characters(codec="utf-8"), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
SHAPE = Within({"a": LongList(), "b": InEach(Within({"a": LongList()}))})


@given(VALUES)
def test_a_value_is_written_as_rfc8785_has_it(value: Any) -> None:  # noqa: ANN401  # any JSON value
    assert canonical_json(value) == rfc8785.dumps(value)


def test_a_list_that_is_read_item_by_item_is_written_as_one_that_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_json, "LARGE", 0)
    value: dict[str, Any] = {
        "é": 1.50,
        "b": [{"a": [{"z": "\u20ac", "y": 1e21}, []]}, {"a": []}],
        "a": [0, "x"],
    }
    read = read_large_json(json.dumps(value, indent=1).encode(), SHAPE, max_bytes=1000)
    assert isinstance(read["a"], JsonArray)
    assert isinstance(read["b"][0]["a"], JsonArray)
    assert canonical_json(read) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, [-(2**53)], {"a": "\ud800"}])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="exceeds safe integer|non-UTF-8"):
        canonical_json(value)
