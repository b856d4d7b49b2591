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

ATTEST = "actions/attest@"


def steps(job: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = JOBS[job].get("steps", [])
    return found


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone whose head holds no file of the one who tests."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    if not (ROOT / ".venv/bin/hatchling").exists():
        pytest.skip("hatchling is not in .venv: make .venv/.ready installs it")
    made = tmp_path / "clone"
    origin = f"file://{ROOT}"
    _git("clone", "--quiet", "--depth=1", origin, str(made), at=tmp_path)
    (made / ".venv").symlink_to(ROOT / ".venv")
    shutil.copy(ROOT / ".ci/build", made / ".ci/build")
    _commit(made)
    return made


def _git(*words: str, at: Path) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *words], cwd=at, check=True)  # noqa: S603, S607  # of who tests


def _commit(clone: Path) -> None:
    _git("add", "--all", "--", ":!.venv", at=clone)
    _git("commit", "--quiet", "--allow-empty", "--message=x", at=clone)


def _build(clone: Path, into: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own script
        ["bash", ".ci/build", str(into)],  # noqa: S607  # the shell of the job
        cwd=clone,
        check=False,
        capture_output=True,
        text=True,
    )


def test_one_commit_gives_one_wheel_byte_by_byte_of_the_package_alone(
    clone: Path, tmp_path: Path
) -> None:
    """The script builds in two folders, with files of two times, under two umasks."""
    dist = tmp_path / "dist"
    (clone / "gate/left.py").write_text("what nobody committed")
    done = _build(clone, dist)
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


@pytest.mark.parametrize(
    "told",
    [
        "self.root",
        "str(os.stat(os.path.join(self.root, 'README.md')).st_mtime)",
        "oct(os.stat(os.path.join(self.root, 'README.md')).st_mode)",
    ],
    ids=["folder", "time", "umask"],
)
def test_a_wheel_that_tells_where_when_or_under_which_umask_it_was_built_is_not_released(
    clone: Path, tmp_path: Path, told: str
) -> None:
    (clone / "hatch_build.py").write_text(
        "import os\n"
        "from hatchling.builders.hooks.plugin.interface import BuildHookInterface\n"
        "class Tells(BuildHookInterface):\n"
        "    def initialize(self, version, build_data):\n"
        "        with open(os.path.join(self.root, 'gate/told.txt'), 'w') as file:\n"
        f"            file.write({told})\n"
    )
    with (clone / "pyproject.toml").open("a") as settings:
        settings.write("\n[tool.hatch.build.hooks.custom]\n")
    _commit(clone)
    done = _build(clone, tmp_path / "dist")
    assert done.returncode == 1
    assert re.search(r"gatepass-\S+ differ: ", done.stdout + done.stderr)


def test_the_job_that_builds_can_sign_and_publish_nothing() -> None:
    assert WORKFLOW["permissions"] == {}
    assert JOBS["build"]["permissions"] == {"contents": "read"}
    assert "id-token" not in JOBS["image"]["permissions"]


def test_wheel_and_image_each_get_provenance_and_an_sbom_of_their_own() -> None:
    made = {
        job: [step["with"] for step in steps(job) if step.get("uses", "").startswith(ATTEST)]
        for job in ("attest", "attest-image")
    }
    files = {"subject-path": "dist/*"}
    assert made["attest"] == [files, files | {"sbom-path": "sbom/gate.cdx.json"}]
    (image,) = made["attest-image"]
    assert image["subject-digest"] == "${{ needs.image.outputs.digest }}"
    assert "predicate-type" not in image  # so it is provenance
    scans = {job: re.findall(r"syft scan (\S+)", _scripts(job)) for job in ("build", "image")}
    assert scans == {"build": ["dir:runtime"], "image": ['"registry:${IMAGE}"']}
    assert re.findall(r"--type sbom (\S+)", _scripts("sign")) == ["sbom/image.cdx.json"]


def _scripts(job: str) -> str:
    return "\n".join(step["run"] for step in steps(job) if "run" in step)


@pytest.mark.parametrize("job", ["attest", "attest-image", "publish"])
def test_a_job_that_vouches_for_what_was_built_runs_no_code_of_the_checkout(job: str) -> None:
    commands = [step["name"] for step in steps(job) if "run" in step]
    assert commands == (["Log in"] if job == "attest-image" else [])
    used = [step["uses"] for step in steps(job) if "uses" in step]
    assert [name for name in used if name.startswith("actions/checkout")] == []


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
