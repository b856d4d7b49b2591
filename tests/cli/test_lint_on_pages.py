"""The calls of `gate lint` and `gate explain` on the pages, run from top to bottom."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.builders.commands import called

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"(?m)^\$ gate ((?:lint|explain) .*)$")
PAGES = ("README.md", "docs/lint.md", "docs/cookbook.md")
POLICY = re.compile(r"(?ms)^```yaml\n(version: 1\n[^`]*?  baseline: [^`]*)^```$")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
    - name: web
      image: ghcr.io/acme/shop:1.4
"""
LINE = "automountServiceAccountToken: false"


def calls(page: str) -> list[list[str]]:
    text = (ROOT / page).read_text()
    return [shlex.split(call, comments=True) for call in CALL.findall(text)]


def policy() -> str:
    """Return the policy of the cook book that names a baseline."""
    (found,) = POLICY.findall((ROOT / "docs/cookbook.md").read_text())
    return str(found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/web.yaml").write_text(POD)
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_each_call_on_a_page_comes_to_a_verdict(page: str, folder: Path) -> None:
    said = calls(page)
    (folder / ".gate.yaml").write_text(policy())
    done = [called(*call, folder=folder) for call in said]
    wrong = [(call, one.stderr) for call, one in zip(said, done, strict=True) if one.returncode > 1]
    assert (wrong, said != []) == ([], True)


def test_the_calls_with_a_baseline_know_what_is_there_and_block_what_is_new(folder: Path) -> None:
    (write,) = (call for call in calls("docs/cookbook.md") if "--write-baseline" in call)
    (judge,) = (call for call in calls("docs/cookbook.md") if "--policy" in call)
    (folder / ".gate.yaml").write_text(policy())
    assert called(*write, folder=folder).returncode == 0
    assert called(*judge, folder=folder).returncode == 0
    (folder / "manifests/new.yaml").write_text(POD.replace("web", "new").replace("1.4", "latest"))
    assert called(*judge, folder=folder).returncode == 1


def test_a_difference_is_printed_before_anything_is_written(folder: Path) -> None:
    diff, fix, unsafe = (c for c in calls("docs/lint.md") if {"--diff", "--fix"} & set(c))
    file = folder / "manifests/web.yaml"
    assert f"+  {LINE}" in called(*diff, folder=folder).stdout
    assert file.read_text() == POD
    called(*fix, folder=folder)
    assert (LINE in file.read_text(), "readOnlyRootFilesystem" in file.read_text()) == (True, False)
    called(*unsafe, folder=folder)
    assert "readOnlyRootFilesystem: true" in file.read_text()
