"""What runs already, judged again and again beside the door, by one replica at a time.

A process of its own does it, with a low priority, and says a short summary: no answer of the door
waits for an audit. It reads; what is written are the Lease and events.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from gate.admission.events import Creates, EventText
from gate.admission.lease import SharedTurn
from gate.cluster.objects import WORKLOADS
from gate.cluster.single import ObjectChangedError
from gate.errors import GateError
from gate.model.records import dataclass
from gate.model.words import timestamp
from gate.reports.neutral import terminal

LOOK_EVERY: Final = 60.0
"""Seconds after which a replica looks whether the turn has come, or says that it is there."""
LONGEST: Final = 3_600.0
"""Seconds of one audit."""
AGAIN_IN: Final = timedelta(minutes=10)
"""After an audit that failed."""
MAX_OUTPUT: Final = 1024 * 1024
MAX_EVENTS: Final = 100


class AuditedCluster(Creates, Protocol):
    """Reads and creates single objects of a cluster."""

    def get(self, path: str) -> dict[str, Any] | None:
        """Return an object, or None. Raises ClusterError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedObject:
    """An object that would not be let in, and why."""

    kind: str
    namespace: str
    name: str
    code: str
    message: str
    """May hold foreign text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """What one audit found."""

    at: datetime
    objects: int = 0
    codes: Mapping[str, int] = field(default_factory=dict)
    """How many findings block, by code."""
    undecided: int = 0
    refused: Sequence[RefusedObject] = ()
    """The first that would not be let in."""

    @property
    def value(self) -> dict[str, Any]:
        """What `/status` shows."""
        return {
            "at": timestamp(self.at),
            "objects": self.objects,
            "findings": sum(self.codes.values()),
            "undecided": self.undecided,
            "codes": ", ".join(f"{code} {n}" for code, n in sorted(self.codes.items())),
        }


class AuditFailedError(Exception):
    """An audit came to no end. The text says why."""


@dataclass(slots=True, kw_only=True)
class Audits:
    """Audits a cluster from time to time. Of one event loop."""

    command: Sequence[str]
    """Prints the summary as one JSON object."""
    turn: SharedTurn
    open_cluster: Callable[[], AuditedCluster]
    clock: Callable[[], datetime]

    async def once(
        self, heard: Callable[[AuditSummary | None], None], log: Callable[[dict[str, Any]], None]
    ) -> None:
        """Audit if the turn has come. `heard` gets None of an audit that failed."""
        try:
            if not await asyncio.to_thread(self.turn.take):
                return
            log({"event": "audit-begun"})
            summary = await self._summary()
            told = await asyncio.to_thread(self._tell_events, summary)
            await asyncio.to_thread(self.turn.end)
        except (GateError, AuditFailedError, OSError) as error:
            heard(None)
            code = error.code if isinstance(error, GateError) else "audit-failed"
            log({"event": "audit-failed", "code": code, "why": terminal(str(error), limit=300)})
            await self._give_up(log)
            return
        heard(summary)
        log({"event": "audit-ended", **summary.value, "events": told})

    async def _give_up(self, log: Callable[[dict[str, Any]], None]) -> None:
        try:
            await asyncio.to_thread(lambda: self.turn.end(again_in=AGAIN_IN))
        except GateError as error:
            log({"event": "audit-failed", "code": error.code, "why": error.problem})

    async def _summary(self) -> AuditSummary:
        process = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        reading = asyncio.create_task(_output(process))
        end = asyncio.get_running_loop().time() + LONGEST
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=LOOK_EVERY)
                if reading.done():
                    break
                if asyncio.get_running_loop().time() > end:
                    msg = f"it took more than {LONGEST:g} seconds"
                    raise AuditFailedError(msg)
                if not await asyncio.to_thread(self.turn.renew):
                    msg = "another replica has taken over"
                    raise AuditFailedError(msg)
            return read_summary(reading.result(), self.clock())
        finally:
            reading.cancel()
            if process.returncode is None:
                process.kill()
                await process.wait()

    def _tell_events(self, summary: AuditSummary) -> int:
        """Write an event beside each object that would not be let in; return how many."""
        told = 0
        with closing(self.open_cluster()) as cluster:
            for one in summary.refused[:MAX_EVENTS]:
                found = _path(one)
                live = cluster.get(found[1]) if found else None
                if found is None or live is None:
                    continue  # it is gone, or its kind is none of Kubernetes' own
                metadata = live.get("metadata")
                event = EventText(
                    api_version=found[0],
                    kind=one.kind,
                    namespace=one.namespace,
                    name=one.name,
                    uid=metadata.get("uid", "") if isinstance(metadata, dict) else "",
                    message=f"[{one.code}] {one.message}",
                )
                try:
                    cluster.create(event.path, event.value(self.turn.identity, summary.at))
                except ObjectChangedError:
                    continue  # its namespace is being deleted
                told += 1
        return told


async def _output(process: asyncio.subprocess.Process) -> bytes:
    if process.stdout is None:
        msg = "it has no output to read"
        raise AuditFailedError(msg)
    data = bytearray()
    while part := await process.stdout.read(65_536):
        data += part
        if len(data) > MAX_OUTPUT:
            msg = f"it printed more than {MAX_OUTPUT} bytes"
            raise AuditFailedError(msg)
    await process.wait()
    return bytes(data)


def read_summary(data: bytes, at: datetime) -> AuditSummary:
    """Read what an audit printed. Raises AuditFailedError where it says no result."""
    try:
        said = json.loads(data)
        if "error" in said:
            raise AuditFailedError(f"[{said['error']}] {said['why']}")
        return AuditSummary(
            at=at,
            objects=int(said["objects"]),
            codes={str(code): int(n) for code, n in said["codes"].items()},
            undecided=int(said["undecided"]),
            refused=tuple(
                RefusedObject(**{str(k): str(v) for k, v in one.items()}) for one in said["refused"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = "it ended without a result"
        raise AuditFailedError(msg) from error


def _path(one: RefusedObject) -> tuple[str, str] | None:
    """Return the version of a kind, and where the object is."""
    for version, kind, resource in WORKLOADS:
        if kind == one.kind:
            base = "/api/v1" if version == "v1" else f"/apis/{version}"
            return version, f"{base}/namespaces/{one.namespace}/{resource}/{one.name}"
    return None


def identity_of(random: str) -> str:
    """Return a name for this process that no other has: its host's and some random text."""
    return f"{socket.gethostname()[:100]}_{random}"
