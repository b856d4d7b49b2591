"""What is held in memory about images: once found, never past its end, and within bounds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from gate.admission import book as books
from gate.admission import circuits
from gate.admission.app import inner_deadline
from tests.builders.admission import (
    DAY,
    HOUR,
    NOW,
    REPLICASETS,
    Clock,
    Shelf,
    down,
    encoded,
    pinned,
    pod,
    request,
)
from tests.builders.doors import Webhook

SHOP, WORKER = pinned("shop"), pinned("worker")
SECOND = timedelta(seconds=1)


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf()
    made.give_pass(SHOP)
    return made


@pytest.fixture
def webhook(shelf: Shelf) -> Iterator[Webhook]:
    with Webhook(shelf) as made:
        yield made


def codes(webhook: Webhook, *images: str) -> str:
    response = webhook.ask(request(pod(*images))).response
    return "" if response["allowed"] else str(response["auditAnnotations"]["codes"])


def test_an_image_is_asked_for_once_while_its_answer_holds(webhook: Webhook) -> None:
    for seconds in (0, 1, 539):
        webhook.clock.now = NOW + seconds * SECOND
        assert codes(webhook, SHOP) == ""
    assert webhook.shelf.asked == [SHOP]
    webhook.clock.now = NOW + 601 * SECOND
    assert codes(webhook, SHOP) == ""
    assert webhook.shelf.asked == [SHOP, SHOP]


def asked_in_turn(webhook: Webhook, *moments: int, settle: bool = True) -> list[bool]:
    """Ask for one image at these seconds, on one loop; return what was allowed."""

    async def ask() -> list[bool]:
        told = []
        for moment in moments:
            webhook.clock.now = NOW + moment * SECOND
            reply = await webhook.post(encoded(request(pod(SHOP))))
            told.append(reply.response["allowed"])
            if settle:
                await asyncio.gather(*webhook.book._flights.values())  # noqa: SLF001  # no sleeping
        return told

    return asyncio.run(ask())


def test_an_answer_that_soon_ends_is_found_anew_and_nobody_waits_for_that(
    webhook: Webhook,
) -> None:
    release = threading.Event()
    assert asked_in_turn(webhook, 0) == [True]

    def wait(_: str) -> None:
        release.wait(10)

    webhook.shelf.fault = wait
    try:
        # The registry gives no answer before the end of these.
        assert asked_in_turn(webhook, 541, 542, 599, settle=False) == [True] * 3
    finally:
        release.set()
    assert webhook.book.counted.ahead == 1


def test_an_answer_that_was_found_anew_holds_from_then_on(webhook: Webhook) -> None:
    assert asked_in_turn(webhook, 0, 541, 600, 1_080) == [True] * 4
    assert webhook.shelf.asked == [SHOP] * 2


def test_a_registry_that_is_down_meanwhile_leaves_the_answer_its_own_time_and_no_more(
    webhook: Webhook,
) -> None:
    assert asked_in_turn(webhook, 0) == [True]
    webhook.shelf.fault = down()
    assert asked_in_turn(webhook, 541, 542, 572, 599, 601) == [True, True, True, True, False]
    assert webhook.book.counted.ahead == 2


def test_a_refusal_that_is_found_meanwhile_counts_at_once(webhook: Webhook) -> None:
    assert asked_in_turn(webhook, 0) == [True]
    webhook.shelf.attached_to.clear()
    assert asked_in_turn(webhook, 541, 542) == [True, False]


def test_an_answer_whose_pass_soon_ends_is_not_asked_for_again_and_again(shelf: Shelf) -> None:
    shelf.attached_to.clear()
    shelf.give_pass(SHOP, at=NOW, valid_for=timedelta(seconds=100))
    with Webhook(shelf) as webhook:
        told = asked_in_turn(webhook, *range(0, 110, 2))
    assert told == [True] * 51 + [False] * 4
    assert webhook.book.counted.ahead == 3  # at 40, 70 and 100 seconds


def test_a_refusal_is_forgotten_within_seconds(webhook: Webhook) -> None:
    assert codes(webhook, WORKER) == "pass-absent"
    webhook.shelf.give_pass(WORKER)
    webhook.clock.now = NOW + 4 * SECOND
    assert codes(webhook, WORKER) == "pass-absent"
    webhook.clock.now = NOW + 6 * SECOND
    assert codes(webhook, WORKER) == ""


def test_what_could_not_be_told_is_forgotten_within_seconds(webhook: Webhook) -> None:
    webhook.shelf.fault = down()
    assert codes(webhook, SHOP) == "timeout"
    webhook.shelf.fault = lambda _: None
    webhook.clock.now = NOW + 6 * SECOND
    assert codes(webhook, SHOP) == ""


def test_an_answer_that_counts_age_serves_the_pods_that_follow(webhook: Webhook) -> None:
    assert codes(webhook, SHOP) == ""
    review = request(pod(SHOP), user=REPLICASETS)
    assert webhook.ask(review).response["allowed"] is True
    assert webhook.shelf.asked == [SHOP]


def test_an_answer_without_age_never_serves_one_that_counts_it(shelf: Shelf) -> None:
    shelf.give_pass(WORKER, at=NOW - 365 * DAY)
    with Webhook(shelf) as webhook:
        again = request(pod(WORKER), user=REPLICASETS)
        assert webhook.ask(again).response["allowed"] is True
        assert codes(webhook, WORKER) == "pass-too-old"
        assert webhook.ask(again).response["allowed"] is True


def test_the_other_images_of_a_pod_are_part_of_what_an_answer_is_held_by(webhook: Webhook) -> None:
    webhook.shelf.give_pass(WORKER)
    assert codes(webhook, SHOP) == ""
    assert codes(webhook, WORKER) == ""
    assert codes(webhook, SHOP, WORKER) == "pass-incomplete-release"


def test_a_clock_that_goes_back_makes_no_answer_live_longer(webhook: Webhook) -> None:
    assert codes(webhook, SHOP) == ""
    webhook.clock.now = NOW - SECOND
    assert codes(webhook, SHOP) == ""
    assert len(webhook.shelf.asked) == 2


def test_requests_for_one_image_at_the_same_time_ask_for_it_once(shelf: Shelf) -> None:
    with Webhook(shelf) as webhook:
        replies = webhook.ask_together([request(pod(SHOP))] * 50)
    assert [r.response["allowed"] for r in replies] == [True] * 50
    assert shelf.asked == [SHOP]
    assert webhook.book.counted.joined == 49


def test_memory_holds_the_answers_that_were_used_last(shelf: Shelf) -> None:
    with Webhook(shelf, most=10) as webhook:
        for number in range(30):
            assert codes(webhook, pinned(f"image{number}")) == "pass-absent"
        assert len(webhook.book) == 10
        assert webhook.book.in_flight == 0


def test_a_slow_registry_is_answered_for_before_the_deadline_and_served_later(
    shelf: Shelf,
) -> None:
    release = threading.Event()

    def wait(_: str) -> None:
        release.wait(10)

    shelf.fault = wait

    async def twice(webhook: Webhook) -> tuple[str, bool]:
        slow = await webhook.post(encoded(request(pod(SHOP))), query=b"timeout=1s")
        release.set()
        later = await webhook.post(encoded(request(pod(SHOP))), query=b"timeout=1s")
        return slow.response["status"]["message"], later.response["allowed"]

    with Webhook(shelf) as webhook:
        message, allowed = asyncio.run(twice(webhook))
    assert message.startswith("gate could not tell, and denies: [admission-deadline]")
    assert allowed
    assert shelf.asked == [SHOP]


@pytest.mark.parametrize(
    ("query", "seconds"),
    [(b"timeout=10s", 9), (b"timeout=2s", 1.5), (b"", 9), (b"timeout=99s", 29), (b"timeout=x", 9)],
)
def test_the_deadline_is_the_webhooks_own_less_the_way_back(query: bytes, seconds: float) -> None:
    assert inner_deadline(query) == seconds


def test_a_registry_that_is_silent_again_and_again_is_left_alone_and_tried_later(
    webhook: Webhook,
) -> None:
    webhook.shelf.fault = down()
    images = [pinned(f"image{number}") for number in range(circuits.FAILURES + 3)]
    told = [codes(webhook, image) for image in images]
    assert told == ["timeout"] * circuits.FAILURES + ["registry-circuit-open"] * 3
    assert codes(webhook, pinned("x").replace("registry.example", "other.example")) != (
        "registry-circuit-open"
    )
    webhook.shelf.fault = lambda _: None
    webhook.clock.now = NOW + circuits.PAUSE + SECOND
    assert codes(webhook, SHOP) == ""
    assert codes(webhook, images[-1]) == "pass-absent"


def test_one_failed_trial_after_the_pause_leaves_the_registry_alone_again(
    webhook: Webhook,
) -> None:
    webhook.shelf.fault = down()
    for number in range(circuits.FAILURES):
        codes(webhook, pinned(f"image{number}"))
    webhook.clock.now = NOW + circuits.PAUSE + SECOND
    assert codes(webhook, SHOP) == "timeout"
    assert codes(webhook, WORKER) == "registry-circuit-open"


def test_what_a_registry_does_not_have_is_no_failure_of_the_registry(webhook: Webhook) -> None:
    webhook.shelf.fault = down("not-found")
    told = {codes(webhook, pinned(f"image{n}")) for n in range(circuits.FAILURES + 3)}
    assert told == {"not-found"}


def test_more_images_of_one_registry_than_the_bound_are_denied_as_busy(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "WAITING", 5)
    with Webhook(shelf) as webhook:
        replies = webhook.ask_together([request(pod(pinned(f"i{n}"))) for n in range(9)])
    told = sorted(r.response["auditAnnotations"]["codes"] for r in replies)
    assert told == ["admission-busy"] * 4 + ["pass-absent"] * 5


def test_no_more_images_of_one_registry_are_looked_at_together_than_the_bound(
    shelf: Shelf,
) -> None:
    lock, together, most = threading.Lock(), 0, 0
    full = threading.Event()

    def fault(_: str) -> None:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
            if together == circuits.PER_REGISTRY:
                full.set()
        full.wait(10)
        with lock:
            together -= 1

    shelf.fault = fault
    with Webhook(shelf, threads=32) as webhook:
        webhook.ask_together([request(pod(pinned(f"i{n}"))) for n in range(20)])
    assert most == circuits.PER_REGISTRY


def test_two_hours_with_a_pass_that_ends_are_answered_right_at_each_minute(shelf: Shelf) -> None:
    image = pinned("short")
    shelf.give_pass(image, at=NOW, valid_for=HOUR)
    clock = Clock()
    with Webhook(shelf, clock=clock) as webhook:
        told = []
        for minute in range(0, 120, 5):
            clock.now = NOW + timedelta(minutes=minute, seconds=30)
            told.append(codes(webhook, image))
    assert told == [""] * 12 + ["pass-expired"] * 12


def test_metrics_and_status_tell_what_was_answered(webhook: Webhook) -> None:
    assert codes(webhook, SHOP) == ""
    assert codes(webhook, WORKER) == "pass-absent"
    metrics = webhook.get("/metrics").body.decode()
    assert 'gate_admission_requests_total{operation="CREATE",outcome="denied"} 1.0' in metrics
    assert 'gate_admission_refusals_total{code="pass-absent"} 1.0' in metrics
    assert "gate_answers_found 2.0" in metrics
    status = webhook.status.value()
    assert status["refusals"][0]["codes"] == "pass-absent"
    assert status["registries"] == [
        {"registry": "registry.example", "state": "closed", "failures": 0, "waiting": 0}
    ]


def test_the_status_tells_how_old_the_trusted_roots_are(webhook: Webhook) -> None:
    assert webhook.status.value()["roots"] == {"digests": [], "read": "", "ageSeconds": ""}
    webhook.status.roots_read = NOW - timedelta(hours=2, seconds=5)
    assert webhook.status.value()["roots"]["ageSeconds"] == 7_205


def test_labels_of_metrics_do_not_grow_with_what_is_asked(webhook: Webhook) -> None:
    codes(webhook, WORKER)
    before = webhook.get("/metrics").body.count(b"\n")
    for number in range(20):
        odd = pod(pinned(f"image{number}"))
        odd["metadata"] = {"name": f"n{number}", "namespace": f"s{number}"}
        webhook.ask(request(odd, user=f"user{number}"))
    assert webhook.get("/metrics").body.count(b"\n") == before


def test_each_decision_is_logged_with_its_uid(webhook: Webhook) -> None:
    codes(webhook, WORKER)
    (line,) = webhook.logged
    assert (line["uid"], line["outcome"], line["codes"]) == (
        request(pod())["request"]["uid"],
        "denied",
        ["pass-absent"],
    )
