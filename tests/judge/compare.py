"""One world before both judges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from gate.model.report import Report, Status
from gate.model.verdict import Cleared
from gate.reports.assemble import assemble
from tests.judge.admitted import admitted
from tests.judge.deploy import Deployment, SecondDeployJudge, some_deployment
from tests.judge.draw import Drawer
from tests.judge.made import checked, pinned, policy_of, shelves, written
from tests.judge.second import Answer, SecondJudge
from tests.judge.world import World

_ANSWERS: dict[Status, Answer] = {
    Status.PASSED: "held",
    Status.WARNED: "held",
    Status.WAIVED: "held",
    Status.FAILED: "failed",
    Status.UNDECIDED: "undecided",
}


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
    report = assemble(judged, command="check", tool_version="0", policy_path=policy.path)
    found = list(_of_check(seed, world, report))
    admission = False
    if isinstance(judged.verdict, Cleared) and not found:
        told = admitted(deployment, judged.verdict, judged, policy)
        found += _of_admit(seed, deployment, told)
        admission = told.cleared
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


def _of_admit(seed: int, deployment: Deployment, report: Report) -> Iterator[Disagreement]:
    second = SecondDeployJudge(deployment)
    wanted = second.opinions()
    names = {pinned(n): n for n in wanted} | {f"{n}:1": n for n in wanted}
    for image in report.images:
        for check in image.checks:
            other = wanted[names[image.name]]
            gate = _ANSWERS[check.status]
            if check.check == "pass" and other not in {gate, "either"}:
                yield Disagreement(seed, f"{names[image.name]} pass", gate, other)
    opinion = second.cleared()
    if opinion != "either" and report.cleared is not (opinion == "held"):
        yield Disagreement(seed, "admit", *map(_word, (report.cleared, opinion == "held")))


def _word(cleared: bool) -> str:  # noqa: FBT001  # the answer
    return "cleared" if cleared else "blocked"
