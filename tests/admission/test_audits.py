"""Audits from time to time: by one replica, in a process of its own, and never in the way."""

from __future__ import annotations

import asyncio
import copy
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from gate.admission import audits as room
from gate.admission.audits import Audits, AuditSummary
from gate.admission.lease import LAPSES_AFTER, SharedTurn
from gate.cli.runs.in_cluster import AuditEvery, audits_of
from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError, UsageError
from tests.builders.admission import HOUR, NOW, POLICY, Clock, Shelf
from tests.builders.doors import Webhook

LEASE: Final = "/apis/coordination.k8s.io/v1/namespaces/gate-system/leases/gate-audit"
MINER: Final = "/apis/apps/v1/namespaces/shop/deployments/miner"
REFUSED: Final = {
    "kind": "Deployment",
    "namespace": "shop",
    "name": "miner",
    "code": "pass-absent",
    "message": "no pass \u001b[31m is attached",
}
FOUND: Final = {
    "objects": 7,
    "codes": {"pass-absent": 2},
    "undecided": 1,
    "refused": [REFUSED, {**REFUSED, "name": "gone"}, {**REFUSED, "kind": "Broker"}],
}


@dataclass
class Cluster:
    """An API server with a Lease and one Deployment."""

    clock: Clock
    held: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            LEASE: {"metadata": {"resourceVersion": "0"}},
            MINER: {"metadata": {"uid": "u1"}},
        }
    )
    created: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def get(self, path: str) -> dict[str, Any] | None:
        return copy.deepcopy(self.held.get(path))

    def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        version = self.held[path]["metadata"]["resourceVersion"]
        if value["metadata"]["resourceVersion"] != version:
            raise ObjectChangedError(path)
        self.held[path] = {**value, "metadata": {"resourceVersion": str(int(version) + 1)}}
        return self.held[path]

    def create(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        self.created.append((path, value))
        return value

    def close(self) -> None:
        pass

    def turn(self, identity: str) -> SharedTurn:
        return SharedTurn(
            open_cluster=lambda: self,
            path=LEASE,
            identity=identity,
            every=6 * HOUR,
            clock=self.clock,
        )


@dataclass
class Replica:
    cluster: Cluster
    printed: str = ""
    identity: str = "a"
    heard: list[AuditSummary | None] = field(default_factory=list)
    logged: list[dict[str, Any]] = field(default_factory=list)

    def once(self) -> None:
        audits = Audits(
            command=(sys.executable, "-S", "-c", f"print({self.printed!r}, end='')"),
            turn=self.cluster.turn(self.identity),
            open_cluster=lambda: self.cluster,
            clock=self.cluster.clock,
        )
        asyncio.run(audits.once(self.heard.append, self.logged.append))


@pytest.fixture
def cluster() -> Cluster:
    return Cluster(Clock())


def test_one_replica_has_the_turn_and_it_comes_again_after_its_time(cluster: Cluster) -> None:
    first, second = cluster.turn("a"), cluster.turn("b")
    assert (first.take(), second.take()) == (True, False)
    first.end()
    cluster.clock.now = NOW + 5 * HOUR
    assert (first.take(), second.take()) == (False, False)
    cluster.clock.now = NOW + 6 * HOUR
    assert (second.take(), first.take()) == (True, False)


def test_a_replica_that_is_gone_loses_its_turn_and_one_that_is_there_keeps_it(
    cluster: Cluster,
) -> None:
    first, second = cluster.turn("a"), cluster.turn("b")
    assert first.take()
    cluster.clock.now += LAPSES_AFTER - timedelta(seconds=1)
    assert first.renew()
    cluster.clock.now += LAPSES_AFTER - timedelta(seconds=1)
    assert not second.take()
    cluster.clock.now += timedelta(seconds=1)
    assert second.take()
    assert not first.renew()
    first.end()  # it is not its own any more
    assert cluster.held[LEASE]["spec"]["holderIdentity"] == "b"


def test_of_two_that_try_together_one_has_the_turn(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = copy.deepcopy(cluster.held[LEASE])
    assert cluster.turn("a").take()
    monkeypatch.setattr(cluster, "get", lambda _: stale)
    assert not cluster.turn("b").take()


@pytest.mark.parametrize("spec", [None, {"renewTime": "soon"}, {"leaseDurationSeconds": "x"}, []])
def test_a_lease_that_says_nothing_is_free(cluster: Cluster, spec: object) -> None:
    cluster.held[LEASE]["spec"] = spec
    assert cluster.turn("a").take()


def test_what_an_audit_finds_is_heard_and_told_as_events_of_what_is_there(
    cluster: Cluster,
) -> None:
    one = Replica(cluster, json.dumps(FOUND))
    one.once()
    one.once()  # not its turn
    (summary,) = one.heard
    assert summary is not None
    assert (summary.objects, dict(summary.codes), summary.undecided) == (7, {"pass-absent": 2}, 1)
    ((path, event),) = cluster.created
    assert path == "/api/v1/namespaces/shop/events"
    assert event["involvedObject"]["uid"] == "u1"
    assert event["message"] == "[pass-absent] no pass \\x1b[31m is attached"
    assert [line["event"] for line in one.logged] == ["audit-begun", "audit-ended"]


@pytest.mark.parametrize(
    "printed",
    ["", "[]", "{}", '{"objects": "x"}', '{"error": "cluster-denied", "why": "403"}'],
)
def test_an_audit_that_fails_is_said_to_have_and_is_tried_again_soon(
    cluster: Cluster, printed: str
) -> None:
    one = Replica(cluster, printed)
    one.once()
    assert one.heard == [None]
    assert [line["event"] for line in one.logged] == ["audit-begun", "audit-failed"]
    cluster.clock.now += room.AGAIN_IN - timedelta(seconds=1)
    one.once()
    assert len(one.heard) == 1
    cluster.clock.now += timedelta(seconds=1)
    one.once()
    assert len(one.heard) == 2


def test_an_audit_that_prints_too_much_fails(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MAX_OUTPUT", 10)
    one = Replica(cluster, json.dumps(FOUND))
    one.once()
    assert one.heard == [None]
    assert cluster.created == []


def test_an_api_server_that_is_away_is_told_and_ends_nothing(cluster: Cluster) -> None:
    del cluster.held[LEASE]
    one = Replica(cluster, json.dumps(FOUND))
    one.once()
    assert [line["code"] for line in one.logged] == ["cluster-object-missing"] * 2


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook(Shelf(), POLICY) as made:
        yield made


def test_metrics_and_status_tell_the_last_audit(webhook: Webhook) -> None:
    first = AuditSummary(at=NOW, objects=7, codes={"pass-absent": 2, "pass-expired": 1})
    webhook.metrics.audited(first)
    webhook.metrics.audited(None)
    webhook.metrics.audited(AuditSummary(at=NOW, objects=8, codes={"pass-absent": 1}))
    webhook.status.audit = first
    text = webhook.get("/metrics").body.decode()
    assert 'gate_audit_findings{code="pass-absent"} 1.0' in text
    assert "pass-expired" not in text
    assert 'gate_audit_runs_total{result="failed"} 1.0' in text
    assert webhook.status.value()["audit"]["findings"] == 3
    assert "pass-absent 2, pass-expired 1" in webhook.status.page()


@pytest.mark.parametrize(
    "asked",
    [
        AuditEvery(every="6h"),
        AuditEvery(lease="gate-system/gate-audit"),
        AuditEvery(every="5m", lease="gate-system/gate-audit"),
        AuditEvery(every="soon", lease="gate-system/gate-audit"),
        AuditEvery(every="6h", lease="gate-audit"),
        AuditEvery(every="6h", lease="gate-system/../x"),
    ],
)
def test_an_audit_needs_how_often_and_a_lease(asked: AuditEvery) -> None:
    def reach() -> Any:  # noqa: ANN401  # nobody is asked
        raise ClusterError("cluster-unreachable", "nobody is asked", remedy="wait")

    with pytest.raises(UsageError) as caught:
        audits_of(asked, reach, {})
    assert caught.value.code == "serve-audit"
