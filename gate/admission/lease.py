"""Who of several replicas does what one of them shall do: a Lease that they share.

https://kubernetes.io/docs/concepts/architecture/leases/
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError
from gate.model.clock import end_of
from gate.model.records import dataclass

LAPSES_AFTER: Final = timedelta(seconds=180)
"""A replica that has said nothing for so long is taken to be gone."""


class LeaseStore(Protocol):
    """Reads and writes single objects of a cluster."""

    def get(self, path: str) -> dict[str, Any] | None:
        """Return an object, or None. Raises ClusterError."""

    def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        """Store an object. Raises ClusterError, ObjectChangedError."""

    def close(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTurn:
    """A turn that comes round after a time, and that one replica takes. Of one Lease.

    While nobody has it, `renewTime` says when the last turn ended. Methods raise ClusterError.
    """

    open_cluster: Callable[[], LeaseStore]
    path: str
    identity: str
    """Of this process, and no other."""
    every: timedelta
    clock: Callable[[], datetime]

    def take(self) -> bool:
        """Whether the turn has come, and it is this replica's."""
        with closing(self.open_cluster()) as cluster:
            lease = self._read(cluster)
            holder, at, lasts = _spec(lease)
            now = self.clock()
            if at is not None and now < end_of(at, lasts if holder else self.every):
                return False
            return self._write(cluster, lease, holder=True, at=now)

    def renew(self) -> bool:
        """Say that this replica is still there; return whether the turn is still its own."""
        with closing(self.open_cluster()) as cluster:
            lease = self._read(cluster)
            if _spec(lease)[0] != self.identity:
                return False
            return self._write(cluster, lease, holder=True, at=self.clock())

    def end(self, *, again_in: timedelta | None = None) -> None:
        """Let the turn go. The next one comes after `every`, or sooner after `again_in`."""
        with closing(self.open_cluster()) as cluster:
            lease = self._read(cluster)
            if _spec(lease)[0] == self.identity:
                at = self.clock() - self.every + (again_in or self.every)
                self._write(cluster, lease, holder=False, at=at)

    def _read(self, cluster: LeaseStore) -> dict[str, Any]:
        lease = cluster.get(self.path)
        if lease is None:
            raise ClusterError(
                "cluster-object-missing",
                f"the API server has no {self.path}",
                remedy="create the Lease as the chart does, or correct its name",
            )
        return lease

    def _write(
        self, cluster: LeaseStore, lease: dict[str, Any], *, holder: bool, at: datetime
    ) -> bool:
        spec: dict[str, Any] = {"renewTime": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        if holder:
            spec["holderIdentity"] = self.identity
            spec["leaseDurationSeconds"] = int(LAPSES_AFTER.total_seconds())
        try:
            cluster.replace(self.path, {**lease, "spec": spec})
        except ObjectChangedError:
            return False  # another replica was quicker
        return True


def _spec(lease: dict[str, Any]) -> tuple[str, datetime | None, timedelta]:
    """Return the holder, when it last said so, and for how long that holds."""
    spec = lease.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    try:
        at = datetime.fromisoformat(str(spec.get("renewTime")))
        lasts = timedelta(seconds=int(spec.get("leaseDurationSeconds") or 0))
    except (TypeError, ValueError, OverflowError):
        return str(spec.get("holderIdentity") or ""), None, LAPSES_AFTER
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return str(spec.get("holderIdentity") or ""), at, min(lasts, LAPSES_AFTER)
