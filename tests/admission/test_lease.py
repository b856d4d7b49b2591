"""The Lease that replicas share: whose turn it is, from when, and how long that holds."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from gate.admission.lease import LAPSES_AFTER, SharedTurn
from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError
from tests.builders.admission import HOUR, NOW, Clock

PATH: Final = "/apis/coordination.k8s.io/v1/namespaces/gate-system/leases/gate-audit"
EVERY: Final = 6 * HOUR
MOMENT: Final = timedelta(milliseconds=1)


@dataclass
class Cluster:
    """An API server with one Lease."""

    spec: Any = None
    clock: Clock = field(default_factory=Clock)
    changed: bool = False
    """Whether another writes just before each write."""
    there: bool = True
    closed: int = 0

    def get(self, path: str) -> dict[str, Any] | None:
        assert path == PATH
        value = {"kind": "Lease", "metadata": {"name": "gate-audit"}, "spec": self.spec}
        return copy.deepcopy(value) if self.there else None

    def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        assert (path, value["kind"], value["metadata"]) == (PATH, "Lease", {"name": "gate-audit"})
        if self.changed:
            raise ObjectChangedError(path)
        self.spec = value["spec"]
        return value

    def close(self) -> None:
        self.closed += 1

    def turn(self, identity: str = "me") -> SharedTurn:
        return SharedTurn(
            open_cluster=lambda: self,
            path=PATH,
            identity=identity,
            every=EVERY,
            clock=self.clock,
        )


def written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def held(by: str, at: datetime = NOW, seconds: object = 180) -> dict[str, Any]:
    return {"holderIdentity": by, "renewTime": written(at), "leaseDurationSeconds": seconds}


def test_a_turn_that_is_taken_names_who_has_it_since_when_and_for_how_long() -> None:
    cluster = Cluster({})
    assert cluster.turn().take()
    assert cluster.spec == held("me")
    assert cluster.closed == 1


@pytest.mark.parametrize(
    ("spec", "after"),
    [
        (held("other"), LAPSES_AFTER),
        (held("other", seconds=60), timedelta(seconds=60)),
        (held("other", seconds=10**6), LAPSES_AFTER),
        (held("other", seconds="60"), timedelta(seconds=60)),
        ({"renewTime": written(NOW)}, EVERY),
        ({"renewTime": written(NOW), "leaseDurationSeconds": 60}, EVERY),
        ({"renewTime": "2026-11-21T12:00:00"}, EVERY),
        ({"renewTime": "2026-11-21T13:00:00+01:00"}, EVERY),
    ],
)
def test_the_turn_comes_when_its_time_is_over_and_no_moment_before(
    spec: dict[str, Any], after: timedelta
) -> None:
    for wait, comes in ((after - MOMENT, False), (after, True)):
        cluster = Cluster(spec, Clock(NOW + wait))
        assert cluster.turn().take() is comes
        assert (cluster.spec == spec) is not comes


@pytest.mark.parametrize(
    "spec",
    [
        None,
        [],
        {},
        {"renewTime": "yesterday"},
        {"renewTime": 7, "holderIdentity": "other"},
        held("other", seconds="x"),
        held("other", seconds=10**18),
        held("other", seconds=[60]),
        held("other", seconds=0),
        held("other", seconds=None),
        {"renewTime": written(NOW), "holderIdentity": "other"},
    ],
)
def test_a_lease_that_says_nothing_that_holds_is_free(spec: Any) -> None:  # noqa: ANN401  # any JSON value
    assert Cluster(spec).turn().take()


def test_a_turn_at_the_end_of_the_calendar_is_one_that_has_not_come() -> None:
    spec = {"renewTime": "9999-12-31T23:59:59.000000Z", "leaseDurationSeconds": 180}
    for said in (spec, {**spec, "holderIdentity": "other"}):
        assert not Cluster(said).turn().take()


@pytest.mark.parametrize(
    ("spec", "own"),
    [
        (held("me"), True),
        (held("other"), False),
        ({"renewTime": written(NOW)}, False),
        ({}, False),
        ({"holderIdentity": "me"}, True),
        ({"holderIdentity": "me", "renewTime": "yesterday"}, True),
        ({"holderIdentity": "other", "renewTime": "yesterday"}, False),
    ],
)
def test_who_has_the_turn_says_that_it_is_still_there(
    spec: dict[str, Any],
    own: bool,  # noqa: FBT001  # what is said
) -> None:
    cluster = Cluster(spec, Clock(NOW + HOUR))
    assert cluster.turn().renew() is own
    assert cluster.spec == (held("me", NOW + HOUR) if own else spec)


@pytest.mark.parametrize(
    ("again_in", "comes"), [(None, EVERY), (timedelta(minutes=10), timedelta(minutes=10))]
)
def test_a_turn_that_is_let_go_comes_again_after_its_time(
    again_in: timedelta | None, comes: timedelta
) -> None:
    cluster = Cluster(held("me"))
    cluster.turn().end(again_in=again_in)
    assert cluster.spec == {"renewTime": written(NOW - EVERY + comes)}
    for wait, taken in ((comes - MOMENT, False), (comes, True)):
        cluster.clock.now = NOW + wait
        assert cluster.turn("other").take() is taken


def test_nobody_lets_go_the_turn_of_another() -> None:
    cluster = Cluster(held("other"))
    cluster.turn().end()
    assert cluster.spec == held("other")


def test_who_is_slower_has_no_turn() -> None:
    for spec, work in (({}, SharedTurn.take), (held("me"), SharedTurn.renew)):
        assert work(Cluster(spec, changed=True).turn()) is False


@pytest.mark.parametrize("work", [SharedTurn.take, SharedTurn.renew, SharedTurn.end])
def test_a_lease_that_is_not_there_is_told(work: Any) -> None:  # noqa: ANN401  # a method
    with pytest.raises(ClusterError) as caught:
        work(Cluster(there=False).turn())
    assert (caught.value.code, caught.value.problem) == (
        "cluster-object-missing",
        f"the API server has no {PATH}",
    )
