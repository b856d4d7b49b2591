"""Pages in a real Chromium, which .ci/run installs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.acceptance.ci_tools import absent
from tests.interop.tools import ORACLES

_SCRIPT: Final = Path(__file__).with_name("look.cjs")
_SECONDS: Final = 240


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, how it is looked at, and the steps of `look.cjs`."""

    file: Path
    steps: tuple[tuple[str, ...], ...] = ()
    width: int = 1280
    dark: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a page."""

    answers: list[Any]
    """One for each step."""
    said: list[str]
    """What the console says, errors of scripts, and dialogs."""
    requests: list[str]
    seconds: float
    """How long the page's main thread worked until its first frame, other programs not counted."""


def look(pages: list[Asked]) -> list[Look]:
    """Open each page; without a browser skip, or fail where CI=true."""
    names = ("chromium", "chromium-browser", "google-chrome")
    browser = next(filter(None, map(shutil.which, names)), None)
    node = shutil.which("node")
    modules = ORACLES / "node_modules"
    if browser is None or node is None:
        absent("Chromium or node is not installed: .ci/run installs them")
    if not (modules / "playwright-core").is_dir() or not (modules / "axe-core").is_dir():
        absent("playwright-core and axe-core are not there: .ci/run puts them into .ci/oracles")
    asked = {
        "modules": str(modules),
        "browser": browser,
        "pages": [
            {"file": str(p.file), "width": p.width, "dark": p.dark, "steps": p.steps} for p in pages
        ],
    }
    done = subprocess.run(  # noqa: S603  # a fixed program and the test's own pages
        [str(node), str(_SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stderr
    return [Look(**one) for one in json.loads(done.stdout)]
