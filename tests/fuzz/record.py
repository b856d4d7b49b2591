"""What searches did in all: `runs.json`, which `docs/assurance.md` tells.

Each recorded search adds its inputs and seconds to those of its target. `coverage` is the most
branches of gate that one search of the target reached. Nothing is in it that no search added.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

RECORD: Final = Path(__file__).with_name("runs.json")
_COMMAND: Final = "make fuzz TIME=60"
_ONE: Final = Lock()


@dataclass(frozen=True)
class Ran:
    """What one search did."""

    runs: int
    seconds: int
    coverage: int

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.runs:,} inputs in {self.seconds} s, {self.coverage:,} branches"


def add(name: str, ran: Ran, record: Path = RECORD) -> None:
    """Add a search of a target to the record."""
    with _ONE:
        said: dict[str, Any] = {"targets": {}}
        if record.exists():
            said = json.loads(record.read_text())
        said |= {"command": _COMMAND, "date": f"{datetime.now(UTC):%Y-%m-%d}"}
        old = said["targets"].get(name, {"runs": 0, "seconds": 0, "coverage": 0})
        said["targets"][name] = {
            "runs": old["runs"] + ran.runs,
            "seconds": old["seconds"] + ran.seconds,
            "coverage": max(old["coverage"], ran.coverage),
        }
        record.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
