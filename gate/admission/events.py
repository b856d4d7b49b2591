"""Events of Kubernetes beside what is let in and would be refused: few, and each cause once.

They are written behind the answer, so that no request waits for one. What is over a bound is left
out and counted; the log and the metrics have every decision.
https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeAlias

from gate.admission.answer import message_of
from gate.admission.decision import Allowed, Decision
from gate.admission.request import AdmissionRequest, is_namespace
from gate.cluster.single import ObjectChangedError
from gate.errors import GateError
from gate.model.records import dataclass
from gate.model.words import clipped, timestamp
from gate.reports.neutral import terminal

SAID_FOR: Final = timedelta(minutes=10)
"""In this time the same is written once about one object, or about all that one owner makes."""
A_MINUTE: Final = 60
"""Events that one replica writes."""
OF_A_NAMESPACE: Final = 10
"""Of those, about one namespace."""
WAITING: Final = 100
"""Events that wait to be written."""
PAUSE: Final = 10.0
"""Seconds without an event after one that no API server took."""
_AWAY: Final = frozenset(("cluster-unreachable", "cluster-unexpected"))
"""Why the API server as a whole takes none. One that refuses may do so for a single namespace."""
RESULTS: Final = ("written", "repeated", "left-out", "failed")
"""What becomes of an event: `repeated` was said already, `left-out` is over a bound."""
_REMEMBERED: Final = 1_000
_MINUTE: Final = timedelta(minutes=1)
_MAX_MESSAGE: Final = 1_000
"""An event's message holds 1,024 characters."""
_LONGEST_NAME: Final = 253

_Key: TypeAlias = tuple[str, ...]


class Creates(Protocol):
    """Creates single objects of a cluster."""

    def create(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        """Store a new object. Raises ClusterError, ObjectChangedError."""

    def close(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventText:
    """What an event says, and of which object."""

    api_version: str
    kind: str
    namespace: str
    """Empty for an object that has none: its event is in the namespace `default`."""
    name: str
    uid: str
    message: str
    """May hold foreign text."""

    @property
    def path(self) -> str:
        """Where the event is created."""
        return f"/api/v1/namespaces/{self.namespace or 'default'}/events"

    def value(self, identity: str, at: datetime) -> dict[str, Any]:
        """Return the event, as this replica writes it at this time."""
        return {
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"generateName": "gate-", "namespace": self.namespace or "default"},
            "involvedObject": {
                "apiVersion": self.api_version,
                "kind": self.kind,
                "namespace": self.namespace,
                "name": self.name,
                "uid": self.uid,
            },
            "type": "Warning",
            "reason": "WouldBeRefused",
            "message": clipped(terminal(self.message), _MAX_MESSAGE),
            "source": {"component": "gate"},
            "reportingComponent": "gate",
            "reportingInstance": clipped(identity, 128),
            "firstTimestamp": timestamp(at),
            "lastTimestamp": timestamp(at),
            "count": 1,
        }


class RefusalEvents:
    """Writes an event for each refusal that was only a warning. Of one event loop."""

    def __init__(
        self,
        open_cluster: Callable[[], Creates],
        *,
        identity: str,
        executor: Executor,
        clock: Callable[[], datetime],
        log: Callable[[dict[str, Any]], None],
    ) -> None:
        """Take the cluster, and this replica's name. Nothing is written before `write` runs."""
        self._open_cluster = open_cluster
        self._identity = identity
        self._executor = executor
        self._clock = clock
        self._log = log
        self._said: OrderedDict[_Key, datetime] = OrderedDict()
        self._queue: asyncio.Queue[tuple[_Key, EventText]] = asyncio.Queue(WAITING)
        self._minute = clock()
        self._in_minute = Counter[str]()
        self._is_failing = False
        self.counted = Counter[str]()
        """How many came to each of `RESULTS`."""

    def heard(self, asked: AdmissionRequest, decision: Decision) -> None:
        """Take a decision. One that lets in what would be refused becomes an event, if it may."""
        if not isinstance(decision, Allowed) or decision.would is None or asked.dry_run:
            return
        if asked.namespace and not is_namespace(asked.namespace):
            return  # it would become a part of a path
        event, owner = _event(asked, message_of(decision.would))
        key = (event.namespace, event.kind, owner, event.message)
        now = self._clock()
        said = self._said.get(key)
        if said is not None and said <= now < said + SAID_FOR:
            self.counted["repeated"] += 1
            return
        if self._queue.full() or not self._may_say(event.namespace, now):
            self.counted["left-out"] += 1
            return
        self._said[key] = now
        self._said.move_to_end(key)
        if len(self._said) > _REMEMBERED:
            self._said.popitem(last=False)
        self._queue.put_nowait((key, event))

    async def write(self) -> None:
        """Write what was heard, one after another, until it is cancelled."""
        while True:
            if not await self.write_next():
                await asyncio.sleep(PAUSE)

    async def write_next(self) -> bool:
        """Wait for an event and write it; return whether the API server takes events now."""
        key, event = await self._queue.get()
        try:
            await asyncio.get_running_loop().run_in_executor(self._executor, self._put, event)
        except (GateError, ObjectChangedError, OSError) as error:
            self.counted["failed"] += 1
            self._said.pop(key, None)
            if not self._is_failing:
                why = terminal(str(error), limit=_MAX_MESSAGE)
                self._log({"event": "event-failed", "namespace": event.namespace, "why": why})
            self._is_failing = True
            return not (isinstance(error, GateError) and error.code in _AWAY)
        self.counted["written"] += 1
        self._is_failing = False
        return True

    def _may_say(self, namespace: str, now: datetime) -> bool:
        if not self._minute <= now < self._minute + _MINUTE:
            self._minute = now
            self._in_minute.clear()
        if self._in_minute.total() >= A_MINUTE or self._in_minute[namespace] >= OF_A_NAMESPACE:
            return False
        self._in_minute[namespace] += 1
        return True

    def _put(self, event: EventText) -> None:
        with closing(self._open_cluster()) as cluster:
            cluster.create(event.path, event.value(self._identity, self._clock()))


def _event(asked: AdmissionRequest, message: str) -> tuple[EventText, str]:
    """Return what is said of the object of a request, and the name of what made it, or its own.

    Pods that one owner makes differ in their names alone. A name of an owner that a person wrote
    holds back no more than an event that says the same.
    """
    metadata = (asked.object or {}).get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = asked.name or _text(metadata.get("name")) or _text(metadata.get("generateName"))
    owners = metadata.get("ownerReferences")
    made_by = [
        f"{_text(one.get('kind'))} {_text(one.get('name'))}"
        for one in (owners if isinstance(owners, list) else ())
        if isinstance(one, dict) and one.get("controller") is True
    ]
    event = EventText(
        api_version=asked.api_version,
        kind=asked.kind,
        # A namespace's own name is not where it is.
        namespace="" if asked.resource == "namespaces" else asked.namespace,
        name=name,
        uid=_text(metadata.get("uid")),
        message=message,
    )
    return event, made_by[0] if made_by else f"{asked.kind} {name}"


def _text(value: object) -> str:
    return clipped(value, _LONGEST_NAME) if isinstance(value, str) else ""
