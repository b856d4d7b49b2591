"""`gate audit` against a real API server: what runs there, by the policy of its door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from typer.testing import CliRunner, Result

from gate.cli.app import app
from gate.cluster import objects
from tests.interop.kubernetes.api_server import ApiServer
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


def as_account(server: ApiServer, name: str) -> Path:
    """Return a kubeconfig with the token of a service account."""
    done = server.kubectl("-n", SPACE, "create", "token", name)
    assert done.returncode == 0, done.stderr
    config = json.loads(server.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": done.stdout.strip()}
    path = server.kubeconfig.with_name(f"{name}.json")
    path.write_text(json.dumps(config))
    return path


def test_an_account_that_may_list_workloads_is_enough_and_one_that_may_not_is_told(
    api_server: ApiServer, running: Admitted
) -> None:
    weak, lister = (
        audit(replace(api_server, kubeconfig=as_account(api_server, name)), running)
        for name in ("weak", "lister")
    )
    assert (weak.exit_code, lister.exit_code) == (3, 0), lister.output
    assert "answers 403 to /apis/apps/v1/namespaces/audited/deployments" in weak.output
