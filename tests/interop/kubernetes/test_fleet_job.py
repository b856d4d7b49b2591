"""The example of an Indexed Job is what a real API server takes, with nothing dropped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from gate.cli.app import app
from tests.interop.kubernetes.api_server import ApiServer
from tests.interop.kubernetes.controllers import controllers

FAILURES = "batch.kubernetes.io/job-index-failure-count"
EXAMPLE = Path(__file__).parents[3] / "examples/fleet/job.yaml"


def test_an_api_server_takes_the_job_and_keeps_what_ends_a_part(api_server: ApiServer) -> None:
    api_server.kubectl("create", "namespace", "gate")
    applied = api_server.kubectl("apply", "--server-side", "--validate=strict", "-f", str(EXAMPLE))
    assert applied.returncode == 0, applied.stderr
    job = api_server.get("/apis/batch/v1/namespaces/gate/jobs/gate-shard")
    written, _ = yaml.safe_load_all(EXAMPLE.read_text())
    kept = ("completionMode", "completions", "backoffLimitPerIndex", "maxFailedIndexes")
    assert [job["spec"][key] for key in kept] == [written["spec"][key] for key in kept]
    first, second = job["spec"]["podFailurePolicy"]["rules"]
    assert first == written["spec"]["podFailurePolicy"]["rules"][0]
    assert second["action"] == "Ignore"


def test_a_controller_ends_a_part_whose_image_failed_and_tries_an_undecided_one_again(
    api_server: ApiServer, tmp_path: Path
) -> None:
    judge = EXAMPLE.read_text().split("---\n")[0].replace("namespace: gate", "namespace: played")
    api_server.kubectl("create", "namespace", "played")
    with controllers(api_server, tmp_path):
        applied = api_server.kubectl("apply", "-f", "-", stdin=judge)
        assert applied.returncode == 0, applied.stderr
        pods = watched(api_server, "/api/v1/namespaces/played/pods", lambda pods: len(pods) == 8)
        for index, code in {0: 1, 1: 2, 2: 3}.items():
            (pod,) = (name for name in pods if name.startswith(f"gate-shard-{index}-"))
            ended(api_server, pod, code)
        (job,) = watched(
            api_server,
            "/apis/batch/v1/namespaces/played/jobs",
            lambda jobs: jobs["gate-shard"]["status"].get("failed") == 3,
        ).values()
        again = watched(
            api_server,
            "/api/v1/namespaces/played/pods",
            lambda pods: sum(name.startswith("gate-shard-2-") for name in pods) == 2,  # tries
        )
    counted = [pod["metadata"]["annotations"][FAILURES] for pod in again.values()]
    assert sorted(counted) == ["0"] * 8 + ["1"]  # so that no other part was begun again
    assert job["status"]["failedIndexes"] == "0,1"
    assert "conditions" not in job["status"]  # the other parts go on


def ended(server: ApiServer, pod: str, code: int) -> None:
    """Let a Pod end with an exit code, as the kubelet of a node says it."""
    state = {"terminated": {"exitCode": code}}
    container = {"name": "gate", "image": "", "imageID": "", "ready": False, "restartCount": 0}
    status = {"phase": "Failed", "containerStatuses": [container | {"state": state}]}
    done = server.kubectl(
        *("-n", "played", "patch", "pod", pod, "--subresource=status"),
        *("--type=merge", "-p", json.dumps({"status": status})),
    )
    assert done.returncode == 0, done.stderr


def watched(
    server: ApiServer, path: str, found: Callable[[dict[str, dict[str, Any]]], bool]
) -> dict[str, dict[str, Any]]:
    """Return the objects of a list by name, once they are as they should be; 60 seconds at most."""
    listed = server.get(path)
    objects = {item["metadata"]["name"]: item for item in listed["items"]}
    version = listed["metadata"]["resourceVersion"]
    watch = {"watch": "1", "resourceVersion": version, "timeoutSeconds": "60"}
    with server.client.stream("GET", path, params=watch, timeout=70) as answer:
        lines = answer.iter_lines()
        while not found(objects):
            one = json.loads(next(lines))["object"]
            objects[one["metadata"]["name"]] = one
    return objects


def test_the_job_is_clean_by_the_rules_of_gate() -> None:
    done = CliRunner().invoke(app, ["lint", str(EXAMPLE)])
    assert done.exit_code == 0, done.output
