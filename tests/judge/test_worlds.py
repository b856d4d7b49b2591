"""Two judges that do not know each other answer alike for worlds that nobody chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import pytest

from tests.judge.compare import compared, world_of
from tests.judge.ended import State
from tests.judge.second import SecondJudge
from tests.judge.world import Image, Item, Scan, World

PARTS, WORLDS = 4, 50


@pytest.mark.parametrize("part", range(PARTS))
def test_both_judges_agree_on_every_check_and_every_deployment(part: int) -> None:
    seeds = range(part * WORLDS, (part + 1) * WORLDS)
    assert [str(d) for seed in seeds for d in compared(seed).disagreements] == []


@pytest.mark.parametrize("seed", [6148, 7101])
def test_both_judges_agree_on_worlds_about_which_they_differed(seed: int) -> None:
    assert [str(d) for d in compared(seed).disagreements] == []


def test_the_worlds_have_lists_of_ended_passes_that_are_known_and_that_are_not() -> None:
    lists = [world_of(seed)[1].ended for seed in range(PARTS * WORLDS)]
    assert {one and one.known() for one in lists} == {None, False, True}
    assert {one.state for one in lists if one} == set(get_args(State))


def test_the_worlds_have_every_answer() -> None:
    judges = [SecondJudge(world_of(seed)[0]) for seed in range(PARTS * WORLDS)]
    assert {judge.exit_code() for judge in judges} == {0, 1, 3}
    answers = {(q[1], a) for judge in judges for q, a in judge.answers().items()}
    every = ("signature", "sbom", "scan-age", "vulnerabilities", "provenance", "configuration")
    assert {(c, a) for c in every for a in ("held", "failed", "undecided")} <= answers


SCANNED = {"match": "**", "scan-age": {"by": ["scanner"], "max-age": "7d"}}
SOUND = {"match": "**", "vulnerabilities": {"by": ["scanner"], "fail-on": "high"}}


def _of(entry: Mapping[str, object], *scans: Scan) -> World:
    items = tuple(Item(by="key 2", about="index", said=scan) for scan in scans)
    return World(images=(Image("registry.example/acme/shop", items=items),), entries=(entry,))


def test_the_second_judge_counts_no_scan_of_which_a_time_is_to_come() -> None:
    for entry in (SCANNED, SOUND):
        past = _of(entry, Scan(finished=-2, reported=-3))
        partly = _of(entry, Scan(finished=2, reported=-3))
        assert SecondJudge(past).cleared()
        assert not SecondJudge(partly).cleared()


def test_the_second_judge_moves_with_the_clock() -> None:
    world = _of(SCANNED, Scan(finished=-2))
    assert SecondJudge(replace(world, at=166)).cleared()
    assert not SecondJudge(replace(world, at=167)).cleared()
