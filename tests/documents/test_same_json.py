"""Two values are the same JSON where every parser of JSON takes them for the same."""

from __future__ import annotations

from typing import Any

import pytest

from gate.documents.same_json import is_same_json


@pytest.mark.parametrize("value", [None, True, 1, 1.0, "", [], {}, [{"a": [1, "1", None]}]])
def test_a_value_is_the_same_as_its_copy(value: Any) -> None:  # noqa: ANN401  # any JSON value
    assert is_same_json([value], [value])


def test_the_order_of_keys_says_nothing_and_that_of_items_does() -> None:
    assert is_same_json({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert is_same_json({"b": 2, "a": 1}, {"a": 1, "b": 2})
    assert not is_same_json([1, 2], [2, 1])


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), (1, 1.0), (0.0, -0.0), ("1", 1), (None, ""), ({}, [])]
)
def test_values_of_two_types_differ_where_python_has_them_equal(one: object, other: object) -> None:
    assert not is_same_json({"a": [one]}, {"a": [other]})


def test_a_nan_is_never_the_same() -> None:
    assert not is_same_json(float("nan"), float("nan"))
