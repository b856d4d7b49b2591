"""Try every fault of every call: `python -m tests.faults`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.faults.table import boundaries, cases, tried

RECORD: Final = Path(__file__).with_name("outcomes.json")


def main() -> int:
    """Write what became of all runs. Exit code 1 where something may not be."""
    rows = []
    for boundary in boundaries():
        calls = len(boundary.calls())
        rows.append(tried(boundary, cases(boundary, calls), calls))
        print(boundary.name, calls, *rows[-1].wrong, sep="\n  ", flush=True)
    said = {
        "command": "python -m tests.faults",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "boundaries": [row.to_json() for row in rows],
    }
    RECORD.write_text(json.dumps(said, indent=1) + "\n")
    return int(any(row.wrong for row in rows))


if __name__ == "__main__":
    sys.exit(main())
