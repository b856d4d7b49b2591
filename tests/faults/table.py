"""All boundaries, and what became of each call with each fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.faults import files, release, services
from tests.faults.kinds import Boundary, Fault


@dataclass
class Row:
    """What became of the runs at one boundary."""

    boundary: Boundary
    calls: int
    outcomes: dict[Fault, Counter[str]] = field(default_factory=dict)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the row as `outcomes.json` has it."""
        return {
            "name": self.boundary.name,
            "asks": self.boundary.asks,
            "calls": self.calls,
            "slowest": round(self.slowest, 1),
            "outcomes": {f.value: dict(sorted(c.items())) for f, c in self.outcomes.items()},
        }


def boundaries() -> tuple[Boundary, ...]:
    """Return every place where gate asks something outside of it."""
    return (*release.boundaries(), *services.boundaries(), *files.boundaries())


def cases(boundary: Boundary, calls: int) -> Iterator[tuple[int, Fault]]:
    """Yield each call with each fault."""
    return ((n, fault) for fault in boundary.faults for n in range(calls))


def some_cases(boundary: Boundary, calls: int) -> Iterator[tuple[int, Fault]]:
    """Yield each call with one fault, and each fault."""
    for n in range(max(calls, len(boundary.faults))):
        yield n % calls, boundary.faults[n % len(boundary.faults)]


def tried(boundary: Boundary, of: Iterator[tuple[int, Fault]], calls: int) -> Row:
    """Run each case."""
    row = Row(boundary, calls)
    for number, fault in of:
        seen = boundary.run(number, fault)
        row.outcomes.setdefault(fault, Counter())[seen.outcome] += 1
        row.slowest = max(row.slowest, seen.seconds)
        row.wrong += [f"call {number} {fault}: {what}" for what in boundary.wrong(seen)]
    return row
