"""Namespaces that are only watched: by name, or by labels that few users may give.

Who may write a namespace could otherwise label it and have nothing refused there. So a request that
gives a namespace one of these labels is refused, unless its user is one that the policy names
(docs/decisions/0054). The labels themselves are read where something would be refused, and nowhere
else. What cannot be read leaves the refusal as it is.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from gate.admission.decision import Denied, Objection
from gate.admission.pull_logins import Reads
from gate.admission.request import AdmissionRequest, Operation, is_namespace
from gate.errors import GateError
from gate.model.records import dataclass
from gate.policy.admission import AdmissionSection, AuditLabels

HELD_FOR: Final = timedelta(seconds=5)
"""How long labels that were read are held, and that they could not be read."""
MOST: Final = 1_000
"""Namespaces whose labels are held, the last that were read."""


Watched: TypeAlias = bool | Objection
"""Whether a namespace is only watched; or why that could not be found out, so that it is not."""


@dataclass(frozen=True, slots=True)
class _Held:
    watched: Watched
    at: datetime


class WatchedNamespaces:
    """Tells which namespaces are only watched. Of one event loop."""

    def __init__(
        self,
        section: AdmissionSection | None,
        *,
        open_cluster: Callable[[], Reads] | None,
        executor: Executor,
        clock: Callable[[], datetime],
    ) -> None:
        """Take the policy's section. Without a cluster, no labels are known."""
        self._names = frozenset((section and section.audit) or ())
        self._labels = section.audit_labels if section is not None else None
        self._open_cluster = open_cluster
        self._executor = executor
        self._clock = clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._reading: dict[str, asyncio.Task[Watched]] = {}

    def refusal(self, asked: AdmissionRequest) -> Denied | None:
        """Return the refusal of a request that gives a namespace one of the labels, and may not.

        To take one away is open to everybody who may write the namespace.
        """
        rule = self._labels
        if rule is None or asked.user in rule.set_by:
            return None
        given = _given(asked, rule.labels)
        if not given:
            return None
        return Denied(
            reasons=tuple(
                Objection(
                    "admission-audit-labels",
                    f"the label {key}={rule.labels[key]} decides whether gate refuses anything in "
                    f"a namespace, and {asked.user} may not set it",
                    "leave the label out, or let a user set it whom `set-by` of the policy's "
                    "`audit-labels` names",
                )
                for key in given
            )
        )

    async def watches(self, namespace: str, seconds: float) -> Watched:
        """Return whether nothing is refused in a namespace, after at most `seconds`."""
        if namespace in self._names:
            return True
        if self._labels is None or not is_namespace(namespace):
            return False
        held = self._held.get(namespace)
        if held is not None and held.at <= self._clock() < held.at + HELD_FOR:
            return held.watched
        reading = self._reading.get(namespace)
        if reading is None:
            reading = asyncio.create_task(self._look(namespace, self._labels))
            self._reading[namespace] = reading
        try:
            return await asyncio.wait_for(asyncio.shield(reading), seconds)
        except TimeoutError:
            return _unknown(namespace, "the API server did not answer in time")

    async def _look(self, namespace: str, rule: AuditLabels) -> Watched:
        at = self._clock()
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._executor, self._read, namespace
            )
            watched: Watched = rule.labels.items() <= _labels_of(found).items()
        except GateError as error:
            watched = _unknown(namespace, error.problem)
        finally:
            del self._reading[namespace]
        self._held[namespace] = _Held(watched, at)
        self._held.move_to_end(namespace)
        if len(self._held) > MOST:
            self._held.popitem(last=False)
        return watched

    def _read(self, namespace: str) -> dict[str, Any] | None:
        if self._open_cluster is None:
            return None
        with closing(self._open_cluster()) as cluster:
            return cluster.get(f"/api/v1/namespaces/{namespace}")


def _given(asked: AdmissionRequest, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of the labels that a request gives a namespace, sorted."""
    if (asked.group, asked.resource) != ("", "namespaces"):
        return ()
    new = _labels_of(asked.object)
    old = _labels_of(asked.old) if asked.operation is Operation.UPDATE else {}
    return tuple(
        key
        for key, value in sorted(labels.items())
        if new.get(key) == value and old.get(key) != value
    )


def _labels_of(namespace: dict[str, Any] | None) -> dict[str, Any]:
    metadata = (namespace or {}).get("metadata")
    found = metadata.get("labels") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _unknown(namespace: str, why: str) -> Objection:
    return Objection(
        "admission-audit-labels-unknown",
        f"the labels of the namespace {namespace} could not be read, so gate refuses there as "
        f"elsewhere: {why}",
        "give gate's account the right to `get` namespaces, and look whether it reaches the API "
        "server",
    )
