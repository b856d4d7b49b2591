"""The action's check step, as the runner runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

STEP = Path("actions/check.sh").resolve()


def run(folder: Path, **inputs: str) -> tuple[int, dict[str, str], str]:
    """Run the step in a folder; return its exit code, its outputs and what it printed."""
    output = folder / "output"
    output.touch()
    python = folder / "python"
    python.write_text(
        f'#!/bin/sh\nshift 3\nexec "{sys.executable}" -I -c \'import sys; '
        f'sys.path.insert(0, "{Path.cwd()}"); from gate.__main__ import main; main()\' "$@"\n'
    )
    python.chmod(0o755)
    done = subprocess.run(  # noqa: S603  # our own script
        ["/bin/bash", str(STEP)],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(folder),
            "GITHUB_OUTPUT": str(output),
            "GATE_PYTHON": str(python),
            **inputs,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
    return done.returncode, outputs, done.stdout + done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a policy, a manifest, and modules that would take over a careless start."""
    (tmp_path / ".gate.yaml").write_text(
        "version: 1\nregistries: {allow: [ghcr.io/acme]}\n"
        'images:\n  - match: "**"\n    digest: required\n'
    )
    (tmp_path / "pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"
        "spec: {containers: [{name: c, image: quay.io/x/y:1}]}\n"
    )
    for name in ("yaml.py", "gate.py", "sitecustomize.py", "json.py"):
        (tmp_path / name).write_text("raise SystemExit(0)\n")
    return tmp_path


def test_a_blocked_release_fails_the_step_with_its_outputs_written(checkout: Path) -> None:
    code, outputs, text = run(checkout, GATE_MANIFESTS="pod.yaml\n")
    assert (code, outputs["result"], outputs["exit-code"]) == (1, "blocked", "1"), text
    report = json.loads(Path(outputs["json-file"]).read_text())
    assert [f["code"] for f in report["findings"]] == ["registry-not-allowed"]


def test_a_wrong_call_is_an_error_and_its_report_says_so(checkout: Path) -> None:
    code, outputs, _ = run(checkout, GATE_MANIFESTS="nothing-here")
    assert (code, outputs["result"]) == (2, "error")
    report = json.loads(Path(outputs["json-file"]).read_text())
    assert (report["exitCode"], report["error"]["code"]) == (2, "nothing-found")


@pytest.mark.parametrize("value", ["$(touch ran)", "; touch ran", "--policy=x", "`touch ran`"])
def test_an_input_is_a_value_and_never_a_command_or_an_option(checkout: Path, value: str) -> None:
    code, _, _ = run(checkout, GATE_MANIFESTS=value, GATE_IMAGES=value, GATE_POLICY=".gate.yaml")
    assert code in {1, 2}
    assert not (checkout / "ran").exists()


def test_the_action_says_what_its_steps_take() -> None:
    action = yaml.safe_load(Path("action.yml").read_text())
    step = action["runs"]["steps"][1]
    assert set(action["inputs"]) == {"manifests", "images", "policy", "policy-digest", "dry-run"}
    asked = {v for v in step["env"].values() if "inputs." in v}
    assert asked == {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}
    assert all("${{" not in s["run"] for s in action["runs"]["steps"])
