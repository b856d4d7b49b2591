"""The digests of tags, as registries say them now. Of one event loop."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from gate.admission.circuits import WAITING, Circuits
from gate.admission.decision import Objection
from gate.admission.find import OpenRegistry
from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference
from gate.model.verdict import Undecided
from gate.pipeline.evaluate import crash

HELD_FOR: Final = timedelta(seconds=5)
"""A tag can move, so what it says is forgotten within seconds."""
MOST: Final = 1_000
"""Tags that are held, the last asked for."""

Said: TypeAlias = Digest | Objection
"""What came of a tag: its digest, or why it is not known."""


class TagBook:
    """What tags say."""

    def __init__(
        self,
        open_registry: OpenRegistry,
        circuits: Circuits,
        *,
        executor: Executor,
        clock: Callable[[], datetime],
    ) -> None:
        """Take where to ask, and how much each registry may hold up."""
        self._open_registry = open_registry
        self._circuits = circuits
        self._executor = executor
        self._clock = clock
        self._held: OrderedDict[ImageReference, tuple[Said, datetime]] = OrderedDict()
        self._flights: dict[ImageReference, asyncio.Task[Said]] = {}

    def __len__(self) -> int:
        """Return how many tags are held."""
        return len(self._held)

    async def digest(self, reference: ImageReference) -> Said:
        """Return the digest that a tag has now. Who stops waiting does not stop the search."""
        held = self._held.get(reference)
        if held is not None and held[1] <= self._clock() < held[1] + HELD_FOR:
            return held[0]
        flight = self._flights.get(reference)
        if flight is None:
            circuit = self._circuits.of(reference.registry)
            if circuit.is_open(self._clock()):
                return _objection(
                    "registry-circuit-open", reference, "its registry gave no answer several times"
                )
            if circuit.waiting >= WAITING:
                return _objection("admission-busy", reference, "gate looks at too many images")
            circuit.waiting += 1
            flight = self._flights[reference] = asyncio.create_task(self._fly(reference))
        return await asyncio.shield(flight)

    async def _fly(self, reference: ImageReference) -> Said:
        circuit = self._circuits.of(reference.registry)
        try:
            async with circuit.slots:
                at = self._clock()
                loop = asyncio.get_running_loop()
                said = await loop.run_in_executor(self._executor, self._resolve, reference)
            heard = {"": Undecided(said.code, "", "")} if isinstance(said, Objection) else {}
            circuit.hear(heard, self._clock())
            self._held[reference] = said, at
            self._held.move_to_end(reference)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
            return said
        finally:
            circuit.waiting -= 1
            self._flights.pop(reference, None)

    def _resolve(self, reference: ImageReference) -> Said:
        """Ask a registry, in a thread. Never raises."""
        try:
            return self._open_registry().resolve(reference).digest
        except RegistryError as error:
            return Objection(error.code, error.problem, error.remedy, str(reference))
        except Exception as error:  # noqa: BLE001  # whatever it is, the digest is not known
            return Objection(*crash(error), str(reference))


def _objection(code: str, reference: ImageReference, problem: str) -> Objection:
    return Objection(code, f"{reference}: {problem}", "try again", str(reference))
