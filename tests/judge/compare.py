"""One world before both judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from gate.model.report import Report, Status
from gate.model.review import Review
from gate.model.verdict import Cleared
from gate.policy.document import Policy
from gate.reports import json_v1
from gate.reports.assemble import assemble
from tests.judge.admitted import admitted
from tests.judge.deploy import Deployment, SecondDeployJudge, some_deployment
from tests.judge.draw import Drawer
from tests.judge.laid_out import can_be, digests, laid_out
from tests.judge.made import checked, pinned, policy_of, shelves, stored_as, written
from tests.judge.second import Answer, SecondJudge
from tests.judge.sharded import sharded, some_parts
from tests.judge.world import World

_ANSWERS: dict[Status, Answer] = {
    Status.PASSED: "held",
    Status.WARNED: "held",
    Status.WAIVED: "held",
    Status.FAILED: "failed",
    Status.UNDECIDED: "undecided",
}


_IN_PARTS: Final = 3
_LAID_OUT: Final = 4
"""Of so many worlds one is judged in parts too, or from folders."""
_MEANT: dict[str, set[str]] = {
    "either": {"held", "failed", "undecided"},
    "blocked": {"failed", "undecided"},
}
"""What may be said where the pages say no more than this."""


@dataclass(frozen=True)
class Disagreement:
    """Something that the two judges answer differently."""

    seed: int
    about: str
    gate: str
    second: str

    @property
    def wrong_cleared(self) -> bool:
        """Whether gate lets through what the second judge does not."""
        return self.gate in {"held", "cleared", "0"}

    def __str__(self) -> str:
        """Return one line: the world can be drawn again from its seed."""
        return f"world {self.seed}: {self.about}: gate says {self.gate}, the other {self.second}"


@dataclass(frozen=True)
class Compared:
    """What became of one world."""

    cleared: bool
    deployed: bool
    """Whether all images of its deployment were admitted."""
    disagreements: tuple[Disagreement, ...]


def world_of(seed: int) -> tuple[World, Deployment]:
    """Draw a world and a deployment of it."""
    random = Random(seed)  # noqa: S311  # worlds, and no secrets
    world = Drawer(random).world()
    return world, some_deployment(random, world)


def compared(seed: int) -> Compared:
    """Ask both judges about a world, and about a deployment of it where gate cleared it."""
    world, deployment = world_of(seed)
    policy = policy_of(world)
    judged = checked(world, shelves(world), policy)
    report = _reported(judged, policy)
    found = list(_of_check(seed, world, report))
    admission = False
    if isinstance(judged.verdict, Cleared) and not found:
        told = admitted(deployment, judged.verdict, judged, policy)
        found += _of_admit(seed, deployment, told)
        admission = told.cleared
    if seed % _IN_PARTS == 1:
        found += _of_parts(seed, world, policy, report)
    if seed % _LAID_OUT == 0 and can_be(world):
        found += _of_layouts(seed, world)
    return Compared(report.cleared, admission, tuple(found))


def _of_check(seed: int, world: World, report: Report) -> Iterator[Disagreement]:
    second = SecondJudge(world)
    wanted = second.answers()
    names = {written(image): image.name for image in world.images}
    told: dict[tuple[str, str], str] = {}
    for image in report.images:
        for check in image.checks:
            told[(names[image.name], check.check)] = _ANSWERS[check.status]
    for question in sorted(told.keys() | wanted.keys()):
        gate, other = told.get(question, "not asked"), wanted.get(question, "not asked")
        if gate != other:
            yield Disagreement(seed, " ".join(question), gate, other)
    if report.cleared is not second.cleared():
        yield Disagreement(seed, "check", *map(_word, (report.cleared, second.cleared())))
    if report.exit_code != second.exit_code():
        codes = (str(report.exit_code), str(second.exit_code()))
        yield Disagreement(seed, "exit code of check", *codes)


def _of_parts(seed: int, world: World, policy: Policy, single: Report) -> Iterator[Disagreement]:
    """Judge a world in parts: a merge says what the single run says, and nothing without all."""
    parts = some_parts(Random(-seed - 1))  # noqa: S311  # likewise
    merged = _reported(sharded(world, policy, parts), policy)
    if parts.loss:
        if merged.cleared or merged.exit_code == 0:
            yield Disagreement(seed, f"a part that is {parts.loss}", "cleared", "blocked")
    elif json_v1.render(merged) != json_v1.render(single):
        told = (str(merged.exit_code), str(single.exit_code))
        yield Disagreement(seed, f"{parts.of} parts, and the single run", *told)


def _of_layouts(seed: int, world: World) -> Iterator[Disagreement]:
    """Judge a world from folders on disk, and from the registry that holds the same bytes.

    Each has its own words for a configuration that is gone. A folder has nothing twice.
    """
    once = (replace(i, items=tuple(dict.fromkeys(i.items))) for i in world.images)
    world = replace(world, images=tuple(once))
    with stored_as(digests(world)), TemporaryDirectory() as folder:
        policy = policy_of(world)
        there = _reported(checked(world, laid_out(world, Path(folder)), policy), policy)
        yield from _of_check(seed, world, there)
        here = _reported(checked(world, shelves(world), policy), policy)
        worded = any(image.unread_configuration for image in world.images)
        if not worded and json_v1.render(there) != json_v1.render(here):
            told = (str(there.exit_code), str(here.exit_code))
            yield Disagreement(seed, "folders, and the registry", *told)


def _reported(judged: Review, policy: Policy) -> Report:
    return assemble(judged, command="check", tool_version="0", policy_path=policy.path)


def _of_admit(seed: int, deployment: Deployment, report: Report) -> Iterator[Disagreement]:
    second = SecondDeployJudge(deployment)
    wanted = second.opinions()
    names = {pinned(n): n for n in wanted} | {f"{n}:1": n for n in wanted}
    for image in report.images:
        for check in image.checks:
            other = wanted[names[image.name]]
            gate = _ANSWERS[check.status]
            if check.check == "pass" and gate not in _MEANT.get(other, {other}):
                yield Disagreement(seed, f"{names[image.name]} pass", gate, other)
    opinion = second.cleared()
    if opinion != "either" and report.cleared is not (opinion == "held"):
        yield Disagreement(seed, "admit", *map(_word, (report.cleared, opinion == "held")))


def _word(cleared: bool) -> str:  # noqa: FBT001  # the answer
    return "cleared" if cleared else "blocked"
