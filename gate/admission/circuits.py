"""How much one registry may hold up: requests at the same time, and a pause after failures."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from gate.model.records import dataclass
from gate.model.verdict import Outcome, Undecided
from gate.registry.codes import Code

PER_REGISTRY: Final = 8
"""Images of one registry that are looked at together."""
WAITING: Final = 200
"""Images of one registry that are looked at or wait for that."""
FAILURES: Final = 5
"""Images in a row for which a registry gives no answer before it is left alone."""
PAUSE: Final = timedelta(seconds=10)
"""For how long. Then one image is asked for, and its answer decides."""
_MOST: Final = 256
"""Registries that are remembered, the last used; more only while something waits for each."""
_NO_ANSWER: Final = frozenset(
    map(str, (Code.RATE_LIMITED, Code.TIMEOUT, Code.TLS_FAILED, Code.UNEXPECTED_STATUS))
) | {str(Code.UNREACHABLE)}


@dataclass(slots=True)
class Circuit:
    """One registry."""

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PER_REGISTRY))
    waiting: int = 0
    failures: int = 0
    """In a row."""
    open_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether the registry is left alone now."""
        return self.open_until is not None and now < self.open_until

    def hear(self, outcomes: Mapping[str, Outcome], now: datetime) -> None:
        """Take what came of one image."""
        silent = any(isinstance(o, Undecided) and o.code in _NO_ANSWER for o in outcomes.values())
        self.failures = self.failures + 1 if silent else 0
        # From the bound on each failure opens it again: what follows the pause is one trial.
        self.open_until = now + PAUSE if self.failures >= FAILURES else None


class Circuits:
    """Every registry that was asked, by its name. Of one event loop."""

    def __init__(self) -> None:
        """Start with none."""
        self._held: OrderedDict[str, Circuit] = OrderedDict()

    def of(self, registry: str) -> Circuit:
        """Return a registry's circuit."""
        circuit = self._held.setdefault(registry, Circuit())
        self._held.move_to_end(registry)
        if len(self._held) > _MOST:
            idle = [n for n, one in self._held.items() if not one.waiting and n != registry]
            for name in idle[:1]:
                del self._held[name]
        return circuit

    def items(self) -> tuple[tuple[str, Circuit], ...]:
        """Return every registry that is remembered, sorted."""
        return tuple(sorted(self._held.items(), key=lambda item: item[0]))
