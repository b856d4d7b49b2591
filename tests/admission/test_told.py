"""What people and Prometheus are told of a server: the exact page, values, counts and events."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gate import __version__
from gate.admission import events
from gate.admission.audits import AuditSummary
from gate.admission.door import Mode
from gate.admission.events import EventText
from gate.admission.status import REMEMBERED
from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError
from gate.model.image import Digest
from gate.model.verdict import Undecided
from tests.builders.admission import DAY, HOUR, NOW, POLICY, Shelf, deployment, pinned, pod, request
from tests.builders.doors import Webhook

SHOP, BARE = map(pinned, ("shop", "bare"))
UID: Final = request(pod())["request"]["uid"]


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    shelf = Shelf()
    shelf.give_pass(SHOP)
    with Webhook(shelf) as made:
        yield made


def test_the_status_of_a_server_that_has_done_nothing(webhook: Webhook) -> None:
    assert webhook.status.value() == {
        "version": __version__,
        "mode": "enforce",
        "started": "2026-11-21T12:00:00Z",
        "policy": {"path": "admit.yaml", "digest": str(webhook.status.policy.digest)},
        "roots": {"digests": [], "read": "", "ageSeconds": ""},
        "certificate": {"until": ""},
        "answers": {
            "held": 0,
            "inFlight": 0,
            "hits": 0,
            "joined": 0,
            "found": 0,
            "foundAhead": 0,
            "notSought": 0,
        },
        "tags": {"held": 0},
        "registries": [],
        "audit": "",
        "refusals": [],
    }


def test_the_status_tells_what_was_done_and_what_was_refused_last(webhook: Webhook) -> None:
    webhook.ask(request(pod(SHOP)))
    webhook.ask(request(pod(SHOP)))
    webhook.ask(request(pod(BARE)))
    status = webhook.status
    status.roots, status.roots_read = (Digest("7" * 64),), NOW - HOUR
    status.certificate_until = NOW + DAY
    status.audit = AuditSummary(at=NOW, objects=7, codes={"b": 2, "a": 1}, undecided=3)
    for _ in range(5):
        webhook.book.circuits.of("registry.example").hear(
            {"": Undecided("timeout", "no answer", "wait")}, NOW
        )
    value = status.value()
    assert value["roots"] == {
        "digests": [f"sha256:{'7' * 64}"],
        "read": "2026-11-21T11:00:00Z",
        "ageSeconds": 3_600,
    }
    assert value["certificate"] == {"until": "2026-11-22T12:00:00Z"}
    assert (value["answers"]["held"], value["answers"]["hits"], value["answers"]["found"]) == (
        *(2, 1),
        2,
    )
    assert value["registries"] == [
        {"registry": "registry.example", "state": "open", "failures": 5, "waiting": 0}
    ]
    assert value["audit"] == {
        "at": "2026-11-21T12:00:00Z",
        "objects": 7,
        "findings": 3,
        "undecided": 3,
        "codes": "a 1, b 2",
    }
    (refusal,) = value["refusals"]
    assert refusal.pop("message").startswith("[pass-absent] container c0: ")
    assert refusal == {
        "at": "2026-11-21T12:00:00Z",
        "uid": UID,
        "object": "shop/Pod/web",
        "outcome": "denied",
        "codes": "pass-absent",
    }


def test_the_last_refusals_are_shown_the_newest_first_also_those_that_only_would_be() -> None:
    with Webhook(Shelf(), mode=Mode.AUDIT) as webhook:
        for number in range(REMEMBERED + 2):
            made = pod(BARE)
            made["metadata"]["name"] = f"n{number}"
            webhook.ask(request(made))
        told = webhook.status.value()["refusals"]
    assert [one["object"] for one in told] == [f"shop/Pod/n{n}" for n in range(21, 1, -1)]
    assert {one["outcome"] for one in told} == {"would-deny"}


def test_the_page_has_a_table_for_what_has_parts_and_a_word_for_what_is_not_there(
    webhook: Webhook,
) -> None:
    webhook.status.roots = (Digest("7" * 64), Digest("8" * 64))
    page = webhook.status.page()
    assert page.startswith("<!doctype html><meta charset=utf-8><title>gate</title>")
    assert f"<h2>version</h2><p>{__version__}</p><h2>mode</h2><p>enforce</p>" in page
    roots = f"<td>digests</td><td>sha256:{'7' * 64}, sha256:{'8' * 64}</td>"
    assert f"<h2>roots</h2><table><tr>{roots}</tr><tr><td>read</td><td></td></tr>" in page
    assert (
        "<h2>registries</h2><p>none</p><h2>audit</h2><p>none</p><h2>refusals</h2><p>none</p>"
        in (page)
    )
    webhook.ask(request(pod(BARE)))
    page = webhook.status.page()
    heads = "<th>registry</th><th>state</th><th>failures</th><th>waiting</th>"
    cells = "<td>registry.example</td><td>closed</td><td>0</td><td>0</td>"
    assert f"<table><tr>{heads}</tr><tr>{cells}</tr></table>" in page


def lines(webhook: Webhook, *names: str) -> list[str]:
    text = webhook.get("/metrics").body.decode()
    return [t for t in text.splitlines() if t.startswith(names)]


def test_the_metrics_count_each_decision(webhook: Webhook) -> None:
    webhook.ask(request(pod(SHOP)))
    webhook.ask(request(pod(SHOP)))
    webhook.ask(request(pod(BARE)))
    version = f'policy="{webhook.status.policy.digest}",version="{__version__}"'
    names = ("gate_build_info", "gate_admission_requests_total", "gate_admission_refusals_total")
    assert sorted(lines(webhook, *names)) == [
        'gate_admission_refusals_total{code="pass-absent"} 1.0',
        'gate_admission_requests_total{operation="CREATE",outcome="allowed"} 2.0',
        'gate_admission_requests_total{operation="CREATE",outcome="denied"} 1.0',
        f"gate_build_info{{{version}}} 1.0",
    ]
    assert lines(webhook, "gate_answers_", "gate_registry_") == [
        "gate_answers_held 2.0",
        "gate_answers_in_flight 0.0",
        "gate_answers_hits 1.0",
        "gate_answers_joined 0.0",
        "gate_answers_found 2.0",
        "gate_answers_found_ahead 0.0",
        "gate_answers_not_sought 0.0",
        "gate_registry_circuits_open 0.0",
    ]
    buckets = [t for t in lines(webhook, "gate_admission_seconds_bucket") if '"allowed"' in t]
    assert len(buckets) == 15


def test_metrics_of_registries_that_are_left_alone(webhook: Webhook) -> None:
    for name in ("a", "b", "c"):
        circuit = webhook.book.circuits.of(name)
        for _ in range(5 if name != "c" else 4):
            circuit.hear({"": Undecided("timeout", "no answer", "wait")}, NOW)
    assert lines(webhook, "gate_registry_circuits_open") == ["gate_registry_circuits_open 2.0"]


def test_metrics_of_an_audit_have_the_last_one_alone(webhook: Webhook) -> None:
    webhook.metrics.audited(AuditSummary(at=NOW, objects=9, codes={"old": 1}, undecided=4))
    webhook.metrics.audited(AuditSummary(at=NOW, objects=7, codes={"a": 2}, undecided=3))
    webhook.metrics.audited(None)
    assert lines(webhook, "gate_audit_") == [
        *(t for t in lines(webhook, "gate_audit_runs_total")),
        *(t for t in lines(webhook, "gate_audit_runs_created")),
        'gate_audit_findings{code="a"} 2.0',
        'gate_audit_findings{code="undecided"} 3.0',
        "gate_audit_objects 7.0",
        "gate_audit_last_success_seconds 1.7952624e+09",
    ]
    assert lines(webhook, "gate_audit_runs_total") == [
        'gate_audit_runs_total{result="ended"} 2.0',
        'gate_audit_runs_total{result="failed"} 1.0',
    ]


def event(**more: str) -> EventText:
    said = {"api_version": "v1", "kind": "Pod", "namespace": "shop", "name": "web", "uid": "u1"}
    return EventText(**{**said, "message": "m", **more})


def test_an_event_says_of_which_object_and_by_whom() -> None:
    assert event().path == "/api/v1/namespaces/shop/events"
    assert event().value("gate-0", NOW) == {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": "gate-", "namespace": "shop"},
        "involvedObject": {
            "apiVersion": "v1",
            "kind": "Pod",
            "namespace": "shop",
            "name": "web",
            "uid": "u1",
        },
        "type": "Warning",
        "reason": "WouldBeRefused",
        "message": "m",
        "source": {"component": "gate"},
        "reportingComponent": "gate",
        "reportingInstance": "gate-0",
        "firstTimestamp": "2026-11-21T12:00:00Z",
        "lastTimestamp": "2026-11-21T12:00:00Z",
        "count": 1,
    }


def test_an_event_of_what_has_no_namespace_is_in_the_default_one() -> None:
    bare = event(namespace="")
    value = bare.value("gate-0", NOW)
    assert (bare.path, value["metadata"]["namespace"], value["involvedObject"]["namespace"]) == (
        *("/api/v1/namespaces/default/events", "default"),
        "",
    )


def test_long_texts_of_an_event_are_cut() -> None:
    value = event(message="m" * 2_000).value("i" * 200, NOW)
    assert value["message"] == "m" * 999 + "…"
    assert value["reportingInstance"] == "i" * 127 + "…"


def refusing(name: str, why: str = BARE) -> dict[str, Any]:
    made = pod(why)
    made["metadata"]["name"] = name
    return request(made)


@pytest.fixture
def telling() -> Iterator[Webhook]:
    """A webhook that lets in everything in the namespace `shop`, and tells of it."""
    with Webhook(Shelf(), f"{POLICY}admission: {{audit: [shop]}}\n") as made:
        yield made


def test_the_event_that_was_said_last_is_remembered(
    telling: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_REMEMBERED", 1)
    for name in ("a", "b", "b"):
        telling.ask(refusing(name))
    assert telling.events.counted == {"repeated": 1}


def test_a_failure_to_write_events_is_told_when_it_begins(telling: Webhook) -> None:
    def failures() -> list[str]:
        return [line["why"] for line in telling.logged if line["event"] == "event-failed"]

    told = []
    for name, fault in (("a", "x"), ("b", "x"), ("c", ""), ("d", "x")):
        telling.cluster.fault = fault
        telling.ask(refusing(name))
        telling.written(1)
        told.append(len(failures()))
    assert told == [1, 1, 1, 2]
    assert failures()[0] == "no answer to /api/v1/namespaces/shop/events [x]"
    assert telling.events.counted == {"failed": 3, "written": 1}


def test_events_are_written_one_after_another_with_a_pause_where_nobody_takes_them(
    telling: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    takes = iter([True, False, True, True, False, True])
    paused: list[float] = []

    async def write_next(_: object) -> bool:
        for taken in takes:
            return taken
        raise asyncio.CancelledError

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr(events.RefusalEvents, "write_next", write_next)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(telling.events.write())
    assert paused == [events.PAUSE] * 2


@pytest.mark.parametrize(
    ("error", "takes"),
    [
        (ClusterError("cluster-unreachable", "m", remedy="r"), False),
        (ClusterError("cluster-unexpected", "m", remedy="r"), False),
        (ClusterError("cluster-object-denied", "m", remedy="r"), True),
        (ObjectChangedError("/x"), True),
        (OSError("m"), True),
    ],
)
def test_only_an_api_server_that_is_away_takes_no_events(
    telling: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    takes: bool,  # noqa: FBT001  # what is said
) -> None:
    def refuse(path: str, value: object) -> None:
        del path, value
        raise error

    monkeypatch.setattr(telling.cluster, "create", refuse)
    telling.ask(refusing("a"))
    assert asyncio.run(telling.events.write_next()) is takes
    assert telling.events.counted == {"failed": 1}
    telling.ask(refusing("a"))  # what was not written was not said
    assert telling.events.counted == {"failed": 1}


def test_a_request_without_an_object_has_an_event_too(telling: Webhook) -> None:
    review = request(pod(BARE), operation="CONNECT")
    review["request"]["object"] = None
    assert telling.ask(review).response["auditAnnotations"]["outcome"] == "would-deny"
    (written,) = telling.written(1)
    assert written["message"].startswith("[admission-operation-unjudged] ")
    assert (written["involvedObject"]["name"], written["involvedObject"]["uid"]) == ("web", "")


@pytest.mark.parametrize(
    ("metadata", "name", "said"),
    [
        ({"name": "web"}, "web", "web"),
        ({"name": "web"}, "", "web"),
        ({"generateName": "web-"}, "", "web-"),
        ({"name": 7, "generateName": "web-"}, "", "web-"),
        ({"name": "other"}, "web", "web"),
        (None, "", ""),
    ],
)
def test_an_event_names_its_object_as_well_as_it_can(
    telling: Webhook, metadata: object, name: str, said: str
) -> None:
    review = request(deployment(BARE))
    review["request"] |= {
        "object": {**deployment(BARE), "metadata": metadata},
        "name": name,
        "namespace": "shop",
    }
    telling.ask(review)
    (written,) = telling.written(1)
    assert written["involvedObject"]["name"] == said
    assert written["involvedObject"]["uid"] == ""


def test_pods_of_one_owner_are_told_of_once_and_those_of_another_again(telling: Webhook) -> None:
    def owned(name: str, *owners: object) -> dict[str, Any]:
        review = refusing(name)
        review["request"]["object"]["metadata"] |= {"ownerReferences": list(owners), "uid": name}
        return review

    first = {"kind": "ReplicaSet", "name": "a", "controller": True}
    second = {**first, "name": "b"}
    for made in (
        *(owned("1", first), owned("2", first), owned("3", second)),
        *(
            owned("4", "x", {**first, "controller": False}, second),
            owned("5", {**first, "controller": 1}),
        ),
    ):
        telling.ask(made)
    assert telling.events.counted == {"repeated": 2}
    assert [one["involvedObject"]["uid"] for one in telling.written(3)] == ["1", "3", "5"]
