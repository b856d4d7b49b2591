"""What a runner reads from a step: its outputs, its summary, and commands in its log.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gate.reports.neutral import terminal

MAX_SUMMARY_BYTES: Final = 1024 * 1024
"""A step's summary that is larger is dropped whole by GitHub."""
_TOO_LARGE: Final = "gate: the summary is larger than GitHub shows; see the report files.\n"


def write_outputs(outputs: Mapping[str, str]) -> None:
    """Append the step's outputs, so that no value can end early or begin another one."""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        for name, value in outputs.items():
            mark = f"end-{secrets.token_hex(16)}"
            file.write(f"{name}<<{mark}\n{value}\n{mark}\n")


def add_summary(markdown: Path) -> None:
    """Append a file to the step's summary, where there is one and a runner that shows it."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named or not markdown.is_file():
        return
    summary = Path(named)
    taken = summary.stat().st_size if summary.exists() else 0
    text = markdown.read_text(encoding="utf-8")
    if taken + len(text.encode()) > MAX_SUMMARY_BYTES:
        text = _TOO_LARGE
    with summary.open("a", encoding="utf-8") as file:
        file.write(text)


def annotate(commands: Path) -> None:
    """Print the annotations of a report, where there is one."""
    if commands.is_file():
        sys.stdout.write(commands.read_text(encoding="utf-8"))


def say_error(text: str) -> None:
    """Print one annotation: an error that is not about any file."""
    shown = terminal(text).replace("%", "%25")
    sys.stdout.write(f"::error title=gate::{shown}\n")
