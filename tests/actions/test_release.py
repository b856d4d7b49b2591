"""How gate itself is released: what can be run here, and who may do what."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate import __version__

ROOT = Path(__file__).parents[2]
WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = JOBS[job].get("steps", [])
    return found


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_one_commit_gives_one_wheel_byte_by_byte_of_the_package_alone(tmp_path: Path) -> None:
    if not (ROOT / ".venv/bin/hatchling").exists():
        pytest.skip("hatchling is not in .venv: make .venv/.ready installs it")
    clone, dist = tmp_path / "clone", tmp_path / "dist"
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (
        ("git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", str(clone)),
        (*git, "-C", str(clone), "commit", "--quiet", "--allow-empty", "--message=x"),
    ):
        subprocess.run(command, check=True)  # noqa: S603  # git of the one who tests
    (clone / ".venv").symlink_to(ROOT / ".venv")
    shutil.copy(ROOT / ".ci/build", clone / ".ci/build")
    (clone / "gate/left.py").write_text("what nobody committed")
    done = subprocess.run(  # noqa: S603  # our own script
        ["bash", ".ci/build", str(dist)],  # noqa: S607  # the shell of the job
        cwd=clone,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = dist.glob("*.whl")
    assert re.search(rf"(?m)^[0-9a-f]{{64}}  {wheel.name}$", done.stdout)
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "gate",
        f"{wheel.name.split('-py3')[0]}.dist-info",
    }
    assert "gate/left.py" not in names
    pages = {f"gate/docs/{path.name}" for path in (clone / "docs").glob("*.md")}
    assert {name for name in names if name.startswith("gate/docs/")} == pages


def test_the_job_that_builds_can_sign_and_publish_nothing() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOBS["build"]["permissions"] == {"contents": "read"}
    assert "id-token" not in JOBS["image"]["permissions"]


@pytest.mark.parametrize("job", ["attest", "publish"])
def test_a_job_that_vouches_for_the_files_runs_no_code_of_the_checkout(job: str) -> None:
    assert [step for step in steps(job) if "run" in step] == []
    assert [s["uses"] for s in steps(job) if s["uses"].startswith("actions/checkout")] == []


def test_what_is_published_needs_an_approval_and_no_token() -> None:
    assert JOBS["publish"]["environment"] == "pypi"
    assert JOBS["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text()


def test_no_step_puts_a_value_of_github_into_a_script() -> None:
    scripts = [step["run"] for job in JOBS for step in steps(job) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_the_version_is_the_same_everywhere_and_has_a_section_in_the_changelog() -> None:
    chart = yaml.safe_load((ROOT / "charts/gate/Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (__version__, __version__)
    sections = re.findall(r"(?m)^## (\S+),", (ROOT / "CHANGELOG.md").read_text())
    assert sections[0] == __version__
    assert f"## To {__version__}\n" in (ROOT / "docs/upgrade.md").read_text()
    assert sys.version_info >= (3, 11)
