"""The key of a GitLab job, put down in a checkout that somebody else filled."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import yaml

TEMPLATE = Path(__file__).parents[2] / "gitlab/templates/gate/template.yml"


def run_check(checkout: Path, gate: str) -> None:
    """Run the script's last step with `gate`, a shell script, in the place of the program."""
    _, (job,) = map(dict.values, yaml.safe_load_all(TEMPLATE.read_text()))
    script = job["script"][-1]
    program = checkout.parent / "program"
    program.write_text(f"#!/bin/sh\n{gate}\n")
    program.chmod(0o700)
    secret = checkout.parent / "secret"
    secret.write_text("the key")
    inputs = dict.fromkeys(job["variables"], "")
    given = {
        "GATE_INPUT_REPORTS": "gate-report",
        "GATE_INPUT_KEY_PATH": "gate.key",
        "GATE_KEY": str(secret),
    }
    subprocess.run(  # noqa: S603  # a fixed shell and the template's own text
        [shutil.which("sh") or "sh", "-euc", script],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "python": str(program), **inputs, **given},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=30,
    )


def test_a_link_in_the_checkout_does_not_lead_the_key_into_the_artifacts(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "gate-report").mkdir(parents=True)
    (checkout / "gate.key").symlink_to("gate-report/published.json")
    run_check(checkout, "cat gate.key > ../seen")
    assert (tmp_path / "seen").read_text() == "the key"
    assert not (checkout / "gate-report/published.json").exists()
    assert not (checkout / "gate.key").is_symlink()


def test_a_file_in_the_checkout_does_not_open_the_key_to_others(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "gate.key").write_text("")
    (checkout / "gate.key").chmod(0o666)
    run_check(checkout, "stat -c %a gate.key > ../mode")
    assert (tmp_path / "mode").read_text() == "600\n"
    assert not (checkout / "gate.key").exists()
