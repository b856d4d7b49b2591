"""Certificates that gate makes: replaced in time, trusted before they are shown, shared."""

from __future__ import annotations

import base64
import copy
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import pytest
from cryptography import x509

from gate.admission.certificate import Pair
from gate.admission.own import VALID_FOR, Certificates, new_pair, read_shared, shared_data
from gate.admission.own_pairs import SETTLED_AFTER, OwnNames, OwnPairs
from gate.cluster.single import ObjectChangedError
from gate.errors import ClusterError, GateError, UsageError
from tests.builders.admission import DAY, NOW, Clock

NAMES: Final = OwnNames(
    namespace="gate-system",
    secret="gate-tls",  # a name
    certificate_for="gate.gate-system.svc",
    webhooks=("validatingwebhookconfigurations/gate",),
)
WEBHOOK: Final = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/gate"
SECOND: Final = timedelta(seconds=1)


@dataclass
class Cluster:
    """An API server with two objects, which counts what is written to each."""

    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    fault: GateError | None = None

    def __post_init__(self) -> None:
        client = {"service": {"name": "gate"}}
        self.put(NAMES.secret_path, {"kind": "Secret", "type": "Opaque"})
        self.put(WEBHOOK, {"webhooks": [{"name": "a", "clientConfig": client}]})

    def put(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        version = str(len(self.writes))
        self.writes.append(path)
        self.held[path] = {**value, "metadata": {"resourceVersion": version}}
        return self.held[path]

    def get(self, path: str) -> dict[str, Any] | None:
        if self.fault is not None:
            raise self.fault
        return copy.deepcopy(self.held.get(path))

    def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        if value["metadata"] != self.held[path]["metadata"]:
            raise ObjectChangedError(path)
        return self.put(path, value)

    def patch(self, path: str, operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
        test, *adds = operations
        if test["value"] != self.held[path]["metadata"]["resourceVersion"]:
            raise ObjectChangedError(path)
        changed = copy.deepcopy(self.held[path])
        for add in adds:
            number = int(add["path"].split("/")[2])
            changed["webhooks"][number]["clientConfig"]["caBundle"] = add["value"]
        return self.put(path, changed)

    def close(self) -> None:
        pass

    @property
    def trusted(self) -> bytes:
        client = self.held[WEBHOOK]["webhooks"][0]["clientConfig"]
        return base64.b64decode(client.get("caBundle", ""))


@dataclass
class Replica:
    """One server, and what it shows."""

    pairs: OwnPairs
    shows: Pair | None = None

    def round(self) -> Pair:
        self.shows = self.pairs.changed() or self.shows
        assert self.shows is not None
        return self.shows


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def replica(cluster: Cluster, clock: Clock) -> Replica:
    return Replica(OwnPairs(NAMES, lambda: cluster, clock))


def test_the_certificate_is_for_the_name_of_the_service_and_signs_nothing_else() -> None:
    made = x509.load_pem_x509_certificate(new_pair("gate.gate-system.svc", NOW).certificate)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["gate.gate-system.svc"]
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert (made.not_valid_after_utc - NOW) == VALID_FOR


def test_replicas_show_one_certificate_that_the_api_server_trusts(
    cluster: Cluster, clock: Clock
) -> None:
    shown = [replica(cluster, clock).round() for _ in range(3)]
    assert shown[0] == shown[1] == shown[2]
    assert cluster.trusted == shown[0].certificate
    written = len(cluster.writes)
    replica(cluster, clock).round()
    assert len(cluster.writes) == written


def test_at_every_moment_of_a_year_what_any_replica_shows_is_trusted_and_valid(
    cluster: Cluster, clock: Clock
) -> None:
    """Three replicas, of which the last is asked once in 40 rounds, as if it were slow."""
    replicas = [replica(cluster, clock) for _ in range(3)]
    for one in replicas:
        one.round()
    shown: set[bytes] = set()
    for day in range(366):
        for moment in (0, 10, 30, 65, 75, 140):
            clock.now = NOW + day * DAY + moment * SECOND
            for number, one in enumerate(replicas):
                if number < 2 or (day * 6 + moment) % 40 == 0:
                    one.round()
                assert one.shows is not None
                assert one.shows.certificate in cluster.trusted
                assert one.shows.not_after > clock.now
                shown.add(one.shows.certificate)
    assert len(shown) == 7  # one each 60 days
    assert cluster.trusted.count(b"BEGIN") <= 3


def test_the_next_certificate_is_shown_only_when_it_was_trusted_for_a_while(
    cluster: Cluster, clock: Clock
) -> None:
    one = replica(cluster, clock)
    first = one.round()
    clock.now = NOW + 61 * DAY
    assert one.round() == first
    assert cluster.trusted.count(b"BEGIN") == 2
    clock.now += SETTLED_AFTER
    assert one.round() == first  # it sees only now that the API server has it
    clock.now += SETTLED_AFTER - SECOND
    assert one.round() == first
    clock.now += SECOND
    assert one.round() != first


def test_a_webhook_that_forgets_the_next_certificate_keeps_it_from_being_shown(
    cluster: Cluster, clock: Clock
) -> None:
    one = replica(cluster, clock)
    first = one.round()
    clock.now = NOW + 61 * DAY
    one.round()
    one.round()
    cluster.held[WEBHOOK]["webhooks"][0]["clientConfig"].pop("caBundle")
    clock.now += SETTLED_AFTER
    assert one.round() == first
    assert cluster.trusted.count(b"BEGIN") == 2  # and it is written again


def test_a_cluster_that_was_off_for_long_begins_with_a_new_certificate(
    cluster: Cluster, clock: Clock
) -> None:
    first = replica(cluster, clock).round()
    clock.now = NOW + 200 * DAY
    later = replica(cluster, clock).round()
    assert later.not_after > clock.now
    assert cluster.trusted == later.certificate
    assert later != first


def test_a_webhook_that_is_not_there_yet_keeps_no_server_from_its_start(
    cluster: Cluster, clock: Clock
) -> None:
    webhook = cluster.held.pop(WEBHOOK)
    one = replica(cluster, clock)
    shown = one.round()
    with pytest.raises(ClusterError) as caught:
        one.round()
    assert caught.value.code == "cluster-object-missing"
    assert one.round() == shown  # said once
    cluster.held[WEBHOOK] = webhook
    one.round()
    assert cluster.trusted == shown.certificate


def test_an_api_server_that_is_away_is_told_once_and_changes_nothing(
    cluster: Cluster, clock: Clock
) -> None:
    one = replica(cluster, clock)
    shown = one.round()
    cluster.fault = ClusterError("cluster-unreachable", "it is away", remedy="wait")
    with pytest.raises(ClusterError):
        one.round()
    assert [one.round() for _ in range(3)] == [shown] * 3
    with pytest.raises(ClusterError):
        replica(cluster, clock).round()


@pytest.mark.parametrize(
    "data",
    [
        {"password": "YQ=="},
        {"tls.crt": "!"},
        {"tls.crt": "YQ==", "tls.key": "YQ=="},
        {"previous.crt": "YQ=="},
        {"tls.crt": 1},
    ],
)
def test_a_secret_that_somebody_else_wrote_is_left_as_it_is(
    cluster: Cluster, clock: Clock, data: dict[str, Any]
) -> None:
    cluster.held[NAMES.secret_path]["data"] = data
    with pytest.raises(UsageError) as caught:
        replica(cluster, clock).round()
    assert caught.value.code in ("own-certificate-foreign", "serve-certificate")
    assert cluster.held[NAMES.secret_path]["data"] == data


def test_what_is_shared_is_read_as_it_was_written_and_the_trusted_part_is_there_for_others(
    cluster: Cluster, clock: Clock
) -> None:
    shown = replica(cluster, clock).round()
    data = cluster.held[NAMES.secret_path]["data"]
    assert shared_data(read_shared(data, "x")) == data
    assert base64.b64decode(data["ca.crt"]) == shown.certificate
    assert set(data) == {"tls.crt", "tls.key", "ca.crt"}


def due(cluster: Cluster, clock: Clock) -> Replica:
    """Return a replica whose next certificate is made, and trusted by the webhook."""
    made = replica(cluster, clock)
    made.round()
    clock.now = NOW + VALID_FOR - 20 * DAY
    made.round()
    assert read_shared(cluster.held[NAMES.secret_path]["data"], "a/b").following is not None
    return made


def test_a_server_cannot_begin_without_its_secret_and_says_so_each_time(
    cluster: Cluster, clock: Clock
) -> None:
    del cluster.held[NAMES.secret_path]
    begun = replica(cluster, clock)
    for _ in range(2):
        with pytest.raises(ClusterError) as caught:
            begun.pairs.changed()
        assert (caught.value.code, caught.value.problem) == (
            "cluster-object-missing",
            f"the API server has no {NAMES.secret_path}",
        )


def test_a_replica_that_is_slower_takes_what_the_quicker_one_wrote(
    cluster: Cluster, clock: Clock
) -> None:
    quicker = new_pair(NAMES.certificate_for, NOW)

    class Busy(Cluster):
        def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
            cluster.held[path] = {**value, "data": shared_data(Certificates(shown=quicker))}
            raise ObjectChangedError(path)

    busy = Busy()
    busy.held = cluster.held
    assert Replica(OwnPairs(NAMES, lambda: busy, clock)).round() == quicker


def test_a_secret_that_changes_all_the_time_is_told(clock: Clock) -> None:
    tries = []

    class Busy(Cluster):
        def replace(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
            tries.append(value)
            raise ObjectChangedError(path)

    busy = Busy()
    with pytest.raises(ClusterError) as caught:
        OwnPairs(NAMES, lambda: busy, clock).changed()
    assert (caught.value.code, caught.value.problem, len(tries)) == (
        *("cluster-unexpected", f"{NAMES.secret_path} changes all the time"),
        5,
    )


@pytest.mark.parametrize(
    "webhooks",
    [
        [],
        [{"name": "a", "clientConfig": {}}, {"name": "b", "clientConfig": {"caBundle": "%"}}],
    ],
    ids=["no webhook", "two, of which the second never trusts it"],
)
def test_the_next_certificate_is_not_shown_before_every_webhook_trusts_it(
    cluster: Cluster, clock: Clock, webhooks: list[dict[str, Any]]
) -> None:
    made = due(cluster, clock)
    first = made.shows

    class Forgetful(Cluster):
        """The last webhook never keeps what it shall trust."""

        def patch(self, path: str, operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
            kept = super().patch(path, operations)
            del kept["webhooks"][-1]["clientConfig"]["caBundle"]
            return kept

    forgetful = Forgetful()
    forgetful.held = {**cluster.held}
    forgetful.put(WEBHOOK, {"webhooks": webhooks})
    late = Replica(OwnPairs(NAMES, lambda: forgetful, clock))
    for _ in range(4):
        assert late.round() == first
        clock.now += 2 * SETTLED_AFTER


def test_another_next_certificate_has_to_be_trusted_for_a_while_too(
    cluster: Cluster, clock: Clock
) -> None:
    made = due(cluster, clock)
    made.round()
    held = read_shared(cluster.held[NAMES.secret_path]["data"], "a/b")
    other = replace(held, following=new_pair(NAMES.certificate_for, clock.now))
    cluster.put(NAMES.secret_path, {"kind": "Secret", "data": shared_data(other)})
    bundle = base64.b64encode(other.trusted).decode()
    cluster.put(WEBHOOK, {"webhooks": [{"name": "a", "clientConfig": {"caBundle": bundle}}]})
    clock.now += SETTLED_AFTER
    assert made.round() == held.shown
    clock.now += SETTLED_AFTER
    assert made.round() == other.following


@pytest.mark.parametrize(
    "webhooks",
    ["x", ["x"], [{"clientConfig": "y"}], [{"clientConfig": {"caBundle": 1}}], [{}]],
)
def test_a_webhook_in_an_odd_form_is_told_what_to_trust_and_breaks_nothing(
    clock: Clock, webhooks: object
) -> None:
    patched = []

    class Odd(Cluster):
        def patch(self, path: str, operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
            patched.append(operations)
            return self.held[path]

    odd = Odd()
    odd.put(WEBHOOK, {"webhooks": webhooks})
    shown = OwnPairs(NAMES, lambda: odd, clock).changed()
    assert shown is not None
    number = len(webhooks) if isinstance(webhooks, list) else 0
    assert [[one["op"] for one in operations] for operations in patched] == (
        [["test", "add"]] * number
    )


def test_a_bundle_that_is_no_base64_trusts_nothing(cluster: Cluster, clock: Clock) -> None:
    made = replica(cluster, clock)
    made.round()
    client = cluster.held[WEBHOOK]["webhooks"][0]["clientConfig"]
    written = client["caBundle"]
    client["caBundle"] = f"!{written}"
    made.round()
    assert cluster.held[WEBHOOK]["webhooks"][0]["clientConfig"]["caBundle"] == written
