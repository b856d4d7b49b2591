"""An environment in which a page's commands run this checkout's program."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    """Return an environment in which `gate` is this checkout's program."""
    programs = folder / "bin"
    programs.mkdir()
    gate = programs / "gate"
    gate.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m gate "$@"\n')
    gate.chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if k not in {"CI", "GITHUB_ACTIONS", "GITLAB_CI"}}
    return kept | {
        "COLUMNS": "100",  # as wide as the page, whatever terminal the tests run in
        "HOME": str(folder),
        "NO_COLOR": "1",
        "PATH": f"{programs}:{os.environ['PATH']}:/usr/bin:/usr/sbin",
        "PYTHONPATH": str(Path.cwd()),
    }
