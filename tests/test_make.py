"""`make` on a machine whose Python is too old."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

OLD = """\
#!/bin/sh
exec {python} -c 'import sys; sys.version_info = (3, 9, 1, "final", 0); exec(sys.argv[1])' "$2"
"""


@pytest.mark.skipif(not shutil.which("make"), reason="make is not there")
@pytest.mark.parametrize("target", ["demo", "test"])
def test_an_old_python_is_told_in_one_sentence_before_anything_is_made(
    target: str, tmp_path: Path
) -> None:
    for name in ("Makefile", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(Path(__file__).parents[1] / name, tmp_path / name)
    old = tmp_path / "python3.9"
    old.write_text(OLD.format(python=sys.executable))
    old.chmod(0o755)
    done = subprocess.run(  # noqa: S603  # our own Makefile
        ["make", target, f"PYTHON={old}"],  # noqa: S607  # make of the one who tests
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2,
        f"gate needs Python 3.11 or newer, and {old} is 3.9: run make PYTHON=python3.11",
    )
    assert not (tmp_path / ".venv").exists()
