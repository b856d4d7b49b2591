"""That somebody asks for advisories of all that gate is locked to."""

from __future__ import annotations

import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
SCRIPT: Final = (ROOT / ".ci/advisories").read_text()
WORKFLOW: Final[dict[Any, Any]] = yaml.safe_load(
    (ROOT / ".github/workflows/advisories.yml").read_text()
)


def _asked() -> list[str]:
    patterns = re.search(r"(?m)^for lock in (.+); do$", SCRIPT)
    assert patterns is not None
    return patterns[1].split()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_every_lock_of_the_repository_is_asked_about() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "*.txt"],  # noqa: S607  # git of the one who tests
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    locks = [name for name in tracked if "--hash=sha256:" in (ROOT / name).read_text()]
    assert {"requirements.txt", ".ci/tools.txt"} <= set(locks)
    assert [name for name in locks if not any(fnmatch(name, one) for one in _asked())] == []


def test_what_asks_is_locked_by_hash_and_takes_no_silence_for_good_news() -> None:
    lines = (ROOT / ".ci/advisories.txt").read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if re.match(r"[a-z]", line)]
    assert [package for package in packages if package.startswith("pip-audit==")] != []
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    install, ask = (line for line in SCRIPT.replace("\\\n", " ").splitlines() if "--req" in line)
    assert {"--require-hashes", "--no-deps"} <= set(install.split())
    assert {"--strict", "--disable-pip"} <= set(ask.split())


def test_it_is_asked_every_day_by_a_job_that_may_only_read() -> None:
    on = WORKFLOW[True]  # YAML 1.1 reads `on` so
    assert re.fullmatch(r"\d+ \d+ \* \* \*", on["schedule"][0]["cron"])
    assert WORKFLOW["permissions"] == {}
    (job,) = WORKFLOW["jobs"].values()
    assert job["permissions"] == {"contents": "read"}
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/advisories"]
