"""`--registries` is taken before the command and after it, by each command that asks registries."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem

CALLS = {
    "init": ["--image", "localhost:1/a/b:1"],
    "check": ["--image", "localhost:1/a/b:1"],
    "admit": ["--policy", "admit.yaml", "--image", "localhost:1/a/b:1"],
    "pin": ["m.yaml"],
    "sign": ["--key", "gate.key", "localhost:1/a/b:1"],
    "attest": ["--key", "gate.key", "--type", "sbom", "sbom.json", "localhost:1/a/b:1"],
    "why": ["localhost:1/a/b:1"],
    "doctor": [],
    "prune": ["localhost:1/a/b:1"],
}
ADMIT = """\
version: 1
signers: {gate: {key: gate.pub}}
images:
  - match: "**"
    without-pass: a test of another thing
    digest: required
"""


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("command", sorted(CALLS))
def test_the_file_is_read_wherever_the_call_names_it(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATE_REGISTRIES", "")
    key = generate()
    Path("gate.key").write_bytes(private_pem(key))
    Path("gate.pub").write_bytes(public_pem(key.public_key()))
    Path("admit.yaml").write_text(ADMIT)
    if command != "init":
        Path(".gate.yaml").write_text('version: 1\nimages: [{match: "**", digest: required}]\n')
    Path("m.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
        "spec: {containers: [{name: a, image: 'localhost:1/a/b:1'}]}\n"
    )
    Path("sbom.json").write_text(
        json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []})
    )
    where = ["--registries", "not-there.yaml"]
    call = [command, *where, *CALLS[command]] if after else [*where, command, *CALLS[command]]
    done = CliRunner().invoke(app, call)
    assert "not-there.yaml, which says how registries are reached" in done.output
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ((), (), "environment.yaml"),
        (("--registries", "before.yaml"), (), "before.yaml"),
        (("--registries", "before.yaml"), ("--registries", "after.yaml"), "after.yaml"),
        ((), ("--registries", "after.yaml"), "after.yaml"),
    ],
)
def test_the_nearest_word_wins_and_the_environment_stays_as_it_was(
    before: tuple[str, ...],
    after: tuple[str, ...],
    read: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATE_REGISTRIES", "environment.yaml")
    done = CliRunner().invoke(app, [*before, "doctor", *after])
    assert f"{read}, which says how registries are reached" in done.output
    assert os.environ["GATE_REGISTRIES"] == "environment.yaml"


def test_a_command_that_asks_no_registry_does_not_take_it() -> None:
    done = CliRunner().invoke(app, ["lint", "--registries", "r.yaml", "-"])
    assert (done.exit_code, "[option-unknown]" in done.output) == (2, True)
