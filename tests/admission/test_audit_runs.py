"""One audit in a process of its own: its time, its turn, its output, and what is told of it."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from gate.admission import audits as room
from gate.admission.audits import (
    MAX_EVENTS,
    AuditFailedError,
    Audits,
    AuditSummary,
    identity_of,
    read_summary,
)
from gate.admission.lease import SharedTurn
from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError
from tests.builders.admission import HOUR, NOW, Clock

LEASE: Final = "/apis/coordination.k8s.io/v1/namespaces/gate-system/leases/gate-audit"
PRINTED: Final = {"objects": 7, "codes": {"b": 2, "a": 1}, "undecided": 3, "refused": []}
FOREVER: Final = "import time; print(end='', flush=True); time.sleep(600)"


def refused(name: str = "web", kind: str = "Deployment", **more: str) -> dict[str, str]:
    said = {"kind": kind, "namespace": "shop", "name": name, "code": "c", "message": "m"}
    return {**said, **more}


@dataclass
class Cluster:
    """An API server with a Lease, with whatever objects are asked for, and with few namespaces."""

    clock: Clock = field(default_factory=Clock)
    spec: dict[str, Any] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    metadata: Any = field(default_factory=lambda: {"uid": "u1"})
    ending: tuple[str, ...] = ()
    """Names of objects whose namespaces are being deleted."""
    renewed: int = 0
    closed: int = 0
    asked: list[str] = field(default_factory=list)
    created: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    fault: str = ""

    def get(self, path: str) -> dict[str, Any] | None:
        if path == LEASE:
            return {"metadata": {}, "spec": self.spec}
        self.asked.append(path)
        if self.fault:
            raise ClusterError(self.fault, "no answer", remedy="wait")
        return None if path.endswith(self.gone) and self.gone else {"metadata": self.metadata}

    def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        assert path == LEASE
        self.renewed += 1
        self.spec = value["spec"]
        return value

    def create(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        if value["involvedObject"]["name"] in self.ending:
            raise ObjectChangedError(path)
        self.created.append((path, value))
        return value

    def close(self) -> None:
        self.closed += 1


@dataclass
class Run:
    """One replica's audits of one cluster, and what became of them."""

    cluster: Cluster = field(default_factory=Cluster)
    program: str = f"print({json.dumps(json.dumps(PRINTED))}, end='')"
    heard: list[AuditSummary | None] = field(default_factory=list)
    logged: list[dict[str, Any]] = field(default_factory=list)

    def audits(self, program: str = "") -> Audits:
        turn = SharedTurn(
            open_cluster=lambda: self.cluster,
            path=LEASE,
            identity="me",
            every=6 * HOUR,
            clock=self.cluster.clock,
        )
        return Audits(
            command=(sys.executable, "-S", "-c", program or self.program),
            turn=turn,
            open_cluster=lambda: self.cluster,
            clock=self.cluster.clock,
        )

    def once(self, program: str = "") -> None:
        asyncio.run(self.audits(program).once(self.heard.append, self.logged.append))

    def prints(self, value: object) -> None:
        self.once(f"print({json.dumps(json.dumps(value))}, end='')")


@pytest.fixture
def run() -> Run:
    return Run()


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.subprocess.Process]:
    """Each process that an audit starts."""
    started: list[asyncio.subprocess.Process] = []
    made = asyncio.create_subprocess_exec

    async def start(*command: str, **options: Any) -> asyncio.subprocess.Process:  # noqa: ANN401  # what the call takes
        process = await made(*command, **options)
        started.append(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    return started


def test_an_audit_lets_its_turn_go_and_is_told_with_what_it_found(run: Run) -> None:
    run.once()
    summary = AuditSummary(at=NOW, objects=7, codes={"b": 2, "a": 1}, undecided=3)
    assert [one and (one.objects, one.codes, one.undecided) for one in run.heard] == [
        (summary.objects, summary.codes, summary.undecided)
    ]
    assert run.logged == [
        {"event": "audit-begun"},
        {
            "event": "audit-ended",
            "at": "2026-11-21T12:00:00Z",
            "objects": 7,
            "findings": 3,
            "undecided": 3,
            "codes": "a 1, b 2",
            "events": 0,
        },
    ]
    assert run.cluster.spec == {"renewTime": "2026-11-21T12:00:00.000000Z"}


def test_a_replica_whose_turn_it_is_not_starts_nothing(
    run: Run, processes: list[asyncio.subprocess.Process]
) -> None:
    run.cluster.spec = {"renewTime": "2026-11-21T12:00:00Z"}
    run.once()
    assert (processes, run.heard, run.logged) == ([], [], [])


def test_why_an_audit_failed_is_told_shortened_and_it_is_tried_again_soon(run: Run) -> None:
    run.prints({"error": "cluster-denied", "why": "x" * 400})
    text = "[cluster-denied] " + "x" * 400
    assert run.logged[1] == {
        "event": "audit-failed",
        "code": "audit-failed",
        "why": f"{text[:300]}… ({len(text) - 300} more characters)",
    }
    assert run.heard == [None]
    soon = NOW - 6 * HOUR + timedelta(minutes=10)
    assert run.cluster.spec == {"renewTime": soon.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


@pytest.mark.parametrize("program", ["/nowhere/at/all", ""])
def test_a_program_that_cannot_be_started_is_told(run: Run, program: str) -> None:
    audits = run.audits()
    audits.command = (program,)
    asyncio.run(audits.once(run.heard.append, run.logged.append))
    assert run.heard == [None]
    assert [line["event"] for line in run.logged] == ["audit-begun", "audit-failed"]


def test_an_audit_that_takes_too_long_is_ended(
    run: Run, processes: list[asyncio.subprocess.Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(room, "LONGEST", 0.05)
    run.once(FOREVER)
    assert run.logged[1]["why"] == "it took more than 0.05 seconds"
    assert [one.returncode for one in processes] == [-9]
    assert run.cluster.renewed > 2  # taken, and let go in the end; between these it was renewed


def test_an_audit_whose_turn_another_took_is_ended(
    run: Run, processes: list[asyncio.subprocess.Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(SharedTurn, "renew", lambda _: False)
    run.once(FOREVER)
    assert run.logged[1]["why"] == "another replica has taken over"
    assert [one.returncode for one in processes] == [-9]


def test_an_audit_that_is_done_needs_its_turn_and_its_time_no_longer(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SharedTurn, "renew", lambda _: False)
    monkeypatch.setattr(room, "LONGEST", -1)
    run.once()
    assert [line["event"] for line in run.logged] == ["audit-begun", "audit-ended"]


def test_an_audit_that_is_ended_waits_for_no_output(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_: object) -> bytes:
        await asyncio.Event().wait()
        return b""

    async def ended() -> int:
        await run.audits(FOREVER).once(run.heard.append, run.logged.append)
        await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    monkeypatch.setattr(room, "_output", silent)
    monkeypatch.setattr(room, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(room, "LONGEST", 0)
    assert asyncio.run(ended()) == 1
    assert run.logged[1]["why"] == "it took more than 0 seconds"


def test_an_audit_that_has_printed_may_end_by_itself(
    run: Run, processes: list[asyncio.subprocess.Process]
) -> None:
    work = "import os; os.close(1); sum(range(10**6)); os._exit(0)"
    run.once(f"print({json.dumps(json.dumps(PRINTED))}, end='', flush=True); {work}")
    assert [one.returncode for one in processes] == [0]
    assert run.logged[-1]["event"] == "audit-ended"


def test_an_audit_that_is_cancelled_leaves_no_process(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = asyncio.create_subprocess_exec
    started: list[asyncio.subprocess.Process] = []

    async def cancelled() -> None:
        begun = asyncio.Event()

        async def start(*command: str, **options: Any) -> asyncio.subprocess.Process:  # noqa: ANN401  # what the call takes
            started.append(await made(*command, **options))
            begun.set()
            return started[0]

        monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
        task = asyncio.create_task(run.audits(FOREVER).once(run.heard.append, run.logged.append))
        await begun.wait()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert [one.returncode for one in started] == [-9]


@pytest.mark.parametrize(("more", "ends"), [(0, "audit-ended"), (1, "audit-failed")])
def test_an_output_is_read_to_its_bound(
    run: Run, monkeypatch: pytest.MonkeyPatch, more: int, ends: str
) -> None:
    monkeypatch.setattr(room, "MAX_OUTPUT", len(json.dumps(PRINTED)) - more)
    run.once()
    assert run.logged[-1]["event"] == ends
    if more:
        bound = len(json.dumps(PRINTED)) - 1
        assert run.logged[-1]["why"] == f"it printed more than {bound} bytes"


def test_few_events_are_written_of_what_is_there(run: Run) -> None:
    run.cluster.gone, run.cluster.ending = ("/gone",), ("ending",)
    found = [
        *(refused("web"), refused("gone"), refused("ending"), refused("x", "Broker")),
        *(refused("p", "Pod"), refused("j", "Job")),
    ]
    run.prints({**PRINTED, "refused": found})
    assert run.logged[-1]["events"] == 3
    assert run.cluster.asked == [
        "/apis/apps/v1/namespaces/shop/deployments/web",
        "/apis/apps/v1/namespaces/shop/deployments/gone",
        "/apis/apps/v1/namespaces/shop/deployments/ending",
        "/api/v1/namespaces/shop/pods/p",
        "/apis/batch/v1/namespaces/shop/jobs/j",
    ]
    assert [
        (e["involvedObject"]["apiVersion"], e["involvedObject"]["name"], e["reportingInstance"])
        for _, e in run.cluster.created
    ] == [("apps/v1", "web", "me"), ("v1", "p", "me"), ("batch/v1", "j", "me")]
    assert {e["involvedObject"]["uid"] for _, e in run.cluster.created} == {"u1"}
    assert {e["message"] for _, e in run.cluster.created} == {"[c] m"}


def test_no_more_events_are_written_than_the_bound(run: Run) -> None:
    run.prints({**PRINTED, "refused": [refused(f"n{i}") for i in range(MAX_EVENTS + 5)]})
    assert (len(run.cluster.created), run.logged[-1]["events"]) == (MAX_EVENTS, MAX_EVENTS)


@pytest.mark.parametrize("metadata", [None, [], {}])
def test_an_object_without_a_uid_has_an_event_too(run: Run, metadata: object) -> None:
    run.cluster.metadata = metadata
    run.prints({**PRINTED, "refused": [refused()]})
    assert [e["involvedObject"]["uid"] for _, e in run.cluster.created] == [""]


def test_an_api_server_that_takes_no_events_fails_the_audit(run: Run) -> None:
    run.cluster.fault = "cluster-unreachable"
    run.prints({**PRINTED, "refused": [refused()]})
    assert (run.heard, run.logged[-1]["code"]) == ([None], "cluster-unreachable")


@pytest.mark.parametrize(
    "change",
    [
        {"objects": None},
        {"objects": "x"},
        {"codes": []},
        {"codes": {"a": "x"}},
        {"undecided": {}},
        {"refused": [1]},
        {"refused": [{"kind": "Pod"}]},
        {"refused": [{**refused(), "more": "x"}]},
        {"refused": None},
    ],
)
def test_what_is_no_summary_is_no_result(change: dict[str, Any]) -> None:
    with pytest.raises(AuditFailedError, match="^it ended without a result$"):
        read_summary(json.dumps({**PRINTED, **change}).encode(), NOW)
    assert read_summary(json.dumps(PRINTED).encode(), NOW).objects == 7


def test_the_name_of_a_process_is_that_of_its_host_shortened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "h" * 150)
    assert identity_of("r1") == "h" * 100 + "_r1"
