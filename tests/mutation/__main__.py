"""Judge the conditions of gate's rooms: `python -m tests.mutation trust [--jobs 2]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.mutation.equivalent import reason
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.rooms import ROOMS
from tests.mutation.runner import Outcome, Run

ROOT: Final = Path(__file__).parents[2]


def main() -> int:
    """Judge the rooms that the call names. Exit code 1 where a mutant survives."""
    call = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    call.add_argument("rooms", nargs="+", choices=sorted(ROOMS))
    call.add_argument("--jobs", type=int, default=1, help="how many mutants at once")
    call.add_argument("--only", default="", help="a part of a module's path")
    call.add_argument("--json", type=Path, help="where the outcomes are written")
    asked = call.parse_args()
    counts: dict[str, Counter[Outcome]] = {}
    rest: list[Mutant] = []
    for room in asked.rooms:
        run = judged(room, asked.only, asked.jobs)
        if run.trouble:
            print(run.trouble, file=sys.stderr)
            return 2
        counts[room] = Counter(run.outcomes.values())
        rest += [
            m for m, how in run.outcomes.items() if how in {Outcome.SURVIVED, Outcome.UNCALLED}
        ]
    for room, count in counts.items():
        print(room, dict(sorted(count.items())))
    if asked.json:
        asked.json.write_text(json.dumps({r: dict(c) for r, c in counts.items()}, indent=1))
    return int(any(reason(m) is None for m in rest))


def judged(room: str, only: str = "", jobs: int = 1) -> Run:
    """Return what became of each mutant of a room."""
    paths, tests = ROOMS[room]
    found = [
        mutant
        for pattern in paths
        for path in sorted(ROOT.glob(pattern))
        if only in str(path)
        for mutant in mutants(path.relative_to(ROOT))
    ]
    run = Run(found, ROOT, _say, jobs)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist"]
    pytest.main([*options, "--no-header", "--no-summary", *tests], plugins=[run])
    return run


def _say(outcome: Outcome, mutant: Mutant) -> None:
    if reason(mutant) is None:
        print(f"{outcome}: {mutant}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
