"""A next step can be taken: every command that a text names is there."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
from typer.testing import CliRunner

from gate.cli.app import COMMANDS, app

NAMED = re.compile(r"`gate ([a-z]+(?:-[a-z]+)*)")


def test_every_command_that_is_named_anywhere_exists() -> None:
    files = [*Path("gate").rglob("*.py"), Path("README.md"), *Path("docs").rglob("*.md")]
    named = {name for file in files for name in NAMED.findall(file.read_text())}
    existing = set(getattr(typer.main.get_command(app), "commands", {}))
    assert {"check", "admit", "lint"} <= named
    assert named - existing == set()


def test_the_list_of_commands_cuts_no_sentence() -> None:
    done = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80"})
    listed = done.stdout.partition("Commands:")[2]
    assert listed.count("\n  ") >= len(COMMANDS)
    assert "..." not in listed
