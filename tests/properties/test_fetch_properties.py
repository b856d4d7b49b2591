"""What holds of a run whichever of its requests to a registry fail, and however.

A real client, over HTTP, against a registry on loopback; what fails is cut off on the way.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import h11
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.model.evidence import AttachedKind
from gate.model.report import Report, Status
from gate.pipeline import gather
from gate.policy.document import Policy
from gate.registry.bounds import Bounds
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.http.question import Arrival, HttpAnswer, HttpQuestion, Transport
from gate.registry.http.transport import GuardedTransport
from gate.reports import json_v1
from gate.trust.policy import verifier_of
from tests.fakes.registry import FakeRegistry
from tests.properties.pool import NOW, Pool, report_of

FAULTS = ("503", "timeout", "reset", "cut")
ALWAYS, ONCE = 99, 1
IMAGES = ("good", "bare", "found")
EVERY = ("signature of index", "sbom of index", "trivy of index", "provenance of index")


@dataclass
class Cut:
    """Passes requests on, except those that shall fail, by their method and path."""

    inner: Transport
    faults: Mapping[str, tuple[str, int]]
    """What happens to a request, and how many times before it is passed on."""
    asked: list[str] = field(default_factory=list)

    def send(
        self, question: HttpQuestion, seconds: float, pieces: Iterable[bytes] | None = None
    ) -> Arrival:
        line = f"{question.method} {question.url.target}"
        fault, times = self.faults.get(line, ("", 0))
        self.asked.append(line)
        if self.asked.count(line) > times:
            return self.inner.send(question, seconds, pieces)
        match fault:
            case "503":
                return Arrival(503, {}, (), lambda: None)
            case "timeout":
                raise TimeoutError
            case "reset":
                raise ConnectionResetError
            case _:
                with contextlib.closing(self.inner.send(question, seconds, pieces)) as whole:
                    content = b"".join(whole.pieces)
                half = _half(content[: len(content) // 2])
                return Arrival(whole.status, whole.headers, half, lambda: None)

    def close(self) -> None:
        self.inner.close()


def _half(content: bytes) -> Iterator[bytes]:
    """Yield the first half of a body, and then the connection breaks."""
    yield content
    msg = "peer closed connection"
    raise h11.RemoteProtocolError(msg)


class Schedule(Executor):
    """Calls what is handed to it one by one, in an order of chance: no threads, so no races.

    `run` calls some of what waits. What nobody called is cancelled by who needs its answer.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: object, **kwargs: object) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, functools.partial(fn, *args, **kwargs)))
        return future

    def map(self, fn: Callable[..., Any], *iterables: Any, **_: object) -> Iterator[Any]:  # noqa: ANN401  # Executor's
        every = list(zip(*iterables, strict=True))
        order = self.chance.sample(range(len(every)), len(every))
        done = {number: fn(*every[number]) for number in order}
        return iter([done[number] for number in range(len(every))])

    def run(self) -> None:
        for _ in range(self.chance.randint(0, 2 * len(self.waiting))):
            if not self.waiting:
                return
            future, call = self.waiting.pop(self.chance.randrange(len(self.waiting)))
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except Exception as error:  # noqa: BLE001  # what a thread of a pool does
                future.set_exception(error)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # Executor's
        del wait, cancel_futures
        self.waiting.clear()


class Ordered(Exchange):
    """Lets a schedule answer some of what waits before each question."""

    schedule: Schedule | None = None

    def ask(self, question: HttpQuestion) -> HttpAnswer:
        if self.schedule is not None:
            self.schedule.run()
        return super().ask(question)


@contextlib.contextmanager
def in_order(schedule: Schedule | None) -> Iterator[None]:
    """Look at images in the order of a schedule."""
    if schedule is None:
        yield
        return

    def each(look: Callable[[Any], Any], images: Iterable[Any]) -> list[Any]:
        return list(schedule.map(look, images))

    with mock.patch.object(gather, "each", each):
        yield


@dataclass(frozen=True, eq=False)
class Served:
    """A registry with three images: one in order, one that lacks an SBOM, one with a finding."""

    registry: FakeRegistry
    pool: Pool
    policy: Policy

    def run(
        self,
        faults: Mapping[str, tuple[str, int]],
        names: tuple[str, ...],
        schedule: Schedule | None = None,
    ) -> tuple[Report, list[str]]:
        """Judge images while requests fail; return the report and the requests that were made."""
        bounds = Bounds(failures=1000)
        places = RegistryConfiguration(
            insecure_hosts=frozenset({self.registry.host}), bounds=bounds
        )
        cut = Cut(GuardedTransport(places), faults)
        exchange = Ordered(places, transport=cut, sleep=lambda _: None)
        exchange.schedule = schedule
        made = RegistryClient(places, exchange=exchange, early=schedule)
        with contextlib.closing(made) as client, in_order(schedule):
            report = report_of(
                client,
                self.policy,
                verifier_of(self.policy, NOW, None),
                names=[f"{self.registry.host}/acme/{name}:1.0" for name in names],
            )
        return report, sorted(set(cut.asked))

    @functools.cache  # noqa: B019  # three of them, for as long as the tests of this module run
    def whole(self, names: tuple[str, ...]) -> tuple[Report, list[str]]:
        """Return what comes of a run in which nothing fails."""
        return self.run({}, names)


def hang(registry: FakeRegistry, pool: Pool, name: str, *without: str, found: bool = False) -> None:
    """Push an index of two platforms, all of its evidence, and the older form beside it."""
    path = f"acme/{name}"
    platforms = [
        registry.entry(path, registry.image(path, architecture), f"linux/{architecture}")
        for architecture in ("amd64", "arm64")
    ]
    subject = registry.index(path, "1.0", platforms)
    items = {item.name: item for item in pool.items(index=subject)}
    wanted = [e for e in EVERY if e not in without]
    for one in [*wanted, *(["found"] if found else []), "garbage"]:
        registry.attach(f"acme/{name}", subject, items[one].attached.content)
    if not without:
        layer = items["logged layer"].attached
        assert layer.kind is AttachedKind.COSIGN_ATTESTATION
        held = (layer.media_type, layer.content, layer.annotations)
        registry.cosign(f"acme/{name}", subject, ".att", [held])


@pytest.fixture(scope="module", params=[True, False], ids=["referrers", "fallback-tag"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Hand out the registry, with the referrers API or with the tag that stands in for it."""
    pool = Pool()
    with FakeRegistry(referrers=request.param) as registry:
        hang(registry, pool, "good")
        hang(registry, pool, "bare", "sbom of index")
        hang(registry, pool, "found", found=True)
        besides = '    configuration: {labels: {is: "*"}}\n'
        policy = pool.policy(match=f"{registry.host}/**", besides=besides)
        yield Served(registry, pool, policy)


def outcomes(report: Report) -> dict[tuple[str, str], Status]:
    return {(i.name, c.check): c.status for i in report.images for c in i.checks}


names = st.sampled_from([("good",), ("bare",), ("found",), IMAGES])
UNJUDGED = (Status.UNDECIDED,)
FIXTURE = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=25, suppress_health_check=FIXTURE)
@given(data=st.data(), images=names)
def test_no_failed_fetch_clears_what_is_blocked_or_blames_what_was_not_judged(
    served: Served, data: st.DataObject, images: tuple[str, ...]
) -> None:
    whole, lines = served.whole(images)
    faults = data.draw(
        st.dictionaries(
            st.sampled_from(lines),
            st.tuples(st.sampled_from(FAULTS), st.just(ALWAYS)),
            min_size=1,
            max_size=len(lines),
        )
    )
    report, _ = served.run(faults, images)
    assert whole.cleared or not report.cleared
    was, is_ = outcomes(whole), outcomes(report)
    assert set(is_) == set(was)
    # Each answer is the one of the whole run, or none.
    assert {k for k in was if is_[k] not in (was[k], *UNJUDGED)} == set()
    assert {f.fingerprint for f in report.findings} <= {f.fingerprint for f in whole.findings}
    if report.exit_code == 0:
        assert json_v1.render(report) == json_v1.render(whole)
    assert report.exit_code == (0 if report.cleared else 1 if report.findings else 3)


@settings(max_examples=15, suppress_health_check=FIXTURE)
@given(data=st.data(), images=names)
def test_what_fails_once_changes_no_byte_of_the_report(
    served: Served, data: st.DataObject, images: tuple[str, ...]
) -> None:
    whole, lines = served.whole(images)
    faults = data.draw(
        st.dictionaries(
            st.sampled_from(lines), st.tuples(st.sampled_from(FAULTS), st.just(ONCE)), min_size=1
        )
    )
    report, _ = served.run(faults, images)
    assert json_v1.render(report) == json_v1.render(whole)


@settings(max_examples=25, suppress_health_check=FIXTURE)
@given(data=st.data(), images=names, one=st.integers(), other=st.integers())
def test_no_order_of_answers_changes_a_byte_of_the_report(
    served: Served, data: st.DataObject, images: tuple[str, ...], one: int, other: int
) -> None:
    _, lines = served.whole(images)
    faults = data.draw(
        st.dictionaries(
            st.sampled_from(lines),
            st.tuples(st.sampled_from(FAULTS), st.just(ALWAYS)),
            max_size=3,
        )
    )
    first, _ = served.run(faults, images, Schedule(random.Random(one)))  # noqa: S311  # of a test
    second, _ = served.run(faults, images, Schedule(random.Random(other)))  # noqa: S311  # likewise
    threads, _ = served.run(faults, images)
    assert json_v1.render(first) == json_v1.render(second) == json_v1.render(threads)


def test_each_request_that_fails_alone_leaves_its_image_undecided(served: Served) -> None:
    whole, lines = served.whole(("good",))
    assert whole.cleared
    for line, fault in zip(lines, itertools.cycle(FAULTS), strict=False):
        report, _ = served.run({line: (fault, ALWAYS)}, ("good",))
        asked = {check: s for (_, check), s in outcomes(report).items() if check != "images"}
        passed = {check for check, status in asked.items() if status is Status.PASSED}
        assert (line, report.exit_code) == (line, 3)
        # More evidence can never make these fail, or they ask the configuration alone.
        assert passed <= {"configuration", "signature", "scan-age", "sbom", "provenance"}
        assert {asked[check] for check in asked.keys() - passed} == {Status.UNDECIDED}


def test_the_whole_run_is_as_it_should_be(served: Served) -> None:
    report, lines = served.whole(IMAGES)
    blocking = sorted(f.code for f in report.findings)
    assert blocking == ["sbom-absent", "vulnerability-found"]
    assert len(lines) > 3 * len(EVERY)
