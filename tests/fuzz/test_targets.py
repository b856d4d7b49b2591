"""Each parser's oracle holds for its seeds, and for seeds in which bytes were changed."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gate.predicates import _READ
from tests.fuzz import oracles
from tests.fuzz.targets import TARGETS


@cache
def seeds(name: str) -> list[bytes]:
    return TARGETS[name].seeds()


@pytest.mark.parametrize("name", TARGETS)
def test_a_search_begins_with_bytes_that_the_parser_reads(name: str) -> None:
    read = [TARGETS[name].oracle(seed) for seed in seeds(name)]
    assert any(read)


def test_a_search_of_predicates_begins_with_one_of_each_reader_that_is_read() -> None:
    read = [seed for seed in seeds("predicate") if TARGETS["predicate"].oracle(seed)]
    assert {_READ[oracles.PREDICATES[seed[0]]] for seed in read} == set(_READ.values())


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=25, derandomize=True)  # `make fuzz` is what searches
@given(data=st.data())
def test_a_parser_reads_or_refuses_what_was_changed(name: str, data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(seeds(name))))
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.integers(0, 4))
        content[place : place + gone] = data.draw(st.binary(max_size=4))
    TARGETS[name].oracle(bytes(content))


@pytest.mark.parametrize("name", TARGETS)
def test_a_parser_takes_nothing_at_all_as_data(name: str) -> None:
    TARGETS[name].oracle(b"")
