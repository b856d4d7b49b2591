"""The list of mutants that change nothing names mutants that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.mutants import mutants
from tests.mutation.rooms import ROOMS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_each_mutant_that_is_called_equivalent_is_one_of_its_room(
    room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    paths = {path for pattern in ROOMS[room][0] for path in ROOT.glob(pattern)}
    named = {ROOT / key.split(" ", 1)[0] for key in EQUIVALENT[room]}

    there = {mutant.key for path in named & paths for mutant in mutants(path.relative_to(ROOT))}

    assert EQUIVALENT[room].keys() - there == set()
