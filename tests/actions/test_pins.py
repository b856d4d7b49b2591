"""What workflows, actions and pages name of others: by a full commit, never by a tag."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for pattern in (
        ".github/workflows/*.yml",
        "examples/fleet/*.yml",
        "action.yml",
        "actions/*/action.yml",
        "docs/*.md",
    )
    for path in ROOT.glob(pattern)
)
USES = re.compile(r"(?m)^\s*(?:- )?uses: (\S+)(.*)$")
OURS = re.compile(
    r"\$/actions/[a-z]+|\./\.github/workflows/[a-z-]+\.yml|(?:<owner>|OWNER)/gate\S*@(?:<commit>|COMMIT)"
)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.mark.parametrize("path", [*FILES, ROOT / "README.md"], ids=lambda p: str(p.name))
def test_r200_an_action_of_others_is_named_by_its_full_commit_and_its_version(path: Path) -> None:
    for name, comment in USES.findall(path.read_text()):
        if OURS.fullmatch(name):
            continue
        assert PINNED.fullmatch(name), name
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), name


def test_r201_what_an_action_installs_is_locked_by_hash() -> None:
    lines = (ROOT / "requirements.txt").read_text().replace("\\\n", " ").splitlines()
    packages = [line for line in lines if re.match(r"[a-z]", line)]
    assert packages
    assert [line for line in packages if "--hash=sha256:" not in line] == []
    assert "--require-hashes" in (ROOT / "actions/install.sh").read_text()
