"""The script of a GitLab template, run with another program in place of gate."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import yaml

TEMPLATES: Final = Path(__file__).parents[2] / "gitlab/templates"


def run_job(
    checkout: Path, gate: str, *, template: str = "gate", **given: str
) -> subprocess.CompletedProcess[str]:
    """Run the first and last step of the script with `gate`, a shell script, for the program."""
    text = (TEMPLATES / template / "template.yml").read_text()
    _, (job,) = map(dict.values, yaml.safe_load_all(text))
    script = f"{job['script'][0]}\n{job['script'][-1]}"
    program = checkout.parent / "program"
    program.write_text(f"#!/bin/sh\n{gate}\n")
    program.chmod(0o700)
    secret = checkout.parent / "secret"
    secret.write_text("the key")
    inputs = dict.fromkeys(job["variables"], "")
    settings = {
        "GATE_INPUT_REPORTS": "gate-report",
        "GATE_INPUT_KEY_PATH": "gate.key",
        "GATE_KEY": str(secret),
        **given,
    }
    return subprocess.run(  # noqa: S603  # a fixed shell and the template's own text
        [shutil.which("sh") or "sh", "-euc", script],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "python": str(program), **inputs, **settings},
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
