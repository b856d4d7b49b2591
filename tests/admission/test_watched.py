"""Namespaces that are only watched: who may make one, and what is told of what is let in there."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any, Final

import pytest

from gate.admission import events
from gate.admission import watched as room
from gate.admission.door import Mode
from gate.admission.events import A_MINUTE, OF_A_NAMESPACE, SAID_FOR
from tests.builders.admission import (
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
from tests.builders.doors import Cluster, Webhook

BARE: Final = pinned("bare")
PLATFORM: Final = "system:serviceaccount:platform:spaces"
RULE: Final = (
    f"admission: {{audit-labels: {{labels: {{gate: audit, tier: play}}, set-by: ['{PLATFORM}']}}}}"
)
TEXT: Final = f"{POLICY}{RULE}\n"
OPEN: Final = {"gate": "audit", "tier": "play"}


def webhook(labels: dict[str, dict[str, str]] | None = None, **more: Any) -> Webhook:  # noqa: ANN401  # what the call takes
    return Webhook(Shelf(), TEXT, cluster=Cluster(labels or {}), **more)


def inside(namespace: str, name: str = "web") -> dict[str, Any]:
    made = pod(BARE)
    made["metadata"] |= {"namespace": namespace, "name": name}
    return made


def namespace(name: str = "shop", **labels: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def about(
    new: dict[str, Any] | None,
    old: dict[str, Any] | None = None,
    **more: Any,  # noqa: ANN401  # fields of the request
) -> dict[str, Any]:
    """Return the review of a namespace: an API server says of it that it is in itself."""
    made = request(new, old, **more)
    made["request"]["namespace"] = (new or old or {})["metadata"]["name"]
    return made


def codes(review: dict[str, Any], door: Webhook) -> str:
    response = door.ask(review).response
    return "" if response["allowed"] else str(response["auditAnnotations"]["codes"])


def test_where_a_namespace_has_all_labels_a_refusal_is_a_warning() -> None:
    with webhook({"shop": {**OPEN, "more": "x"}}) as door:
        response = door.ask(request(inside("shop"))).response
    assert response["allowed"] is True
    assert response["warnings"][0].startswith("gate would refuse this: [pass-absent] ")


@pytest.mark.parametrize(
    "labels",
    [{}, {"gate": "audit"}, {**OPEN, "tier": "work"}, {"gate": "audit", "tier": ""}],
)
def test_where_a_label_is_missing_or_has_another_value_gate_refuses(labels: dict[str, str]) -> None:
    with webhook({"shop": labels}) as door:
        assert codes(request(inside("shop")), door) == "pass-absent"


def test_in_a_namespace_that_is_not_there_gate_refuses() -> None:
    with webhook() as door:
        assert codes(request(inside("shop")), door) == "pass-absent"


@pytest.mark.parametrize("fault", ["cluster-unreachable", "cluster-object-denied"])
def test_labels_that_cannot_be_read_leave_the_refusal_and_say_so(fault: str) -> None:
    with webhook({"shop": OPEN}) as door:
        door.cluster.fault = fault
        response = door.ask(request(inside("shop"))).response
    assert response["allowed"] is False
    assert response["auditAnnotations"]["codes"] == "pass-absent"
    assert response["warnings"][0].startswith("gate: [admission-audit-labels-unknown] the labels ")


def test_an_api_server_that_answers_too_late_leaves_the_refusal() -> None:
    release = threading.Event()

    class Slow(Cluster):
        def get(self, path: str) -> dict[str, Any] | None:
            release.wait(60)
            return super().get(path)

    async def late(door: Webhook) -> dict[str, Any]:
        found = await door.post(encoded(request(inside("shop"))), query=b"timeout=0s")
        release.set()
        return found.response

    with Webhook(Shelf(), TEXT, cluster=Slow({"shop": OPEN})) as door:
        response = asyncio.run(late(door))
    assert response["allowed"] is False
    assert "did not answer in time" in response["warnings"][0]


def test_what_is_let_in_asks_for_no_labels() -> None:
    shelf = Shelf()
    shelf.give_pass(BARE)
    with Webhook(shelf, TEXT) as door:
        assert codes(request(inside("shop")), door) == ""
        assert door.cluster.asked == []


def test_labels_are_held_for_seconds_and_one_that_is_taken_away_counts_after_them() -> None:
    with webhook({"shop": OPEN}) as door:
        for _ in range(3):
            assert codes(request(inside("shop")), door) == ""
        assert door.cluster.asked == ["/api/v1/namespaces/shop"]
        door.cluster.labels["shop"] = {}
        door.clock.now += room.HELD_FOR - timedelta(seconds=1)
        assert codes(request(inside("shop")), door) == ""
        door.clock.now += timedelta(seconds=1)
        assert codes(request(inside("shop")), door) == "pass-absent"


def test_requests_of_one_namespace_at_the_same_time_read_its_labels_once() -> None:
    with webhook({"shop": OPEN}) as door:
        answers = door.ask_together([request(inside("shop"))] * 20)
        assert [one.response["allowed"] for one in answers] == [True] * 20
        assert len(door.cluster.asked) == 1


def test_labels_of_few_namespaces_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 2)
    with webhook() as door:
        for name in ("a", "b", "c", "a", "c"):
            codes(request(inside(name)), door)
        assert [path.rpartition("/")[2] for path in door.cluster.asked] == ["a", "b", "c", "a"]
        door.cluster.asked.clear()
        door.clock.now += room.HELD_FOR
        for name in ("c", "b", "c"):  # what was read again is the last that was read
            codes(request(inside(name)), door)
        assert [path.rpartition("/")[2] for path in door.cluster.asked] == ["c", "b"]


@pytest.mark.parametrize("name", ["../secrets/x", "a/b", "", "A", "a?b"])
def test_what_is_no_name_of_a_namespace_is_never_asked_for(name: str) -> None:
    with webhook({"shop": OPEN}) as door:
        assert codes(request(inside(name)), door) == "pass-absent"
        assert door.cluster.asked == []


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (namespace(**OPEN), None),
        (namespace(gate="audit"), None),
        (namespace(**OPEN), namespace()),
        (namespace(**OPEN), namespace(gate="audit")),
        (namespace(gate="audit"), namespace(gate="")),
    ],
)
@pytest.mark.parametrize("subresource", ["", "status", "finalize"])
def test_who_is_not_named_may_not_give_a_namespace_one_of_the_labels(
    new: dict[str, Any], old: dict[str, Any] | None, subresource: str
) -> None:
    with webhook({"shop": OPEN}) as door:
        for user in (PERSON, REPLICASETS, f"{PLATFORM}x"):
            asked = about(new, old, user=user, subResource=subresource)
            assert codes(asked, door) == "admission-audit-labels"
        assert codes(about(new, old, user=PLATFORM, subResource=subresource), door) == ""


def test_an_old_object_beside_a_creation_excuses_nothing() -> None:
    with webhook() as door:
        made = about(namespace(**OPEN), namespace(**OPEN), operation="CREATE")
        assert codes(made, door) == "admission-audit-labels"


def test_without_a_cluster_no_namespace_is_watched_by_its_labels() -> None:
    with webhook() as door:
        watched = room.WatchedNamespaces(
            door.shelf.policy(TEXT).admission,
            open_cluster=None,
            executor=door.executor,
            clock=door.clock,
        )
        assert asyncio.run(watched.watches("shop", 10)) is False


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (namespace(), None),
        (namespace(gate="enforce", tier="work"), None),
        (namespace(**OPEN, more="x"), namespace(**OPEN)),
        (namespace(), namespace(**OPEN)),
        (namespace(tier="play"), namespace(**OPEN)),
    ],
)
def test_everybody_may_take_the_labels_away_and_change_others(
    new: dict[str, Any], old: dict[str, Any] | None
) -> None:
    with webhook() as door:
        assert codes(about(new, old), door) == ""


def test_a_namespace_that_is_watched_by_its_name_does_not_open_itself_by_labels() -> None:
    section = RULE.replace("{audit-labels", "{audit: [shop], audit-labels")
    with Webhook(Shelf(), f"{POLICY}{section}\n") as door:
        assert codes(request(inside("shop")), door) == ""
        assert codes(about(namespace(**OPEN), namespace()), door) == "admission-audit-labels"


def test_labels_of_other_objects_are_nobodys_matter() -> None:
    labelled = deployment(BARE)
    labelled["metadata"]["labels"] = OPEN
    with webhook() as door:
        assert codes(request(labelled), door) == "pass-absent"


def test_what_is_let_in_and_would_be_refused_has_an_event_beside_it() -> None:
    made = inside("shop", "miner")
    made["metadata"]["uid"] = "u1"
    with webhook({"shop": OPEN}) as door:
        door.ask(request(made))
        (event,) = door.written(1)
    assert door.cluster.events[0][0] == "/api/v1/namespaces/shop/events"
    assert event["involvedObject"] == {
        "apiVersion": "v1",
        "kind": "Pod",
        "namespace": "shop",
        "name": "miner",
        "uid": "u1",
    }
    assert event["metadata"] == {"generateName": "gate-", "namespace": "shop"}
    assert (event["type"], event["reason"], event["count"]) == ("Warning", "WouldBeRefused", 1)
    assert event["message"].startswith(f"[pass-absent] container c0: {BARE}: ")


def test_what_is_refused_let_in_or_only_tried_has_no_event() -> None:
    shelf = Shelf()
    shelf.give_pass(pinned("shop"))
    with Webhook(shelf, TEXT, cluster=Cluster({"shop": OPEN})) as door:
        door.ask(request(inside("elsewhere")))
        door.ask(request(pod(pinned("shop"))))
        door.ask(request(inside("shop"), dryRun=True))
        door.ask(request(inside("shop")))
        assert len(door.written(1)) == 1
        assert door.events.counted == {"written": 1}


def test_pods_of_one_owner_have_one_event_and_another_after_its_time() -> None:
    def made(number: int) -> dict[str, Any]:
        one = inside("shop", f"web-{number}")
        one["metadata"]["ownerReferences"] = [
            {"kind": "ReplicaSet", "name": "web", "controller": True}
        ]
        return request(one, user=REPLICASETS)

    with webhook(mode=Mode.AUDIT) as door:
        for number in range(5):
            door.ask(made(number))
        assert len(door.written(1)) == 1
        assert door.events.counted == {"repeated": 4, "written": 1}
        door.clock.now += SAID_FOR
        door.ask(made(5))
        assert len(door.written(1)) == 2


def test_what_was_said_last_is_remembered_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_REMEMBERED", 2)
    with webhook(mode=Mode.AUDIT) as door:
        for name in ("a", "b"):
            door.ask(request(inside("shop", name)))
        door.clock.now += SAID_FOR
        for name in ("a", "c", "a"):
            door.ask(request(inside("shop", name)))
        assert door.events.counted == {"repeated": 1}
        door.ask(request(inside("shop", "b")))
        assert len(door.written(5)) == 5


def test_what_was_said_is_remembered_for_few_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_REMEMBERED", 2)
    with webhook(mode=Mode.AUDIT) as door:
        for name in ("a", "b", "c", "c", "b", "a"):
            door.ask(request(inside("shop", name)))
        assert len(door.written(4)) == 4
        assert door.events.counted == {"repeated": 2, "written": 4}


@pytest.mark.parametrize("owners", [[], {}, "x", ["x"], [{"name": "web", "controller": "true"}]])
def test_owners_that_are_none_leave_each_object_its_own_event(owners: object) -> None:
    with webhook(mode=Mode.AUDIT) as door:
        for name in ("a", "b"):
            made = inside("shop", name)
            made["metadata"]["ownerReferences"] = owners
            door.ask(request(made))
        told = door.written(2)
    assert [one["involvedObject"]["name"] for one in told] == ["a", "b"]


def test_an_owner_that_a_person_wrote_hides_no_event_that_says_something_else() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        for image in (BARE, pinned("other")):
            forged = pod(image)
            forged["metadata"]["ownerReferences"] = [
                {"kind": "ReplicaSet", "name": "web", "controller": True}
            ]
            door.ask(request(forged))
        assert len(door.written(2)) == 2


def test_one_namespace_has_few_events_a_minute_and_leaves_some_to_others() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        for number in range(OF_A_NAMESPACE + 3):
            door.ask(request(inside("noisy", f"p{number}")))
        door.ask(request(inside("quiet")))
        assert door.events.counted == {"left-out": 3}
        told = [one["metadata"]["namespace"] for one in door.written(OF_A_NAMESPACE + 1)]
        assert told == ["noisy"] * OF_A_NAMESPACE + ["quiet"]
        door.clock.now += timedelta(minutes=1)
        door.ask(request(inside("noisy", "later")))
        assert len(door.written(1)) == OF_A_NAMESPACE + 2


def test_all_namespaces_together_have_a_bound_and_so_has_what_waits() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        for number in range(A_MINUTE + 7):
            door.ask(request(inside(f"n{number}")))
        assert door.events.counted == {"left-out": 7}


def test_an_event_that_cannot_be_written_is_counted_told_once_and_tried_again_later() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        door.cluster.fault = "cluster-unreachable"
        for name in ("a", "b"):
            door.ask(request(inside("shop", name)))
        assert door.written(2) == []
        assert door.events.counted == {"failed": 2}
        assert [one for one in door.logged if one["event"] == "event-failed"] == [
            {
                "event": "event-failed",
                "namespace": "shop",
                "why": "no answer to /api/v1/namespaces/shop/events [cluster-unreachable]",
            }
        ]
        door.cluster.fault = ""
        door.ask(request(inside("shop", "a")))
        assert len(door.written(1)) == 1


@pytest.mark.parametrize(
    ("fault", "takes"),
    [("cluster-unreachable", False), ("cluster-object-denied", True), ("", True)],
)
def test_one_namespace_that_takes_no_events_holds_up_no_other(fault: str, takes: bool) -> None:  # noqa: FBT001  # a table of cases
    with webhook(mode=Mode.AUDIT) as door:
        door.cluster.fault = fault
        door.ask(request(inside("shop")))
        assert asyncio.run(door.events.write_next()) is takes


def test_an_event_of_what_is_in_no_namespace_is_in_the_default_one() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        assert codes(request(inside("")), door) == ""
        (event,) = door.written(1)
    assert event["metadata"]["namespace"] == "default"
    assert event["involvedObject"]["namespace"] == ""


def test_an_event_of_a_namespace_itself_is_in_the_default_one() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        assert codes(about(namespace(**OPEN)), door) == ""
        (event,) = door.written(1)
    assert door.cluster.events[0][0] == "/api/v1/namespaces/default/events"
    assert event["metadata"]["namespace"] == "default"
    assert (event["involvedObject"]["kind"], event["involvedObject"]["namespace"]) == (
        "Namespace",
        "",
    )


def test_a_hostile_name_is_no_part_of_a_path_and_reaches_no_event_as_it_is() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        for where in ("../../../apis/x", "a/b"):
            assert codes(request(inside(where)), door) == ""
        door.ask(request(pod("a\x1b[31m:1")))
        (event,) = door.written(1)
        assert door.events.counted == {"written": 1}
    assert door.cluster.events[0][0] == "/api/v1/namespaces/shop/events"
    assert "\x1b" not in event["message"]


def test_metrics_count_events_by_what_became_of_them() -> None:
    with webhook(mode=Mode.AUDIT) as door:
        for _ in range(2):
            door.ask(request(inside("shop")))
        door.written(1)
        text = door.get("/metrics").body.decode()
    assert 'gate_events{result="written"} 1.0' in text
    assert 'gate_events{result="repeated"} 1.0' in text
    assert 'gate_events{result="left-out"} 0.0' in text
