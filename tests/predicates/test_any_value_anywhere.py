"""Predicates with any part of them put wrong: each is read, or refused with a reason of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gate.model.predicates import Unreadable
from gate.predicates import parse
from tests.builders.predicates import AT, WHOLE

ODD: Final[tuple[object, ...]] = (
    *(None, True, 0, -1, 1.5, 10**30, "", "x", "a" * 5000, "\x00", AT, "pkg:", "sha256:"),
    *([], {}, [None], [[]], [{}], ["x"], {"name": []}, {"a": {}}, {"id": "MIT"}),
)


def parts(value: object) -> Iterator[tuple[Any, Any]]:
    """Yield every object and list in a value, with each key or index of it."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from parts(value[key])


@pytest.mark.parametrize("name", WHOLE)
def test_the_documents_that_are_put_wrong_below_are_right_to_begin_with(name: str) -> None:
    assert not isinstance(parse(*WHOLE[name]), Unreadable)


@pytest.mark.parametrize("name", WHOLE)
def test_no_value_in_any_place_breaks_a_reader(name: str) -> None:
    uri, whole = WHOLE[name]
    document = copy.deepcopy(whole)
    broken = []
    for inner, key in list(parts(document)):
        right = inner[key]
        for odd in ODD:
            inner[key] = odd
            read = parse(uri, document)
            if isinstance(read, Unreadable) and "gate broke" in read.problem:
                broken.append((key, odd, read.problem))
        inner[key] = right
    assert not broken
    assert document == whole
