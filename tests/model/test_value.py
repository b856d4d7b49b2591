"""Values that take little room while nobody looks at them."""

from __future__ import annotations

import math
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.model.value import Value

TEXTS = st.text(st.characters())  # halves of characters too: JSON has them
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | TEXTS | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
MANY = 40


def _packed(plain: Any) -> Value:  # noqa: ANN401  # any JSON value
    value = Value(plain)
    value.pack()
    return value


@given(PLAIN)
def test_a_packed_value_is_the_same_to_the_last_type_and_the_order_of_keys(plain: Any) -> None:  # noqa: ANN401  # any JSON value
    assert repr(_packed(plain).plain) == repr(plain)
    assert _packed(plain) == Value(plain)


def test_a_packed_value_is_unpacked_once_as_long_as_few_others_are_asked_for() -> None:
    value, others = _packed({"a": [1]}), [_packed({"b": n}) for n in range(MANY)]
    first = value.plain
    assert first == {"a": [1]}
    assert value.plain is first
    assert [other.plain["b"] for other in others] == list(range(MANY))
    assert (value.plain == first, value.plain is first) == (True, False)


def test_what_was_unpacked_goes_when_it_is_forgotten() -> None:
    value = _packed({"a": [1]})
    first = value.plain
    value.forget()
    assert (value.plain == first, value.plain is first) == (True, False)


def test_a_value_that_was_never_packed_is_never_made_again() -> None:
    plain = {"a": [1]}
    value = Value(plain)
    value.forget()
    value.close()
    assert value.plain is plain


@pytest.mark.parametrize(("size", "stays"), [(16_000, False), (17_000, True)])
def test_a_large_value_stays_as_it_is(size: int, stays: bool) -> None:  # noqa: FBT001  # a table of cases
    plain = {"a": "x" * size}
    value = Value(plain)
    value.pack()
    assert value.plain == plain
    assert (value.plain is plain) is stays


def test_what_an_alias_repeats_is_packed_once() -> None:
    text = "x" * 10_000
    part = [text, text]
    value = _packed({"a": [part] * 500, "b": text})
    assert value.plain["a"][0] is not part
    assert value.plain["a"][0] is value.plain["a"][499]


def test_equal_values_do_not_share_what_they_are_unpacked_to() -> None:
    first, second = _packed({"a": 1}), _packed({"a": 1})
    assert first == second
    assert first.plain is not second.plain


def test_packed_values_take_half_the_room_or_less() -> None:
    def took(*, pack: bool) -> int:
        tracemalloc.start()
        values = [Value({"name": f"a{n}", "labels": {"app": f"b{n}"}}) for n in range(200)]
        for value in values if pack else ():
            value.pack()
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert len(values) == 200
        return size

    assert took(pack=True) * 2 < took(pack=False)


def test_positions_in_a_packed_value_are_those_of_the_value() -> None:
    plain = {"a": {"b": [1, 2]}, "c": math.pi}
    packed = _packed(plain)
    for path in ((), ("a",), ("a", "b"), ("a", "b", 1), ("c",), ("d",), ("a", "e")):
        assert packed.position(path) == Value(plain).position(path)
    assert [_packed(1).position(path) for path in ((), ("a",))] == [0, 0]


def test_a_value_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="plane"):
        getattr(_packed({}), "plane")  # noqa: B009  # a type checker refuses the other way
