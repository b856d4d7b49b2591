"""Judge the conditions of gate's rooms: `python -m tests.mutation trust [--jobs 2]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from tests.mutation.equivalent import reason
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.rooms import ROOMS
from tests.mutation.runner import Outcome, Run

ROOT: Final = Path(__file__).parents[2]
SCORES: Final = Path(__file__).parent / "scores"


def main() -> int:
    """Judge the rooms that the call names. Exit code 1 where a mutant survives."""
    call = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    call.add_argument("rooms", nargs="+", choices=sorted(ROOMS))
    call.add_argument("--jobs", type=int, default=1, help="how many mutants at once")
    call.add_argument("--only", default="", help="a part of a module's path")
    call.add_argument("--record", action="store_true", help="write the room's part of the page")
    asked = call.parse_args()
    if asked.record and asked.only:
        call.error("a part of a room is no record of it")
    left = 0
    for room in asked.rooms:
        run = judged(room, asked.only, asked.jobs)
        if run.trouble:
            print(run.trouble, file=sys.stderr)
            return 2
        found = record(room, run.outcomes)
        left += len(found["survivors"])
        print(room, {name: found[name] for name in ("mutants", "killed", "equivalent")})
        if asked.record:
            path = SCORES / f"{room}.json"
            path.write_text(json.dumps(found, indent=1) + "\n")
    return int(left > 0)


def record(room: str, outcomes: Mapping[Mutant, Outcome]) -> dict[str, Any]:
    """Return what `docs/assurance.md` says of a room. What makes no other code is not counted."""
    counted = {m: how for m, how in outcomes.items() if how is not Outcome.SAME}
    rest = [m for m, how in counted.items() if how in {Outcome.SURVIVED, Outcome.UNCALLED}]
    survivors = sorted(str(m) for m in rest if reason(m) is None)
    return {
        "command": f"python -m tests.mutation {room} --record",
        "date": datetime.now(UTC).date().isoformat(),
        "mutants": len(counted),
        "killed": len(counted) - len(rest),
        "equivalent": len(rest) - len(survivors),
        "survivors": survivors,
    }


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
