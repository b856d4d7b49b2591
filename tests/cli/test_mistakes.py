"""Mistakes that people make: each is told with its code, its place, one cause and one next step."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.builders.commands import called
from tests.builders.mistakes import CHECK, Mistake, make, world
from tests.builders.mistakes_made import MISTAKES

KINDS = {"policy", "key", "registry", "login", "clock", "manifests", "call"}


def test_where_no_mistake_is_made_the_release_is_cleared() -> None:
    with world() as made:
        done = called(*made.fill(CHECK).split(), folder=made.folder, environment=made.environment)
    assert (done.returncode, "CLEARED" in done.stdout, done.stderr) == (0, True, "")


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_told_with_its_code_its_place_and_its_next_step(mistake: Mistake) -> None:
    told = make(mistake)
    assert told.exit_code == mistake.exit_code
    assert mistake.code in told.codes
    assert mistake.place in told.message
    assert mistake.step in told.step
    assert len(told.step) > len("add it")
    assert not re.search(r"Traceback|Error\(|Usage:|errno", told.message)


def test_there_are_ten_mistakes_of_each_kind() -> None:
    count = Counter(mistake.kind for mistake in MISTAKES)
    assert set(count) == KINDS
    assert min(count.values()) >= 10
    assert len({str(mistake) for mistake in MISTAKES}) == len(MISTAKES)
