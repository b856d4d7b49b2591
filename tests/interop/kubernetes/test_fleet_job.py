"""The example of an Indexed Job is what a real API server takes, with nothing dropped."""

from __future__ import annotations

from pathlib import Path

import yaml
from typer.testing import CliRunner

from gate.cli.app import app
from tests.interop.kubernetes.api_server import ApiServer

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


def test_the_job_is_clean_by_the_rules_of_gate() -> None:
    done = CliRunner().invoke(app, ["lint", str(EXAMPLE)])
    assert done.exit_code == 0, done.output
