"""What a command imports before it is needed. Start-up is a feature; this is what keeps it."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import gate.cli.commands
from gate.cli.app import COMMANDS, CommandsByName, build

HEAVY = {
    "sigstore", "httpx", "cryptography", "pydantic", "yaml", "rich", "in_toto",
    "securesystemslib", "gate.policy.document", "gate.pipeline", "gate.registry",
    "gate.trust", "gate.lint", "gate.signing", "gate.admission", "uvicorn",
}  # fmt: skip


def imported(*arguments: str) -> set[str]:
    program = (
        "import sys\n"
        f"sys.argv = ['gate', *{arguments!r}]\n"
        "from gate.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write('\\n'.join(sys.modules))\n"
    )
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout
    return set(done.stderr.splitlines())


def test_the_version_is_told_without_importing_a_command() -> None:
    assert not imported("--version") & (HEAVY | {"typer"})


@pytest.mark.parametrize("command", COMMANDS)
def test_the_list_of_commands_says_of_each_what_its_own_help_says_first(command: str) -> None:
    listed, built = CommandsByName().commands[command], build(command)
    assert (listed.name, listed.hidden) == (built.name, built.hidden)
    for width in (20, 45, 100):
        assert listed.get_short_help_str(width) == built.get_short_help_str(width)


def test_every_module_of_a_command_is_in_the_list_of_commands() -> None:
    found = {module.name for module in pkgutil.iter_modules(gate.cli.commands.__path__)}
    assert found == set(COMMANDS)


def test_the_list_of_commands_is_told_without_importing_any_of_them() -> None:
    loaded = imported("--help")
    assert not loaded & HEAVY
    assert not [name for name in loaded if name.startswith("gate.cli.commands")]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_told_without_importing_what_a_run_needs(command: str) -> None:
    assert not imported(command, "--help") & HEAVY


def test_linting_without_a_policy_imports_nothing_that_reads_policies(tmp_path: Path) -> None:
    manifest = tmp_path / "pod.yaml"
    manifest.write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: []}\n")
    loaded = imported("lint", "--format", "json", str(manifest))
    assert not loaded & {"pydantic", "cryptography", "httpx", "gate.policy.document", "xml"}


def test_asking_a_registry_imports_no_command_line_of_a_library() -> None:
    program = "import gate.registry.client, sys; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(  # noqa: S603  # our own interpreter on our own text
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "httpx" in loaded
    assert not loaded & {"rich", "click", "pygments"}
