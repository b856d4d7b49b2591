"""The Secret that replicas share, and what API servers trust: read and written each few seconds."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from gate.admission.certificate import Pair
from gate.admission.own import Certificates, new_pair, read_shared, shared_data, turned
from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError, GateError
from gate.model.records import dataclass

SETTLED_AFTER: Final = timedelta(seconds=60)
"""For so long a replica sees that a certificate is trusted before that one is shown."""
_TRIES: Final = 5
_WEBHOOKS: Final = "/apis/admissionregistration.k8s.io/v1"


class Objects(Protocol):
    """Reads and writes single objects of a cluster."""

    def get(self, path: str) -> dict[str, Any] | None:
        """Return an object, or None. Raises ClusterError."""

    def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        """Store an object. Raises ClusterError, ObjectChangedError."""

    def patch(self, path: str, operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Patch an object. Raises ClusterError, ObjectChangedError."""

    def close(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNames:
    """Exact names of all that is read and written."""

    namespace: str
    secret: str
    certificate_for: str
    """The DNS name or the address under which API servers reach gate."""
    webhooks: tuple[str, ...]
    """`validatingwebhookconfigurations/NAME`, whose every `caBundle` is written."""

    @property
    def secret_path(self) -> str:
        """Where the Secret is."""
        return f"/api/v1/namespaces/{self.namespace}/secrets/{self.secret}"


class OwnPairs:
    """Certificates that gate makes. Of one server; each round opens the cluster anew."""

    every = 10.0

    def __init__(
        self,
        names: OwnNames,
        open_cluster: Callable[[], Objects],
        clock: Callable[[], datetime],
    ) -> None:
        """Take what is written. Nothing is asked yet."""
        self._names = names
        self._open_cluster = open_cluster
        self._clock = clock
        self._shown: Pair | None = None
        self._trusted_since: tuple[bytes, datetime] | None = None
        self._told = ""

    def changed(self) -> Pair | None:
        """Do what there is to do now; return the pair to show where it is another one.

        Raises GateError: UsageError for a Secret that is not gate's, ClusterError where the API
        server does not let gate read or write. A webhook that is not there yet keeps no server
        from its start.
        """
        fault: GateError | None = None
        try:
            with closing(self._open_cluster()) as cluster:
                held, webhooks = self._turn(cluster)
                try:
                    self._trust(cluster, webhooks, held)
                except ClusterError as error:
                    fault = error
        except GateError as error:
            if self._shown is None or error.problem != self._told:
                self._told = error.problem
                raise
            return None
        if held.shown != self._shown:
            self._shown = held.shown
            return held.shown
        told, self._told = self._told, fault.problem if fault is not None else ""
        if fault is not None and fault.problem != told:
            raise fault
        return None

    def _turn(self, cluster: Objects) -> tuple[Certificates, dict[str, dict[str, Any]]]:
        """Return what is shared now, after this replica's part; and the webhooks before that.

        The webhooks are read first: what is then written to them fails where another replica, which
        knows more, has written meanwhile.
        """
        for _ in range(_TRIES):
            webhooks = {path: cluster.get(path) or {} for path in self._paths()}
            secret = cluster.get(self._names.secret_path)
            if secret is None:
                raise _missing(self._names.secret_path)
            where = f"{self._names.namespace}/{self._names.secret}"
            held = read_shared(secret.get("data") or {}, where)
            now = self._clock()
            after = turned(
                held,
                now,
                settled=self._is_settled(held, webhooks, now),
                make=lambda: new_pair(self._names.certificate_for, self._clock()),
            )
            if after == held:
                return held, webhooks
            try:
                written = {**secret, "data": shared_data(after)}
                cluster.replace(self._names.secret_path, written)
            except ObjectChangedError:
                continue  # another replica was quicker
            return after, webhooks
        raise ClusterError(
            "cluster-unexpected",
            f"{self._names.secret_path} changes all the time",
            remedy="look who writes to this Secret beside gate",
        )

    def _is_settled(
        self, held: Certificates, webhooks: dict[str, dict[str, Any]], now: datetime
    ) -> bool:
        following = held.following
        trusted = [bundle for one in webhooks.values() for _, bundle in _bundles(one)]
        if following is None or not trusted or not all(following.certificate in b for b in trusted):
            self._trusted_since = None
            return False
        if self._trusted_since is None or self._trusted_since[0] != following.certificate:
            self._trusted_since = following.certificate, now
        return now >= self._trusted_since[1] + SETTLED_AFTER

    def _trust(
        self, cluster: Objects, webhooks: dict[str, dict[str, Any]], held: Certificates
    ) -> None:
        """Let API servers trust every certificate that some replica shows or will show."""
        text = base64.b64encode(held.trusted).decode()
        for path, webhook in webhooks.items():
            if not webhook:
                raise _missing(path)
            places = [number for number, bundle in _bundles(webhook) if bundle != held.trusted]
            if not places:
                continue
            version = webhook.get("metadata", {}).get("resourceVersion")
            operations: list[dict[str, Any]] = [
                {"op": "test", "path": "/metadata/resourceVersion", "value": version}
            ]
            for number in places:
                place = f"/webhooks/{number}/clientConfig/caBundle"
                operations.append({"op": "add", "path": place, "value": text})
            with suppress(ObjectChangedError):  # the next round reads what it is now
                cluster.patch(path, operations)

    def _paths(self) -> Iterator[str]:
        yield from (f"{_WEBHOOKS}/{name}" for name in self._names.webhooks)


def _bundles(webhook: dict[str, Any]) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each webhook of a configuration, and what it trusts."""
    listed = webhook.get("webhooks")
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        client = one.get("clientConfig") if isinstance(one, dict) else None
        text: Any = client.get("caBundle") if isinstance(client, dict) else None
        try:
            yield number, base64.b64decode(text, validate=True)
        except (TypeError, ValueError):
            yield number, b""


def _missing(path: str) -> ClusterError:
    return ClusterError(
        "cluster-object-missing",
        f"the API server has no {path}",
        remedy="create it as the chart does, or correct its name",
    )
