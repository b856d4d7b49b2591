"""One server in this process: its socket, its signals, and what it reads anew while it runs."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import os
import re
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, TypeVar, cast

import pytest
import uvicorn

from gate.admission import ended as lists
from gate.admission import server as room
from gate.admission.audits import Audits, AuditSummary
from gate.admission.certificate import Pair
from gate.admission.door import Mode
from gate.admission.own import new_pair
from gate.admission.protocol import MAX_HEADER, BoundedProtocol
from gate.admission.server import CONNECTIONS, Server, Settings
from gate.errors import TrustRootError, UsageError
from gate.model.image import Digest
from gate.model.revocations import RevocationList, RevocationsUnknown
from gate.policy.document import Policy
from gate.registry.route import RoutedRegistry
from gate.trust.policy import verifier_of
from gate.trust.verify import AttachedVerifier
from tests.builders.admission import DAY, HOUR, NOW, POLICY, Clock, Shelf, encoded, pinned, pod
from tests.builders.admission import request as review
from tests.builders.doors import Cluster, NothingSeen

T = TypeVar("T")
SHOP: Final = pinned("shop")
TEXT: Final = f"{POLICY}admission: {{audit: [open]}}\n"
LISTED: Final = f"{TEXT}revocations: {{from: registry.example/a/b:c, by: [gate], max-age: 1d}}\n"
FIRST, SECOND = new_pair("localhost", NOW), new_pair("localhost", NOW + DAY)


@dataclass
class Shown:
    """A source of certificates that says one thing after another, and then nothing new."""

    says: list[Pair | UsageError | None] = field(default_factory=lambda: [FIRST])
    every: float = 3_600.0
    asked: int = 0

    def changed(self) -> Pair | None:
        self.asked += 1
        said = self.says.pop(0) if self.says else None
        if isinstance(said, UsageError):
            raise said
        return said


@dataclass
class World:
    """All that a server is given, and what it tells."""

    text: str = TEXT
    shelf: Shelf = field(default_factory=Shelf)
    pairs: Shown = field(default_factory=Shown)
    clock: Clock = field(default_factory=Clock)
    cluster: Cluster | None = field(default_factory=Cluster)
    logged: list[dict[str, Any]] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)

    def log(self, line: dict[str, Any]) -> None:
        with self.heard:
            self.logged.append(line)
            self.heard.notify_all()

    def wait_for(self, event: str, times: int = 1) -> dict[str, Any]:
        """Return the line that told an event for so many times."""

        def told() -> list[dict[str, Any]]:
            return [line for line in self.logged if line["event"] == event]

        with self.heard:
            assert self.heard.wait_for(lambda: len(told()) >= times, 30), self.logged
            return told()[times - 1]

    def events(self) -> list[str]:
        return [line["event"] for line in self.logged]

    def server(self, audits: Audits | None = None, **settings: Any) -> Server:  # noqa: ANN401  # what the call takes
        cluster = self.cluster
        return Server(
            Settings(**{"host": "127.0.0.1", "port": 0, "mode": Mode.ENFORCE, **settings}),
            self.shelf.policy(self.text),
            None,
            pairs=self.pairs,
            open_registry=lambda: cast("RoutedRegistry", self.shelf),
            seen=NothingSeen(),
            log=self.log,
            audits=audits,
            open_cluster=None if cluster is None else lambda: cluster,
            clock=self.clock,
        )


@pytest.fixture
def world() -> World:
    made = World()
    made.shelf.give_pass(SHOP)
    return made


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[None]]:
    """Keep signals and the settling of a server from what runs the tests; yield what settled."""
    settled: list[None] = []
    monkeypatch.setattr(room, "settle", lambda: settled.append(None))
    ends = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(one, lambda *_: None) for one in ends]
    yield settled
    for one, handler in zip(ends, before, strict=True):
        signal.signal(one, handler)


def tell(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def served(world: World, server: Server, talk: Callable[[int], T]) -> T:
    """Run a server here; return what `talk` returns, which knows its port. Then the server ends."""
    said: list[T] = []
    faults: list[BaseException] = []

    def client() -> None:
        try:
            port = int(world.wait_for("started")["listen"].rpartition(":")[2])
            said.append(talk(port))
        except BaseException as fault:  # noqa: BLE001  # it is raised where the test runs
            faults.append(fault)
        finally:
            if "ended" not in world.events():
                tell(signal.SIGINT)

    thread = threading.Thread(target=client)
    thread.start()
    try:
        server.run()
    finally:
        thread.join(60)
    for fault in faults:
        raise fault
    return said[0]


def connected(port: int) -> http.client.HTTPSConnection:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)


def asked(
    port: int, method: str, path: str, body: bytes | None = None
) -> tuple[int, bytes, Mapping[str, str]]:
    connection = connected(port)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def test_a_server_answers_over_tls_until_it_is_told_to_end(
    world: World, guarded: list[None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = world.server()

    def talk(port: int) -> tuple[bool, int, Mapping[str, str]]:
        _, body, headers = asked(port, "POST", "/validate", encoded(review(pod(SHOP))))
        status, _, _ = asked(port, "POST", "/mutate", b"{}")
        return json.loads(body)["response"]["allowed"], status, headers

    allowed, mutates, headers = served(world, server, talk)
    assert (allowed, mutates, "server" in headers) == (True, 404, False)
    assert world.events() == ["started", "decision", "ended"]
    assert (world.pairs.asked, len(guarded)) == (1, 1)
    assert "uvicorn.access" not in {record.name for record in caplog.records}
    for pool in (server._executor, server._beside):  # noqa: SLF001  # nothing public shows it
        with pytest.raises(RuntimeError):
            pool.submit(int)


def test_a_server_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def config(application: object, **options: Any) -> uvicorn.Config:  # noqa: ANN401  # what the call takes
        given.update(options)
        return made(application, **options)  # type: ignore[arg-type]  # fields of a list, as each test names them

    made = uvicorn.Config
    monkeypatch.setattr(uvicorn, "Config", config)
    served(world, world.server(), lambda _: None)
    assert given == {
        "http": BoundedProtocol,
        "ws": "none",
        "lifespan": "off",
        "log_config": None,
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "limit_concurrency": CONNECTIONS,
        "timeout_keep_alive": 75,
        "timeout_graceful_shutdown": 10,
    }


def test_a_server_that_is_to_end_says_so_and_answers_while_requests_still_come(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def measured(seconds: float) -> None:
        slept.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(asyncio, "sleep", measured)
    monkeypatch.setattr(room, "DRAIN_SECONDS", 60.5)

    def talk(port: int) -> list[int]:
        before, _, _ = asked(port, "GET", "/readyz")
        tell(signal.SIGTERM)
        world.wait_for("ending")
        return [before, *(asked(port, "GET", path)[0] for path in ("/readyz", "/livez"))]

    assert served(world, world.server(), talk) == [200, 503, 200]
    assert world.events() == ["started", "ending", "ended"]
    assert slept.count(60.5) == 1


def test_after_that_it_ends_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "DRAIN_SECONDS", 0)

    def talk(_: int) -> None:
        tell(signal.SIGTERM)
        world.wait_for("ended")

    served(world, world.server(), talk)
    assert world.events() == ["started", "ending", "ended"]


def test_what_is_silent_holds_up_no_end_and_what_waits_for_it_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a registry and of an API server, each with one thread here."""
    monkeypatch.setattr(room, "THREADS", 1)
    monkeypatch.setattr(room, "_CLUSTER_THREADS", 1)
    release = threading.Event()

    class Silent(Cluster):
        def get(self, path: str) -> dict[str, Any] | None:
            found = super().get(path)
            release.wait(60)
            return found

    def wait(_: str) -> None:
        release.wait(60)

    cluster = world.cluster = Silent()
    world.text = f"{POLICY}admission: {{audit-labels: {{labels: {{a: b}}, set-by: [c]}}}}\n"
    world.shelf.fault = wait
    server = world.server()

    def talk(port: int) -> list[bytes]:
        told = []
        for name in ("one", "two"):
            made = pod(pinned(name))
            made["metadata"]["namespace"] = name
            path = "/validate?timeout=0s"
            told.append(asked(port, "POST", path, encoded(review(made)))[1])
        return told

    try:
        told = served(world, server, talk)
    finally:
        release.set()
    for pool in (server._executor, server._beside):  # noqa: SLF001  # nothing public shows it
        pool.shutdown()
    assert ["admission-deadline" in str(answer) for answer in told] == [True, True]
    assert world.events()[-1] == "ended"
    assert (set(world.shelf.asked), cluster.asked) == (
        {pinned("one")},
        ["/api/v1/namespaces/one"],
    )


def sized(connection: http.client.HTTPSConnection, length: int) -> int:
    """Ask for a page with a path and header fields of so many bytes; return the status."""
    path, name = "/livez", "x-filled"
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("host", "localhost")
    used = len(path) + len("host") + len("localhost") + len(name)
    connection.putheader(name, "x" * (length - used))
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_the_header_of_each_request_has_a_bound(world: World) -> None:
    def talk(port: int) -> list[int]:
        kept = connected(port)
        told = [sized(kept, MAX_HEADER) for _ in range(3)]
        kept.close()
        with pytest.raises((http.client.HTTPException, OSError)):
            sized(connected(port), MAX_HEADER + 1)
        with pytest.raises((http.client.HTTPException, OSError)):
            asked(port, "GET", "/livez?" + "x" * MAX_HEADER)
        return [*told, asked(port, "GET", "/livez")[0]]

    assert served(world, world.server(), talk) == [200] * 4


def test_what_is_read_anew_is_read_again_and_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.text = LISTED
    world.pairs.every = 0
    for name in ("_ROOTS_EVERY", "_ENDED_EVERY"):
        monkeypatch.setattr(room, name, 0)
    unknown = (RevocationsUnknown(f"code-{n % 2}", "why", "next") for n in range(10**9))
    monkeypatch.setattr(lists, "revocations_of", lambda *_: next(unknown))
    server = world.server()
    refusal = UsageError("serve-certificate", "no pair", remedy="mend it")
    world.pairs.says = [SECOND, refusal, FIRST, refusal]

    def fail(policy: Policy, now: object, ca_file: object) -> AttachedVerifier:
        del ca_file
        raise TrustRootError("root-expired", f"{policy.path} {now}", remedy="mend it")

    monkeypatch.setattr(room, "verifier_of", fail)

    def talk(_: int) -> None:
        for event in ("certificate-taken", "certificate-refused", "roots-failed"):
            world.wait_for(event, 2)
        world.wait_for("revocations-unknown", 3)

    served(world, server, talk)
    assert {"event": "certificate-taken", "until": FIRST.not_after.isoformat()} in world.logged


def test_nothing_is_read_anew_before_its_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.text = LISTED
    looked: list[None] = []

    def look(*_: object) -> RevocationList:
        looked.append(None)
        return RevocationList("registry.example/a/b:c", 4, NOW, NOW + DAY)

    monkeypatch.setattr(lists, "revocations_of", look)
    verifiers: list[None] = []

    def count(policy: Policy, now: datetime, ca_file: Path | None) -> AttachedVerifier:
        verifiers.append(None)
        return verifier_of(policy, now, ca_file)

    monkeypatch.setattr(room, "verifier_of", count)
    server = world.server()
    served(world, server, lambda port: [asked(port, "GET", "/livez") for _ in range(3)])
    assert (len(looked), len(verifiers), world.pairs.asked) == (1, 1, 1)
    # The first list is there before anybody can ask.
    assert world.events() == ["revocations-taken", "started", "ended"]
    assert world.logged[0]["serial"] == 4


def test_events_are_written_where_the_settings_say_so(world: World) -> None:
    made = pod(pinned("bare"))
    made["metadata"]["namespace"] = "open"
    created = threading.Event()

    class Telling(Cluster):
        def create(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
            created.set()
            return super().create(path, value)

    cluster = world.cluster = Telling()

    def talk(port: int) -> bool:
        body = encoded(review(made))
        answer = json.loads(asked(port, "POST", "/validate", body)[1])["response"]
        return bool(answer["allowed"]) and created.wait(30)

    assert served(world, world.server(events=True), talk)
    ((path, event),) = cluster.events
    assert path == "/api/v1/namespaces/open/events"
    assert re.fullmatch(r".*_[0-9a-f]{16}", event["reportingInstance"])


@pytest.mark.parametrize(
    ("settings", "reached", "there"),
    [({}, True, False), ({"events": True}, True, True), ({"events": True}, False, False)],
)
def test_there_are_events_where_the_settings_ask_for_them_and_there_is_a_cluster(
    world: World,
    settings: dict[str, Any],
    reached: bool,  # noqa: FBT001  # whether there is a cluster
    there: bool,  # noqa: FBT001  # what is told
) -> None:
    if not reached:
        world.cluster = None
    assert ("gate_events" in asked_of(world.server(**settings), "/metrics")) is there


@pytest.mark.parametrize(
    ("pins", "answer"), [(True, "POST an AdmissionReview\n"), (False, "not found\n")]
)
def test_tags_are_pinned_where_the_settings_say_so(
    world: World,
    pins: bool,  # noqa: FBT001  # what they say
    answer: str,
) -> None:
    assert asked_of(world.server(pins_tags=pins), "/mutate") == answer


def test_an_audit_runs_beside_a_server_and_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Once:
        async def once(
            self,
            heard: Callable[[AuditSummary | None], None],
            log: Callable[[dict[str, Any]], None],
        ) -> None:
            heard(AuditSummary(at=NOW, objects=7, codes={"pass-absent": 2}))
            heard(None)
            log({"event": "audited"})
            await asyncio.Event().wait()

    def talk(port: int) -> tuple[Any, str]:
        world.wait_for("audited")
        status = json.loads(asked(port, "GET", "/status")[1])
        return status["audit"]["objects"], asked(port, "GET", "/metrics")[1].decode()

    monkeypatch.setattr(room, "LOOK_EVERY", 0.0)
    objects, metrics = served(world, world.server(cast("Audits", Once())), talk)
    assert objects == 7
    assert 'gate_audit_runs_total{result="ended"} 1.0' in metrics
    assert 'gate_audit_runs_total{result="failed"} 1.0' in metrics


def asked_of(server: Server, path: str) -> str:
    """Return a page of a server that does not run."""
    sent: list[Any] = []

    async def send(message: Any) -> None:  # noqa: ANN401  # ASGI's own
        sent.append(message)

    async def receive() -> Any:  # noqa: ANN401  # ASGI's own
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    asyncio.run(server.application(scope, receive, send))
    return str(sent[1]["body"].decode())


def counted(server: Server, name: str, result: str) -> float:
    """Return a counter of the metrics; 0 where it was never counted."""
    head = f'{name}{{result="{result}"}} '
    lines = [t for t in asked_of(server, "/metrics").splitlines() if t.startswith(head)]
    return float(lines[0].removeprefix(head)) if lines else 0.0


def test_a_certificate_is_taken_where_there_is_another(world: World) -> None:
    server = world.server()
    refusal = UsageError("serve-certificate", "no pair", remedy="mend it")
    until = json.loads(asked_of(server, "/status"))["certificate"]["until"]
    assert until == FIRST.not_after.strftime("%Y-%m-%dT%H:%M:%SZ")
    for says in ([None], [refusal], [SECOND], [replace(SECOND, key=b"none")]):
        world.pairs.says = list(says)
        asyncio.run(server.renew_certificate())
    assert [line["event"] for line in world.logged] == [
        *("certificate-refused", "certificate-taken", "certificate-refused")
    ]
    assert world.logged[0] == {
        "event": "certificate-refused",
        "code": "serve-certificate",
        "why": "no pair",
    }
    name = "gate_certificate_reloads_total"
    assert (counted(server, name, "taken"), counted(server, name, "refused")) == (1, 2)
    said = json.loads(asked_of(server, "/status"))["certificate"]["until"]
    assert said == SECOND.not_after.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = "gate_certificate_not_after_seconds "
    lines = [t for t in asked_of(server, "/metrics").splitlines() if t.startswith(head)]
    assert [float(t.removeprefix(head)) for t in lines] == [SECOND.not_after.timestamp()]


def test_roots_that_cannot_be_read_leave_those_that_are_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = world.server()
    first = server._verifier  # noqa: SLF001  # what images are verified with
    name = "gate_roots_refreshes_total"

    def fail(policy: Policy, now: object, ca_file: object) -> AttachedVerifier:
        del policy, now, ca_file
        raise TrustRootError("root-expired", "it is old", remedy="mend it")

    world.clock.now = NOW + HOUR
    monkeypatch.setattr(room, "verifier_of", fail)
    asyncio.run(server.renew_roots())
    assert world.logged == [{"event": "roots-failed", "code": "root-expired", "why": "it is old"}]
    assert server._verifier is first  # noqa: SLF001  # as above
    assert json.loads(asked_of(server, "/status"))["roots"]["ageSeconds"] == 3_600
    assert (counted(server, name, "taken"), counted(server, name, "failed")) == (0, 1)


def test_roots_are_read_with_the_certificates_that_registries_are_read_with(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def told(policy: Policy, now: datetime, ca_file: Path | None) -> AttachedVerifier:
        asked.append(ca_file)
        return verifier_of(policy, now, None)

    monkeypatch.setattr(room, "verifier_of", told)
    asyncio.run(world.server(ca_file=Path("own.pem")).renew_roots())
    assert asked == [Path("own.pem"), Path("own.pem")]


@pytest.mark.parametrize(("others", "held"), [((), 1), ((Digest("7" * 64),), 0)])
def test_answers_are_forgotten_where_the_roots_are_other_ones(
    world: World, monkeypatch: pytest.MonkeyPatch, others: tuple[Digest, ...], held: int
) -> None:
    server = world.server()
    assert allowed(server, SHOP)
    roots = others or server._verifier.roots  # noqa: SLF001  # what images are verified with
    made = cast("AttachedVerifier", SimpleNamespace(roots=roots))
    monkeypatch.setattr(room, "verifier_of", lambda *_: made)
    world.clock.now = NOW + HOUR / 60
    asyncio.run(server.renew_roots())
    status = json.loads(asked_of(server, "/status"))
    assert status["answers"]["held"] == held
    assert status["roots"]["digests"] == [str(root) for root in roots]
    assert status["roots"]["ageSeconds"] == 0
    assert server._verifier is made  # noqa: SLF001  # as above
    assert counted(server, "gate_roots_refreshes_total", "taken") == 1


def allowed(server: Server, image: str) -> bool:
    sent: list[Any] = []

    async def send(message: Any) -> None:  # noqa: ANN401  # ASGI's own
        sent.append(message)

    async def receive() -> Any:  # noqa: ANN401  # ASGI's own
        return {"type": "http.request", "body": encoded(review(pod(image)))}

    scope = {"type": "http", "method": "POST", "path": "/validate", "headers": []}
    asyncio.run(server.application(scope, receive, send))
    return bool(json.loads(sent[1]["body"])["response"]["allowed"])


def test_answers_are_forgotten_where_the_list_of_ended_passes_says_something_new(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.text = LISTED
    listed = RevocationList("registry.example/a/b:c", 4, NOW, NOW + DAY)
    says: list[RevocationList | RevocationsUnknown] = [listed]
    monkeypatch.setattr(lists, "revocations_of", lambda *_: says[0])
    server = world.server()

    def held() -> int:
        asyncio.run(server.renew_ended())
        return int(json.loads(asked_of(server, "/status"))["answers"]["held"])

    assert held() == 0
    assert allowed(server, SHOP)
    assert held() == 1
    says[0] = replace(listed, serial=5)
    assert held() == 0
    says[0] = RevocationsUnknown("revocations-not-verified", "nobody signed it", "find out who")
    assert held() == 0
    assert not allowed(server, SHOP)
    assert [line for line in world.logged if line["event"].startswith("revocations")] == [
        {"event": "revocations-taken", "serial": 4},
        {"event": "revocations-taken", "serial": 5},
        {
            "event": "revocations-unknown",
            "code": "revocations-not-verified",
            "why": "nobody signed it",
        },
    ]


def test_a_list_that_ends_nothing_here_has_no_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.text = LISTED
    monkeypatch.setattr(lists, "revocations_of", lambda *_: None)
    asyncio.run(world.server().renew_ended())
    assert world.logged == [{"event": "revocations-taken", "serial": 0}]


def test_a_server_without_a_certificate_does_not_begin(world: World) -> None:
    world.pairs.says = [None]
    with pytest.raises(AssertionError, match="a source of certificates that was never asked"):
        world.server()


def test_an_address_where_another_listens_is_refused(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = world.server(port=port)
        with pytest.raises(UsageError) as caught:
            server.run()
    assert caught.value.code == "serve-listen"
    assert caught.value.problem == (
        f"gate cannot listen at 127.0.0.1:{port}: Address already in use"
    )


@pytest.mark.parametrize(
    ("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)]
)
def test_the_family_of_an_address_is_known_by_its_form(
    world: World, monkeypatch: pytest.MonkeyPatch, host: str, family: int
) -> None:
    given: list[Any] = []

    def refuse(*options: Any, **named: Any) -> socket.socket:  # noqa: ANN401  # what the call takes
        given.append((options, named))
        raise OSError

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(UsageError, match="Success|Undefined error"):
        world.server(host=host, port=1).run()
    assert given == [(((host, 1),), {"family": family, "backlog": CONNECTIONS})]
