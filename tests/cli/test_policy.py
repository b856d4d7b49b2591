"""`gate policy`, and the hooks that call it and `gate lint`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from gate.cli.app import COMMANDS, app

GOOD = 'version: 1\nimages:\n  - match: "**"\n    digest: required\n'
HOOKS = {
    hook["id"]: hook
    for hook in yaml.safe_load((Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text())
}


def policy(*files: Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["policy", *map(str, files)])
    return done.exit_code, done.output


def test_a_policy_that_loads_is_named_with_its_digest(tmp_path: Path) -> None:
    path = tmp_path / ".gate.yaml"
    path.write_text(GOOD)
    code, output = policy(path)
    assert (code, bool(re.fullmatch(rf"{path} sha256:[0-9a-f]{{64}}\n", output))) == (0, True)


def test_every_policy_is_looked_at_and_one_that_is_wrong_is_told_with_its_line(
    tmp_path: Path,
) -> None:
    wrong, good = tmp_path / "wrong.yaml", tmp_path / "good.yaml"
    wrong.write_text(GOOD.replace("digest:", "digets:"))
    good.write_text(GOOD)
    code, output = policy(wrong, good)
    assert code == 2
    assert output.startswith(f"{wrong}:4:5: ")
    assert f"\n{good} sha256:" in output


def test_the_policy_that_a_run_would_use_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    assert policy()[0] == 2
    (tmp_path / ".gate.yaml").write_text(GOOD)
    assert policy()[0] == 0


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        (".gate.yaml", True),
        ("services/shop/.gate.yml", True),
        (".github/gate.yaml", True),
        ("gate.yaml", False),
        ("x.gate.yaml", False),
    ],
)
def test_the_hook_takes_the_files_that_a_run_finds(path: str, *, taken: bool) -> None:
    assert bool(re.search(HOOKS["gate-policy"]["files"], path)) is taken


@pytest.mark.parametrize(
    ("path", "left_out"),
    [(".gate.yaml", True), (".github/workflows/ci.yml", True), ("k8s/shop.yaml", False)],
)
def test_settings_are_not_linted_as_manifests(path: str, *, left_out: bool) -> None:
    assert bool(re.search(HOOKS["gate-lint"]["exclude"], path)) is left_out


def test_a_hook_calls_a_command_that_there_is() -> None:
    assert {hook["entry"].split()[1] for hook in HOOKS.values()} <= set(COMMANDS)
