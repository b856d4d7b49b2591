"""A second judge, of a few lines and nothing of gate, answers for random worlds as the door does.

A world has images, passes of every kind of fault, a registry that fails for some images, namespaces
that are watched by name or by a label that not everybody may set, an API server that may be silent,
and a clock that goes on between requests, so that what is held in memory is asked for too.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import pytest

from gate.admission.circuits import Circuits
from gate.errors import RegistryError
from tests.builders.admission import (
    DAY,
    HOUR,
    NOW,
    PERSON,
    POLICY,
    REPLICASETS,
    Shelf,
    deployment,
    encoded,
    pinned,
    pod,
    request,
)
from tests.builders.doors import Webhook

IMAGES: Final = tuple(map(pinned, "abcd"))
TAG: Final = "registry.example/acme/a:1"
WORLDS: Final = 60
PLATFORM: Final = "system:serviceaccount:platform:spaces"
LABEL: Final = {"gate": "audit"}
STEPS: Final = (0, 1, 6, 700, 3_601, 14 * 3_600)
"""Seconds between requests: within the life of a refusal, past it, past that of an answer."""


@dataclass(frozen=True)
class Pass:
    images: tuple[str, ...]
    environment: str
    at: datetime
    valid_for: timedelta
    by_stranger: bool


@dataclass(frozen=True)
class World:
    passes: tuple[Pass, ...]
    silent: frozenset[str]
    """Images whose registry gives no answer."""
    name: str
    """Of the namespace that may be labelled."""
    labelled: bool
    cluster_is_silent: bool


@dataclass(frozen=True)
class Case:
    operation: str
    kind: str
    images: tuple[str, ...]
    before: tuple[str, ...]
    user: str
    namespace: str
    at: datetime
    gives_label: bool = False
    had_label: bool = False

    @property
    def review(self) -> dict[str, Any]:
        if self.kind == "Namespace":
            return self._of_the_namespace()
        make = pod if self.kind == "Pod" else deployment
        new, old = make(*self.images), make(*self.before)
        for one in (new, old):
            one["metadata"]["namespace"] = self.namespace
        if self.operation == "CREATE":
            return request(new, user=self.user)
        if self.operation == "UPDATE":
            return request(new, old, user=self.user)
        return request(None, old, operation="DELETE", user=self.user)

    def _of_the_namespace(self) -> dict[str, Any]:
        new, old = (
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": self.namespace, "labels": LABEL if has else {"a": "b"}},
            }
            for has in (self.gives_label, self.had_label)
        )
        review = request(
            new if self.operation != "DELETE" else None,
            old if self.operation != "CREATE" else None,
            operation=self.operation,
            user=self.user,
        )
        review["request"]["namespace"] = self.namespace
        return review


def second_judge(world: World, case: Case) -> str:
    """Return what the door has to say."""
    if case.operation == "DELETE":
        return "allowed"
    if case.kind == "Namespace":
        had = case.had_label and case.operation == "UPDATE"
        return "denied" if case.gives_label and not had and case.user != PLATFORM else "allowed"
    opened = world.labelled and not world.cluster_is_silent and case.namespace == world.name
    if case.namespace == "watched" or opened:
        return "allowed"
    if case.operation == "UPDATE" and case.images == case.before:
        return "allowed"
    pinned_images = set(case.images) - {TAG}
    told = {"denied"} if TAG in case.images else set()
    for image in pinned_images:
        again = case.user == REPLICASETS if case.operation == "CREATE" else image in case.before
        if image in world.silent:
            told.add("could not tell")
        elif not any(
            not one.by_stranger
            and one.environment == "production"
            and pinned_images <= set(one.images)
            and (again or case.at <= min(one.at + DAY, one.at + one.valid_for))
            and one.at <= case.at + timedelta(minutes=5)
            for one in world.passes
        ):
            told.add("denied")
    return next((word for word in ("denied", "could not tell") if word in told), "allowed")


def some_world(random: Random) -> World:
    return World(
        tuple(
            Pass(
                tuple(random.sample(IMAGES, random.choice((1, 2, 4)))),
                random.choice(("production", "production", "staging")),
                NOW - random.choice((HOUR, 10 * HOUR, 23 * HOUR, 30 * HOUR, 400 * DAY, -HOUR)),
                random.choice((2 * HOUR, DAY, 30 * DAY)),
                random.random() < 0.15,
            )
            for _ in range(random.choice((0, 1, 2, 4, 6)))
        ),
        frozenset(random.sample(IMAGES, random.choice((0, 0, 0, 1, 2)))),
        # What is held of a namespace is not forgotten between worlds.
        f"n{random.getrandbits(64):x}",
        random.random() < 0.5,
        random.random() < 0.3,
    )


def some_cases(random: Random, world: World) -> Iterator[Case]:
    at = NOW
    for _ in range(6):
        at += timedelta(seconds=random.choice(STEPS))
        images = random.sample((*IMAGES, *IMAGES[:2], TAG), random.choice((1, 1, 2, 3)))
        before = random.sample(IMAGES, random.choice((1, 2)))
        yield Case(
            random.choice(("CREATE", "CREATE", "UPDATE", "DELETE")),
            random.choice(("Pod", "Pod", "Deployment", "Deployment", "Namespace")),
            tuple(random.choice((images, images, before))),
            tuple(before),
            random.choice((PERSON, REPLICASETS, PLATFORM)),
            random.choice(("shop", "shop", "watched", world.name)),
            at,
            random.random() < 0.5,
            random.random() < 0.5,
        )


@dataclass
class Judged:
    """The door that is asked, and the passes that were signed for it."""

    door: Webhook
    signed: dict[Pass, dict[str, list[bytes]]] = field(default_factory=dict)

    def bundles(self, one: Pass) -> dict[str, list[bytes]]:
        """Return what is attached to each image of a pass; signed once."""
        if one not in self.signed:
            shelf = Shelf(key=self.door.shelf.key, stranger=self.door.shelf.stranger)
            shelf.give_pass(
                *one.images,
                environment=one.environment,
                at=one.at,
                valid_for=one.valid_for,
                by_stranger=one.by_stranger,
            )
            self.signed[one] = shelf.attached_to
        return self.signed[one]


def door() -> Webhook:
    rule = f"audit-labels: {{labels: {{gate: audit}}, set-by: ['{PLATFORM}']}}"
    return Webhook(Shelf(), text=f"{POLICY}admission: {{audit: [watched], {rule}}}\n")


@pytest.fixture(scope="module")
def judged() -> Iterator[Judged]:
    with door() as made:
        yield Judged(made)


async def disagreements(
    judged: Judged, seed: int, worlds: int
) -> list[tuple[World, Case, str, str]]:
    """Return each case that the two judges answer differently: theirs, then the door's."""
    random = Random(seed)  # noqa: S311  # worlds, and no secrets
    door = judged.door
    found = []
    for _ in range(worlds):
        world = some_world(random)
        door.shelf.attached_to = {}
        for one in world.passes:
            for image, content in judged.bundles(one).items():
                door.shelf.attached_to.setdefault(image, []).extend(content)
        door.shelf.fault = functools.partial(_silent, world.silent)
        door.cluster.labels = {world.name: LABEL if world.labelled else {}}
        door.cluster.fault = "cluster-unreachable" if world.cluster_is_silent else ""
        door.cluster.asked.clear()
        door.book.forget()
        door.book.circuits = Circuits()
        for case in some_cases(random, world):
            door.clock.now = case.at
            response = (await door.post(encoded(case.review))).response
            code = response.get("status", {}).get("code")
            said = {None: "allowed", 403: "denied", 503: "could not tell"}[code]
            wanted = second_judge(world, case)
            if said != wanted or response["allowed"] is not (said == "allowed"):
                found.append((world, case, wanted, said))
    return found


def _silent(images: frozenset[str], image: str) -> None:
    if image in images:
        raise RegistryError("malformed-answer", f"{image} cannot be asked", remedy="try again")


@pytest.mark.parametrize("seed", range(3))
def test_both_judges_agree_on_every_request_of_every_world(judged: Judged, seed: int) -> None:
    assert asyncio.run(disagreements(judged, seed, WORLDS)) == []


def test_the_worlds_have_every_answer() -> None:
    random = Random(1)  # noqa: S311  # likewise
    told = set()
    for _ in range(50):
        world = some_world(random)
        told |= {second_judge(world, case) for case in some_cases(random, world)}
    assert told == {"allowed", "denied", "could not tell"}
