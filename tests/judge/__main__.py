"""Ask both judges about many worlds: `python -m tests.judge --worlds 50000 --jobs 2`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.judge.compare import Disagreement, compared

_PART: Final = 250
"""Worlds that one process is asked about at once."""
RECORD: Final = Path(__file__).with_name("worlds.json")
FORM: Final = "the same, with lists of ended passes, judged in parts and from folders too"
"""What this form of the judge looks at, beside that of the rounds before."""


@dataclass
class Count:
    """What became of the worlds so far."""

    worlds: int = 0
    cleared: int = 0
    admitted: int = 0
    disagreements: int = 0
    wrong_cleared: int = 0


def main() -> int:
    """Count what the judges say. Exit code 1 where they disagree."""
    call = argparse.ArgumentParser(prog="python -m tests.judge", description=__doc__)
    call.add_argument("--worlds", type=int, default=1000)
    call.add_argument("--first", type=int, default=0, help="the seed of the first world")
    call.add_argument("--jobs", type=int, default=1)
    call.add_argument(
        "--record", action="store_true", help=f"a round of {RECORD.name}, for the docs, as it goes"
    )
    asked = call.parse_args()
    last = asked.first + asked.worlds
    parts = [(n, min(n + _PART, last)) for n in range(asked.first, last, _PART)]
    count = Count()
    with ProcessPoolExecutor(asked.jobs) as processes:
        for part, told in processes.map(_ask, *zip(*parts, strict=True)):
            for name, number in asdict(part).items():
                setattr(count, name, getattr(count, name) + number)
            for line in told:
                print(line, flush=True)
            if asked.record:
                _write(asked.first, count)
    print(count)
    return int(bool(count.disagreements))


def _ask(first: int, last: int) -> tuple[Count, list[str]]:
    count = Count()
    told: list[str] = []
    for seed in range(first, last):
        found = compared(seed)
        count.worlds += 1
        count.cleared += found.cleared
        count.admitted += found.deployed
        count.disagreements += bool(found.disagreements)
        count.wrong_cleared += any(d.wrong_cleared for d in found.disagreements)
        told += _lines(found.disagreements)
    return count, told


def _lines(found: tuple[Disagreement, ...]) -> Iterator[str]:
    for one in found:
        yield f"WRONG CLEARED {one}" if one.wrong_cleared else str(one)


def _write(first: int, count: Count) -> None:
    """Put a round into the record, in place of what was told of it before."""
    begins = f"--first {first}"
    command = f"python -m tests.judge --worlds {count.worlds} {begins}"
    said = {"form": FORM, "command": command, "date": f"{datetime.now(UTC):%Y-%m-%d}"}
    rounds = [r for r in json.loads(RECORD.read_text())["rounds"] if begins not in r["command"]]
    rounds.append({**said, **asdict(count), "note": ""})
    RECORD.write_text(json.dumps({"rounds": rounds}, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
