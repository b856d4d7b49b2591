"""What OpenSSF Scorecard looks for in a repository, as far as its files can tell."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = sorted((ROOT / ".github/workflows").glob("*.yml"))
PROGRAMS: Final = (
    *(b"\x7fELF", b"MZ", b"PK\x03\x04", b"\x1f\x8b", b"!<arch>", b"\xca\xfe\xba\xbe"),
    *(b"\xcf\xfa\xed\xfe", b"\x00asm", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
)
"""How programs, libraries, classes and archives begin."""
INSTALLS: Final = re.compile(r"pip(?:\s+--python\s+\S+)?\s+(?:install|download)\b(.*)")
UNTRUSTED: Final = {"pull_request_target", "workflow_run", "issue_comment", "issues"}


def tracked() -> list[Path]:
    """Return the files of the repository; of a copy without one, no test of them is run."""
    done = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607  # of who tests
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = [name for name in done.stdout.split("\0") if name]
    if not names:
        pytest.skip("this is no clone of the repository: git lists no file")
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def read(path: Path) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(path.read_text())
    return found


def test_no_file_of_the_repository_is_a_program_or_an_archive() -> None:
    found = []
    for path in tracked():
        with path.open("rb") as file:
            if file.read(6).startswith(PROGRAMS):
                found.append(path.name)
    assert found == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_begins_with_no_permission_and_each_job_names_its_own(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {}
    assert [name for name, job in workflow["jobs"].items() if "permissions" not in job] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_workflow_runs_with_rights_on_what_a_stranger_wrote(path: Path) -> None:
    workflow = read(path)
    asked = workflow[True]  # `on`, as YAML 1.1 reads it
    assert UNTRUSTED.isdisjoint(asked)
    steps = [step for job in workflow["jobs"].values() for step in job.get("steps", ())]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_what_ci_installs_of_python_is_locked_by_hash() -> None:
    """Only gate itself, from this folder or as the wheel that was just built, has no hash."""
    scripts = (*WORKFLOWS, ROOT / "Makefile", ROOT / "Containerfile")
    found = []
    for path in (*scripts, *(ROOT / ".ci" / name for name in ("run", "advisories"))):
        text = re.sub(r"\\\n\s*", " ", path.read_text())
        found += [words.strip() for words in INSTALLS.findall(text)]
    assert len(found) > len(scripts)
    unlocked = [words for words in found if "--require-hashes" not in words]
    assert [w for w in unlocked if "--editable ." not in w and "dist/*.whl" not in w] == []


def test_actions_have_a_tool_that_proposes_newer_commits() -> None:
    (update,) = read(ROOT / ".github/dependabot.yml")["updates"]
    assert update["package-ecosystem"] == "github-actions"
    assert update["cooldown"]["default-days"] >= 7  # most that are taken over are found by then


def test_ci_fuzzes_each_parser_and_the_rules_for_reports_and_use_are_there() -> None:
    assert "tests.fuzz all" in (ROOT / ".ci/run").read_text()
    assert "Report a vulnerability" in (ROOT / "SECURITY.md").read_text()
    assert "Apache License" in (ROOT / "LICENSE").read_text()
