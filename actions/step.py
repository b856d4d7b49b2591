"""One step: inputs from the environment, gate as a process, outputs before the exit code.

Run as `python -I -m actions.step COMMAND`, where COMMAND is `check`, `admit` or `lint`. Every
input is a variable `GATE_<INPUT>`; an empty one counts as not given. No input says what is
allowed: that is the policy's to say.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from actions import runner
from actions.artifacts import built_images
from actions.events import is_unmerged
from actions.outputs import Reports, outputs_of
from gate.errors import UsageError

WRONG_CALL: Final = 2
MODES: Final = {
    "check": ("auto", "enforce", "dry-run", "audit"),
    "lint": ("enforce", "audit"),
    "admit": ("enforce",),
}
"""By command; the first where none is given. What is admitted is deployed: no audit there."""
VALUES: Final = {
    "policy": "--policy",
    "policy-digest": "--policy-digest",
    "profile": "--profile",
    "kubernetes-version": "--kubernetes-version",
    "release": "--release",
    "registries": "--registries",
    "deployment-record": "--deployment-record",
    "cluster": "--cluster",
}
"""Inputs of one value, and their options."""
LISTS: Final = {
    "images": "--image",
    "bundles": "--bundle",
    "links": "--links",
    "values": "--values",
    "plain-http": "--plain-http",
}
"""Inputs of one value a line, and their options."""


def main(command: str) -> int:
    """Run gate, write what the runner reads, and return the step's exit code."""
    reports = Reports(Path(tempfile.mkdtemp(prefix="gate-report.", dir=os.environ["RUNNER_TEMP"])))
    try:
        arguments = gate_arguments(command, reports)
        mode = _one_of("mode", MODES[command])
        shown = {name: _boolean(name) for name in ("annotations", "summary")}
    except UsageError as error:
        runner.write_outputs(outputs_of(command, WRONG_CALL, reports))
        runner.say_error(f"{error.problem}: {error.remedy}")
        return WRONG_CALL
    code = _run(arguments)
    outputs = outputs_of(command, code, reports)
    runner.write_outputs(outputs)
    if shown["summary"]:
        runner.add_summary(reports.summary)
    if shown["annotations"]:
        runner.annotate(reports.annotations)
    if outputs["result"] == "error":
        if not outputs["json-file"]:
            runner.say_error(f"gate {command} ended with {code} and no report; the log says why")
        return code or WRONG_CALL
    return 0 if mode == "audit" else code


def gate_arguments(command: str, reports: Reports) -> list[str]:
    """Return gate's arguments. Raises UsageError."""
    arguments = [command, *reports.options(command)]
    for name, option in VALUES.items():
        if value := _value(name):
            arguments.append(f"{option}={value}")
    paths, images = _lines("manifests"), _lines("images")
    if command == "check":
        if _unsigned(_value("mode")):
            arguments.append("--dry-run")
        if not paths and not images:
            images = built_images(os.environ.get("GITHUB_ARTIFACTS_LIST", ""))
    if command == "admit" and _boolean("pin", default=False):
        arguments.append(f"--pinned={reports.pinned}")
    if _boolean("render", default=False):
        arguments.append("--render")
    if not paths and not images:
        raise UsageError(
            "nothing-given",
            "there is nothing to judge",
            remedy="name manifests or images, one a line",
        )
    lists = {name: images if name == "images" else _lines(name) for name in LISTS}
    arguments += [f"{LISTS[name]}={value}" for name in LISTS for value in lists[name]]
    return [*arguments, "--", *paths] if paths else arguments


def _unsigned(mode: str) -> bool:
    """Whether a mode signs nothing. No policy would take unasked what a pull request signs."""
    if mode in {"", "auto"}:
        return is_unmerged(os.environ)
    return mode != "enforce"


def _run(arguments: Sequence[str]) -> int:
    """Run gate in the checkout, with what it prints in the step's log."""
    sys.stdout.flush()
    program = [sys.executable, "-I", "-m", "gate", *arguments]
    done = subprocess.run(program, check=False)  # noqa: S603  # every input is one argument
    return done.returncode if done.returncode >= 0 else 128 - done.returncode


def _value(name: str) -> str:
    return os.environ.get(f"GATE_{name.upper().replace('-', '_')}", "").strip()


def _lines(name: str) -> tuple[str, ...]:
    lines = [line.strip() for line in _value(name).splitlines()]
    found = tuple(line for line in lines if line)
    for line in found:
        if line.startswith("-"):
            raise UsageError(
                "input-option",
                f"{name} has {line!r}, which looks like an option",
                remedy="inputs are values; a file of such a name is given as ./-name",
            )
    return found


def _one_of(name: str, allowed: Sequence[str]) -> str:
    value = _value(name) or allowed[0]
    if value not in allowed:
        raise UsageError(
            "input-unknown", f"{name} is {value!r}", remedy=f"write {' or '.join(allowed)}"
        )
    return value


def _boolean(name: str, *, default: bool = True) -> bool:
    allowed = ("true", "false") if default else ("false", "true")
    return _one_of(name, allowed) == "true"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
