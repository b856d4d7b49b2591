"""`gate audit` against a real API server: what runs there, by the policy of its door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest
import yaml
from typer.testing import CliRunner, Result

from gate.admission.audits import AuditSummary
from gate.cli.app import app
from gate.cli.reads.places import Access
from gate.cli.runs.in_cluster import AuditEvery, audits_of, reach_of
from gate.cluster import objects
from tests.interop.kubernetes.api_server import ApiServer, as_account
from tests.interop.kubernetes.charts import give_rights
from tests.interop.kubernetes.releases import IMAGE, LAYOUT, Admitted, admitted_release

SPACE: Final = "audited"
DECLARED: Final = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: audited}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ghcr.io/acme/shop:1.0
          resources: {requests: {cpu: 0.1}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: audited}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: web, image: "ghcr.io/acme/shop:1.0"}]}
"""


@pytest.fixture(scope="module")
def running(api_server: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Admitted]:
    """A release that was let through and runs."""
    admitted = admitted_release(tmp_path_factory.mktemp("release"), DECLARED)
    assert api_server.kubectl("create", "namespace", SPACE).returncode == 0
    for name in ("weak", "lister"):
        api_server.kubectl("-n", SPACE, "create", "serviceaccount", name)
    role = ("clusterrole", "gate-audit")
    resources = ",".join(
        resource if version == "v1" else f"{resource}.{version.partition('/')[0]}"
        for version, _, resource in objects.WORKLOADS
    )
    api_server.kubectl("create", *role, "--verb=list", f"--resource={resources}")
    account = f"--serviceaccount={SPACE}:lister"
    api_server.kubectl("create", "clusterrolebinding", role[1], f"--clusterrole={role[1]}", account)
    done = api_server.kubectl("apply", "-f", "-", stdin=admitted.text)
    assert done.returncode == 0, done.stderr
    yield admitted
    api_server.kubectl("delete", *role)
    api_server.kubectl("delete", "clusterrolebinding", role[1])
    api_server.kubectl("delete", "namespace", SPACE, "--wait=false")


def audit(server: ApiServer, admitted: Admitted, *more: str) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(admitted.folder)
        options = ("--kubeconfig", str(server.kubeconfig), "-p", "admit.yaml", "-n", SPACE, *LAYOUT)
        return CliRunner().invoke(app, ["audit", *options, *more])


def found(server: ApiServer, admitted: Admitted) -> list[tuple[str, str]]:
    done = audit(server, admitted, "--format=json")
    report: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == (1 if report["findings"] else 0)
    for finding in report["findings"]:
        # It is told of the object that it is about, and not of another one with the same image.
        named = finding["object"]["name"] if finding["object"] else ""
        assert named in finding["message"] or finding["code"] == "digest-required", finding
    return [(f["code"], f["message"]) for f in report["findings"]]


def test_what_runs_as_it_was_let_through_is_cleared(
    api_server: ApiServer, running: Admitted
) -> None:
    done = audit(api_server, running)
    assert done.exit_code == 0, done.output
    assert "CLEARED" in done.stdout
    assert "judged 1 image, 4 checks, 2 objects, " in done.stdout
    assert " files" not in done.stdout


def test_pages_are_read_to_their_end(
    api_server: ApiServer, running: Admitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "PAGE", 1)
    assert found(api_server, running) == []


def test_what_was_changed_since_and_what_nobody_let_in_is_named(
    api_server: ApiServer, running: Admitted
) -> None:
    pinned = yaml.safe_load(running.text.partition("\n---\n")[0])
    other = {**pinned, "metadata": {"name": "miner", "namespace": SPACE}}
    moving = json.loads(json.dumps(other))
    moving["metadata"]["name"] = "moving"
    moving["spec"]["template"]["spec"]["containers"][0]["image"] = IMAGE
    scale = ("-n", SPACE, "scale", "deployment", "web", "--replicas")
    try:
        assert api_server.kubectl(*scale, "5").returncode == 0
        for one in (other, moving):
            done = api_server.kubectl("apply", "-f", "-", stdin=json.dumps(one))
            assert done.returncode == 0, done.stderr
        told = found(api_server, running)
    finally:
        api_server.kubectl("-n", SPACE, "delete", "deployment", "miner", "moving")
        api_server.kubectl(*scale, "2")
    scaled = (
        "audited/Deployment/web is not as it was when the pass was given: spec.replicas is not as "
        "declared: 2 was declared, and it is 5"
    )
    assert ("pass-manifests-changed", scaled) in told
    assert ("pass-object-not-covered", "the pass covers no object audited/Deployment/miner") in told
    assert {code for code, _ in told} == {
        "pass-manifests-changed",
        "pass-object-not-covered",
        "digest-required",
    }


def test_an_account_that_may_list_workloads_is_enough_and_one_that_may_not_is_told(
    api_server: ApiServer, running: Admitted
) -> None:
    weak, lister = (
        audit(replace(api_server, kubeconfig=as_account(api_server, SPACE, name)), running)
        for name in ("weak", "lister")
    )
    assert (weak.exit_code, lister.exit_code) == (3, 0), lister.output
    assert "answers 403 to /apis/apps/v1/namespaces/audited/deployments" in weak.output


def test_one_of_two_replicas_audits_and_writes_an_event_beside_what_nobody_let_in(
    api_server: ApiServer, running: Admitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(running.folder)
    give_rights(api_server, SPACE, {"audit": {"every": "6h"}})
    account = str(as_account(api_server, SPACE, "gate"))
    reach = reach_of(account, Access())
    audited = {
        "kubeconfig": account,
        "policy": "admit.yaml",
        "policy_digest": None,
        "layouts": [LAYOUT[1]],
        "plain_http": [],
        "registries": None,
    }
    asked = AuditEvery(every="6h", lease=f"{SPACE}/gate-audit")
    replicas = [audits_of(asked, reach, audited) for _ in range(2)]
    heard: list[AuditSummary | None] = []
    logged: list[dict[str, Any]] = []

    async def both() -> None:
        await asyncio.gather(*(one.once(heard.append, logged.append) for one in replicas if one))

    pinned = yaml.safe_load(running.text.partition("\n---\n")[0])
    miner = {**pinned, "metadata": {"name": "miner", "namespace": SPACE}}
    assert api_server.kubectl("apply", "-f", "-", stdin=json.dumps(miner)).returncode == 0
    try:
        asyncio.run(both())
        asyncio.run(both())  # the turn has not come again
        shown = api_server.kubectl("-n", SPACE, "describe", "deployment", "miner").stdout
        events = api_server.get(f"/api/v1/namespaces/{SPACE}/events")["items"]
    finally:
        api_server.kubectl("-n", SPACE, "delete", "deployment", "miner")
        for what in ("clusterrole", "clusterrolebinding"):
            api_server.kubectl("delete", what, f"{SPACE}-gate-audit")
    (summary,) = heard
    assert summary is not None, logged
    assert summary.objects >= 3
    assert summary.codes["pass-object-not-covered"] >= 1
    ours = [one for one in events if one["source"].get("component") == "gate"]
    assert {one["involvedObject"]["name"] for one in ours} == {"miner"}
    assert "WouldBeRefused" in shown
    assert "[pass-object-not-covered] the pass covers no object audited/Deployment/miner" in shown
    assert [one["event"] for one in logged] == ["audit-begun", "audit-ended"]
    lease = api_server.get(f"/apis/coordination.k8s.io/v1/namespaces/{SPACE}/leases/gate-audit")
    assert "holderIdentity" not in lease["spec"]
