"""The door: a decision before its deadline, and what becomes of one that refuses."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from gate.admission.decision import Allowed, CouldNotTell, Decision, Denied
from gate.admission.door import Door, Mode
from gate.admission.request import read_review
from gate.admission.watched import WatchedNamespaces
from gate.lint.settings import lint_settings
from tests.builders.admission import (
    DAY,
    NOW,
    POLICY,
    REPLICASETS,
    Shelf,
    encoded,
    pinned,
    pod,
    request,
)
from tests.builders.doors import Cluster, Webhook

SHOP, WORKER, BARE = map(pinned, ("shop", "worker", "bare"))
OPEN: Final = {"gate": "audit"}
RULE: Final = "admission: {audit-labels: {labels: {gate: audit}, set-by: [platform]}}\n"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    shelf = Shelf()
    shelf.give_pass(SHOP, WORKER)
    with Webhook(shelf, POLICY + RULE, cluster=Cluster({"shop": {}, "open": OPEN})) as made:
        yield made


def door(webhook: Webhook, mode: Mode = Mode.ENFORCE) -> Door:
    policy = webhook.status.policy
    return Door(
        policy,
        lint_settings(policy.manifests) if policy.manifests else None,
        webhook.book,
        watched=WatchedNamespaces(
            policy.admission,
            open_cluster=lambda: webhook.cluster,
            executor=webhook.executor,
            clock=webhook.clock,
        ),
        clock=webhook.clock,
        mode=mode,
    )


async def decided(made: Door, review: dict[str, Any], seconds: float = 10) -> Decision:
    asked = read_review(encoded(review))
    return await made.decide(asked, made.opened(asked), seconds)


def codes(decision: Decision) -> list[str]:
    assert not isinstance(decision, Allowed)
    return [one.code for one in decision.reasons]


def slow(event: threading.Event) -> Callable[[str], None]:
    def wait(_: str) -> None:
        event.wait(60)

    return wait


@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_what_is_not_known_at_the_deadline_could_not_be_told_and_leaves_nobody_waiting(
    webhook: Webhook, seconds: float
) -> None:
    release = threading.Event()
    webhook.shelf.fault = slow(release)

    async def late() -> tuple[Decision, int]:
        try:
            told = await decided(door(webhook), request(pod(SHOP, WORKER)), seconds)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return told, len(asyncio.all_tasks())
        finally:
            release.set()

    decision, tasks = asyncio.run(late())
    assert isinstance(decision, CouldNotTell)
    assert codes(decision) == ["admission-deadline"] * 2
    assert decision.images == (SHOP, WORKER)
    # The lookups of both images go on, and this task itself.
    assert tasks == 3


def test_the_answer_that_came_in_time_counts_beside_one_that_did_not(webhook: Webhook) -> None:
    release = threading.Event()

    def wait(name: str) -> None:
        if name == WORKER:
            release.wait(60)

    webhook.shelf.fault = wait

    async def late() -> Decision:
        made = door(webhook)
        await decided(made, request(pod(BARE)))
        await decided(made, request(pod(SHOP)))
        try:
            return await decided(made, request(pod(BARE, WORKER)), 0.3)
        finally:
            release.set()

    decision = asyncio.run(late())
    assert isinstance(decision, Denied)
    assert codes(decision) == ["pass-absent", "admission-deadline"]


def test_an_answer_that_is_held_needs_no_time(webhook: Webhook) -> None:
    async def twice() -> list[Decision]:
        made = door(webhook)
        review = request(pod(SHOP, WORKER))
        return [await decided(made, review), await decided(made, review, -1)]

    first, second = asyncio.run(twice())
    assert first == second
    assert isinstance(first, Allowed)
    assert (webhook.book.counted.found, webhook.book.counted.held) == (2, 2)


def test_the_time_that_labels_take_is_what_the_images_left(webhook: Webhook) -> None:
    """Both wait for the same moment: what is slow is not given its time twice."""
    release = threading.Event()

    class Slow(Cluster):
        def get(self, path: str) -> dict[str, Any] | None:
            release.wait(60)
            return super().get(path)

    webhook.cluster = Slow({"shop": OPEN})
    given: list[float] = []

    async def late() -> Decision:
        made = door(webhook)
        watches = made._watched.watches  # noqa: SLF001  # how long it is given is seen there alone

        async def measured(namespace: str, seconds: float) -> Any:  # noqa: ANN401  # what the call gives
            given.append(seconds)
            return await watches(namespace, 0.01)

        made._watched.watches = measured  # type: ignore[method-assign]  # noqa: SLF001  # as said
        try:
            return await decided(made, request(pod(BARE)), 30)
        finally:
            release.set()

    began = time.monotonic()
    decision = asyncio.run(late())
    (seconds,) = given
    assert 30 - (time.monotonic() - began) <= seconds < 30
    assert isinstance(decision, Denied)
    assert [one.code for one in decision.warnings] == ["admission-audit-labels-unknown"]


def in_namespace(name: str, image: str = BARE) -> dict[str, Any]:
    made = pod(image)
    made["metadata"]["namespace"] = name
    return request(made)


def test_a_refusal_is_only_a_warning_where_the_mode_or_the_namespace_says_so(
    webhook: Webhook,
) -> None:
    def told(review: dict[str, Any], mode: Mode = Mode.ENFORCE) -> Decision:
        return asyncio.run(decided(door(webhook, mode), review))

    refused = told(in_namespace("shop"))
    assert isinstance(refused, Denied)
    assert codes(refused) == ["pass-absent"]
    would = Allowed(images=(BARE,), would=refused)
    assert told(in_namespace("open")) == would
    assert told(in_namespace("shop"), Mode.AUDIT) == would
    enforced, audited = (told(in_namespace("shop", SHOP), mode) for mode in Mode)
    assert isinstance(enforced, Allowed)
    assert (enforced.would, enforced.warnings, audited) == (None, (), enforced)


def test_a_namespace_is_never_opened_from_its_inside(webhook: Webhook) -> None:
    space = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "open", "labels": OPEN},
    }
    review = request(space)
    review["request"]["namespace"] = "open"
    decision = asyncio.run(decided(door(webhook), review))
    assert codes(decision) == ["admission-audit-labels"]


def test_without_a_section_only_the_controllers_of_kubernetes_run_again() -> None:
    shelf = Shelf()
    shelf.give_pass(SHOP, at=NOW - 365 * DAY)
    operator = "system:serviceaccount:ops:operator"
    more = f"{POLICY}admission: {{controllers: ['{operator}']}}\n"
    for text, users in ((POLICY, {REPLICASETS}), (more, {REPLICASETS, operator})):
        with Webhook(shelf, text) as made:
            let_in = {
                user
                for user in (REPLICASETS, operator, "jane")
                if made.ask(request(pod(SHOP), user=user)).response["allowed"]
            }
        assert let_in == users
