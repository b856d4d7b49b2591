"""Laws that hold in every world, with one judge alone: gate before and after a change."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest

from gate.model.report import Report, Status
from gate.model.verdict import Cleared
from gate.reports import json_v1
from gate.reports.assemble import assemble
from tests.judge.compare import world_of
from tests.judge.deploy import known
from tests.judge.made import checked, policy_of, shelves, when, written
from tests.judge.world import HOLDERS, SIGNERS, Image, Item, Sbom, Scan, Vex, World

HELD = frozenset({Status.PASSED, Status.WARNED, Status.WAIVED})
SEEDS = range(32)
PARTS = 2
part = pytest.mark.parametrize("part", range(PARTS))


def seeds(part: int) -> range:
    return SEEDS[part::PARTS]


def reported(world: World) -> Report:
    policy = policy_of(world)
    judged = checked(world, shelves(world), policy)
    return assemble(judged, command="check", tool_version="0", policy_path=policy.path)


@functools.cache
def told(seed: int) -> Report:
    return reported(world_of(seed)[0])


def statuses(world: World, report: Report) -> dict[tuple[int, str], Status]:
    """Return the answers, by the number of the image in the world."""
    numbers = {written(image): number for number, image in enumerate(world.images)}
    return {(numbers[i.name], c.check): c.status for i in report.images for c in i.checks}


def held(world: World, report: Report) -> set[tuple[int, str]]:
    return {q for q, status in statuses(world, report).items() if status in HELD}


def with_items(world: World, number: int, items: tuple[Item, ...]) -> World:
    images = list(world.images)
    images[number] = replace(images[number], items=items)
    return replace(world, images=tuple(images))


def says_something_bad(item: Item) -> bool:
    match item.said:
        case Scan():
            return bool(item.said.found) or item.said.form != "read"
        case Sbom():
            return True  # what it lists may be forbidden
        case Vex():
            return item.said.status not in {"fixed", "not_affected"} or not item.said.readable
        case _:
            return False


@part
def test_evidence_that_goes_away_never_helps_but_by_what_it_found(part: int) -> None:
    for seed in seeds(part):
        world = world_of(seed)[0]
        before = held(world, told(seed))
        for number, image in enumerate(world.images):
            for item in image.items[:3]:
                less = with_items(world, number, tuple(i for i in image.items if i != item))
                better = held(less, reported(less)) - before
                allowed = {(number, "vulnerabilities"), (number, "sbom")}
                assert not better or (says_something_bad(item) and better <= allowed), (seed, item)


@part
def test_what_a_stranger_signs_changes_nothing(part: int) -> None:
    for seed in seeds(part):
        world = world_of(seed)[0]
        for number, image in enumerate(world.images):
            copies = tuple(replace(i, by=_stranger_like(i)) for i in image.items)
            more = with_items(world, number, (*image.items, *copies))
            assert statuses(more, reported(more)) == statuses(world, told(seed)), seed


def _stranger_like(item: Item) -> str:
    return "stranger's key" if HOLDERS[item.by].key else "foreign issuer"


@part
def test_a_signer_whom_no_check_names_changes_nothing(part: int) -> None:
    unrelated = {**SIGNERS, "unrelated": {"key": "9.pub"}}
    for seed in seeds(part):
        world = world_of(seed)[0]
        policy = policy_of(world, unrelated)
        judged = checked(world, shelves(world), policy)
        report = assemble(judged, command="check", tool_version="0", policy_path=policy.path)
        assert statuses(world, report) == statuses(world, told(seed)), seed


@part
def test_other_names_give_the_same_answers(part: int) -> None:
    for seed in seeds(part):
        world = world_of(seed)[0]
        renamed, signers = _renamed(world)
        policy = policy_of(renamed, signers)
        judged = checked(renamed, shelves(renamed), policy)
        report = assemble(judged, command="check", tool_version="0", policy_path=policy.path)
        assert statuses(renamed, report) == statuses(world, told(seed)), seed


def _renamed(world: World) -> tuple[World, dict[str, dict[str, str]]]:
    """Return the world with other names for each signer, registry, folder and repository."""
    names = {"registry": "a-registry", "other": "z-other", "acme": "zeta", "shop": "bazaar"}

    def other(text: str) -> str:
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    def renamed(check: str, params: object) -> object:
        if check == "match":
            return other(str(params))
        if isinstance(params, dict):
            signers = {f: [f"other-{n}" for n in params[f]] for f in ("by", "vex") if f in params}
            return {**params, **signers}
        return params

    entries = tuple({c: renamed(c, p) for c, p in entry.items()} for entry in world.entries)
    images = tuple(replace(image, name=other(image.name)) for image in world.images)
    waivers = tuple(replace(w, image=other(w.image)) for w in world.waivers)
    allow = tuple(map(other, world.allow))
    signers = {f"other-{name}": dict(said) for name, said in SIGNERS.items()}
    moved = replace(world, images=images, entries=entries, waivers=waivers, allow=allow)
    return moved, signers


@part
def test_order_changes_no_byte(part: int) -> None:
    for seed in seeds(part):
        world = world_of(seed)[0]
        shuffling = Random(seed)  # noqa: S311  # an order, and no secret
        images = [
            replace(i, items=tuple(shuffling.sample(i.items, len(i.items)))) for i in world.images
        ]
        shuffling.shuffle(images)
        if world.bound:
            images.sort(key=lambda i: [w.name for w in world.images].index(i.name))
        other = reported(replace(world, images=tuple(images)))
        assert json_v1.render(other) == json_v1.render(told(seed)), seed


def _ends(report: Report) -> Iterator[datetime]:
    for image in report.images:
        yield from (check.until for check in image.checks if check.until is not None)
    for waived in report.waived:
        yield datetime.combine(waived.expires, time.max, UTC)


@part
def test_time_moves_no_verdict_before_an_end_says_so(part: int) -> None:
    for seed in seeds(part):
        world = _past(world_of(seed)[0])
        report = reported(world)
        if not report.cleared:
            continue
        last = min(_ends(report), default=when(world.at) + timedelta(hours=900))
        hours = int((last - when(world.at)) / timedelta(hours=1))
        for later in {hours // 2, hours}:
            assert reported(replace(world, at=world.at + later)).cleared, (seed, later)


@part
def test_time_alone_never_helps(part: int) -> None:
    for seed in seeds(part):
        world = _past(world_of(seed)[0])
        before = held(world, reported(world))
        for later in (1, 30, 200):
            after = replace(world, at=world.at + later)
            assert held(after, reported(after)) <= before, (seed, later)


def _past(world: World) -> World:
    """Return the world without anything that is dated after its run."""
    then = known(world)
    images = tuple(replace(i, created=min(i.created, then.at)) for i in then.images)
    return replace(then, images=images)


def test_the_laws_are_asked_of_releases_that_are_cleared_and_of_others() -> None:
    told_of = [told(seed) for seed in SEEDS]
    assert sum(report.cleared for report in told_of) > len(SEEDS) // 10
    assert sum(not report.cleared for report in told_of) > len(SEEDS) // 10


def test_a_registry_that_says_no_more_never_helps() -> None:
    for seed in SEEDS:
        world = world_of(seed)[0]
        number = seed % len(world.images)
        for fault in ("silent", "unread"):
            images = list(world.images)
            images[number] = _with_fault(images[number], fault)
            worse = replace(world, images=tuple(images))
            judged = checked(worse, shelves(worse), policy_of(worse))
            if isinstance(judged.verdict, Cleared):
                assert told(seed).cleared, (seed, fault)


def _with_fault(image: Image, fault: str) -> Image:
    return replace(image, silent=True) if fault == "silent" else replace(image, unread=True)
