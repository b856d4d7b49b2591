"""The second judge of `gate admit`, and the deployments that both judges are asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal, TypeAlias

from tests.judge.ended import EndedList, Line, some_list
from tests.judge.made import digest_of
from tests.judge.second import SecondJudge, hours
from tests.judge.world import HOLDERS, Item, Sbom, Scan, World

Forgery: TypeAlias = Literal[
    "", "stranger", "failed", "endless", "another", "dry-run", "check", "verifier", "split"
]
FORGERIES: Final[tuple[Forgery, ...]] = (
    *("stranger", "failed", "endless", "another", "dry-run", "check", "verifier", "split"),
)
"""What is wrong with the passes: who signed them, or one field of what they say."""
FOREIGN: Final = "registry.example/acme/foreign"
"""An image that no run of `gate check` judged."""
Opinion: TypeAlias = Literal["held", "failed", "undecided", "blocked", "either"]
"""What the pages say; `either` where they leave it to gate what it rests on.

`blocked` is failed or undecided, where that is so.
"""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A run of `gate admit` after the run of `gate check` over a world, and its policy."""

    world: World
    names: tuple[str, ...]
    after: int
    """Hours after the run of `gate check`."""
    max_age: str = "24h"
    environment: str = "production"
    policy_listed: bool = True
    exact: bool = False
    changed: bool = False
    """Whether the first object is not as it was judged."""
    same_signer: bool = False
    """Whether the deploy policy accepts it."""
    waivers: bool = True
    """Likewise."""
    signer: Literal["gate", "1"] = "gate"
    """The key that signs passes: its own, or that of the build."""
    forgery: Forgery = ""
    tagged: bool = False
    """Whether the images are named by their tags alone."""
    silent: str = ""
    """The image about which the registry gives no answer."""
    unread: bool = False
    logged: bool = False
    """Whether a log dates the passes."""
    ended: EndedList | None = None
    """The list of ended passes, where the deploy policy names one."""


def some_deployment(random: Random, world: World) -> Deployment:
    """Draw a deployment of some images of a world."""
    names = [i.name for i in world.images]
    some = random.sample(names, random.randint(1, len(names)))
    if random.random() < 0.1:  # how often
        some.append(FOREIGN)

    def seldom(of: float = 0.07) -> bool:
        return random.random() < of

    exact = world.bound and random.random() < 0.7  # how often
    return Deployment(
        world=world,
        names=tuple(some),
        after=random.choice((0, 1, 1, 2, 3, 5, 12, 13, 20, 23, 24, 25, 30, 50, 400)),
        max_age=random.choice(("24h", "24h", "2h", "90d")),
        environment="staging" if seldom() else "production",
        policy_listed=not seldom(),
        exact=exact or seldom(),
        changed=exact and seldom(0.2),
        same_signer=seldom(0.5),
        waivers=seldom(0.6),
        signer="1" if seldom(0.2) else "gate",
        forgery=random.choice(FORGERIES) if seldom(0.2) else "",
        tagged=seldom(),
        silent=random.choice(some) if seldom() else "",
        unread=seldom(),
        logged=seldom(0.3),
        ended=some_list(random, tuple(some)) if seldom(0.6) else None,
    )


@dataclass(frozen=True)
class SecondDeployJudge:
    """Answers whether each image of a deployment may run. Its world was cleared."""

    deployment: Deployment

    def opinions(self) -> dict[str, Opinion]:
        """Return the answer about the pass of each image, by the image's name."""
        return {name: self._opinion(name) for name in self.deployment.names}

    def cleared(self) -> Opinion:
        """Return `held` where all may run."""
        told = set(self.opinions().values())
        if self.deployment.tagged or "failed" in told:
            return "failed"
        return next((o for o in ("undecided", "blocked", "either") if o in told), "held")

    def _opinion(self, name: str) -> Opinion:
        ended = self.deployment.ended
        opinion = self._but_for_the_list(name)
        if ended is None or opinion == "failed":
            return opinion
        if not ended.known():
            return "blocked" if opinion == "either" else "undecided"
        if any(self._ends(line, name) for line in ended.lines):
            return "undecided" if self.deployment.unread or opinion == "undecided" else "failed"
        return opinion

    def _ends(self, line: Line, name: str) -> bool:
        """Tell whether a line ends the pass of an image."""
        asked = self.deployment
        match line.what:
            case "image":
                return digest_of(line.image, "index") == digest_of(name, "index")
            case "amd64":
                same = digest_of(line.image, "amd64") == digest_of(name, "amd64")
                return same and any(i.name == name and i.platforms for i in asked.world.images)
            case "release" | "policy":
                return True
            case "signer":
                return not (asked.logged and line.since is not None and line.since > 0)
            case "other image" | "other release" | "other policy" | "other signer":
                return False

    def _but_for_the_list(self, name: str) -> Opinion:
        asked = self.deployment
        if name == asked.silent:
            return "undecided"
        if name == FOREIGN or self._refused():
            return "undecided" if asked.unread else "failed"
        return self._rests_on()

    def _refused(self) -> bool:
        asked = self.deployment
        world = asked.world
        judged = {i.name for i in world.images}
        return (
            self._forged()
            or not set(asked.names) - {asked.silent} <= judged  # of that one nothing is known
            or asked.environment != "production"
            or not asked.policy_listed
            or asked.after > min(hours(asked.max_age), world.valid_for, self._evidence_ends())
            or (asked.exact and (not world.bound or asked.changed))
        )

    def _forged(self) -> bool:
        if self.deployment.forgery == "split":  # each pass covers its own image alone
            return len(set(self.deployment.names) - {self.deployment.silent}) > 1
        return bool(self.deployment.forgery)

    def _evidence_ends(self) -> int:
        """Return for how many hours what the pass rests on holds, at most `after`."""
        then = known(self.deployment.world)
        for later in range(1, self.deployment.after + 1):
            if not SecondJudge(replace(then, at=then.at + later)).cleared():
                return later - 1
        return self.deployment.after

    def _rests_on(self) -> Opinion:
        """Tell what follows from who signed the evidence, and from waivers."""
        asked = self.deployment
        doubt = False
        if asked.signer == "1" and not asked.same_signer:
            if not SecondJudge(_without(asked.world, "1")).cleared():
                return "undecided" if asked.unread else "failed"
            doubt = any(
                HOLDERS[item.by].key == "1" for image in asked.world.images for item in image.items
            )
        if not asked.waivers and asked.world.waivers:
            if not SecondJudge(replace(asked.world, waivers=())).cleared():
                return "undecided" if asked.unread else "failed"
            doubt = True
        return "either" if doubt else "held"


def known(world: World) -> World:
    """Return the world without what counts only later: a pass cannot rest on that."""
    images = tuple(
        replace(image, items=tuple(i for i in image.items if not _later(i, world.at)))
        for image in world.images
    )
    return replace(world, images=images)


def _later(item: Item, at: int) -> bool:
    said = item.said
    times = [item.signed]
    if isinstance(said, Scan):
        times += [said.finished, said.reported, said.database]
    if isinstance(said, Sbom):
        times.append(said.made)
    return any(t is not None and t > at for t in times)


def _without(world: World, key: str) -> World:
    images = tuple(
        replace(image, items=tuple(i for i in image.items if HOLDERS[i.by].key != key))
        for image in world.images
    )
    return replace(world, images=images)
