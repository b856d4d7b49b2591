"""The webhook beside one that always allows: latency, cold images, faults, and memory.

    python -m benchmarks.admission [--parts warm,beside,cold,faults,memory] [--rate 200]
        [--seconds 60] [--faults 10000] [--distinct 100000]

Two processes on loopback serve over TLS with the same uvicorn: `gate serve` over a registry in its
memory, of which each of three requests for an image takes 40 ms, and an application that answers
every request with allowed. Both are asked in pairs: a request to each within one turn, half a turn
apart and in an order that changes, so that a stall of the machine meets both. Beside the figures of
each are the differences within pairs, how late the sender itself was, and the machine's load.
`--parts warm,cold` takes two minutes. Nothing is asserted but answers: a wrong one ends the run.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import multiprocessing
import os
import random
import ssl
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.figures import tell
from gate.admission.certificate import FilePairs
from gate.admission.door import Mode
from gate.admission.server import Server, Settings
from gate.cli.writes.log_lines import LogWriter
from gate.errors import RegistryError
from gate.model.evidence import Attached
from gate.model.image import ResolvedImage
from gate.registry.codes import Code
from tests.builders.admission import Shelf, deployment, encoded, pinned, request
from tests.builders.doors import NothingSeen
from tests.interop.kubernetes.api_server import free_ports
from tests.interop.kubernetes.certificates import Authority

_WARM = pinned("warm")
_COLD = tuple(pinned(f"cold{number}") for number in range(20))
_FAULTY = tuple(pinned(f"faulty{number}") for number in range(400))
_BARE = tuple(pinned(f"bare{number}") for number in range(100))
_ROUND_TRIP = 0.04
_FAILS = 0.5
"""How often an image fails whose registry does."""
_OK = 200
_FORBIDDEN = 403
_CONNECTIONS = 256
"""The most that the sender opens; its requests wait for one, and that time counts."""
_FAULTS = (*map(str, Code), "crash", "slow")
_SLOWER_THAN_THE_DEADLINE = 9.5
_SLICE_SECONDS = 10


@dataclass
class _SlowShelf(Shelf):
    """A registry that takes its time, and fails for some images as it likes."""

    seed: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  # faults

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> Iterator[Attached]:
        name = str(image)
        self.asked.clear()
        if "distinct" not in name:
            time.sleep(3 * _ROUND_TRIP)
        if "faulty" in name and self.seed.random() < _FAILS:
            code = self.seed.choice(_FAULTS)
            if code == "crash":
                raise ZeroDivisionError
            if code == "slow":
                time.sleep(_SLOWER_THAN_THE_DEADLINE)
                code = "timeout"
            raise RegistryError(code, f"{name} cannot be asked", remedy="try again")
        return super().attached(image, wanted)


def _serve_gate(channel: Connection, folder: Path, port: int) -> None:
    shelf = _SlowShelf()
    now = datetime.now(UTC)
    for image in (_WARM, *_COLD, *_FAULTY):
        shelf.give_pass(image, at=now)
    settings = Settings(host="127.0.0.1", port=port, mode=Mode.ENFORCE)
    opened: Any = lambda: shelf  # noqa: E731  # a registry of the tests, as the server opens one
    with Path(os.devnull).open("w") as nowhere, LogWriter(nowhere) as log:
        server = Server(
            settings,
            shelf.policy(),
            None,
            pairs=FilePairs(folder / "tls.crt", folder / "tls.key"),
            open_registry=opened,
            seen=NothingSeen(),
            log=log.write,
        )
        channel.send("ready")
        server.run()


def _serve_empty(channel: Connection, folder: Path, port: int) -> None:
    import uvicorn  # noqa: PLC0415  # in this process alone

    async def application(_: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  # ASGI
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        uid = json.loads(body)["request"]["uid"]
        answer = {
            "apiVersion": "admission.k8s.io/v1",
            "kind": "AdmissionReview",
            "response": {"uid": uid, "allowed": True},
        }
        text = json.dumps(answer).encode()
        headers = [(b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    channel.send("ready")
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=75,
        ssl_certfile=str(folder / "tls.crt"),
        ssl_keyfile=str(folder / "tls.key"),
    )


@dataclass
class _Client:
    """Keeps connections, as an API server does."""

    port: int
    context: ssl.SSLContext
    pid: int
    """Of the server's process."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    @property
    def used(self) -> float:
        """Seconds of a core that the server has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def post(self, body: bytes) -> dict[str, Any]:
        """Return the response of the AdmissionReview."""
        if self.idle:
            reader, writer = self.idle.pop()
        else:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self.port, ssl=self.context, server_hostname="localhost"
            )
        head = (
            "POST /validate?timeout=10s HTTP/1.1\r\nhost: localhost\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        content = await reader.readexactly(length)
        self.idle.append((reader, writer))
        found: dict[str, Any] = json.loads(content)["response"]
        return found


def _body(image: str) -> bytes:
    return encoded(request(deployment(image)))


@dataclass
class _Pairs:
    """How long both took for the requests of each pair, in seconds after their turn."""

    gate: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    """How late the sender itself was."""
    load: list[float] = field(default_factory=list)
    core: dict[str, float] = field(default_factory=dict)
    """Milliseconds of a core that each server used for one request."""

    def figures(self, rate: float) -> dict[str, Any]:
        """Return what is printed."""
        part = int(rate * _SLICE_SECONDS)
        slices = [slice(at, at + part) for at in range(0, len(self.gate), part)]
        apart = [g - e for g, e in zip(self.gate, self.empty, strict=True)]
        return {
            "gate": _figures(self.gate),
            "empty": _figures(self.empty),
            "gate less empty, by pair": _figures(apart),
            "empty less gate, by pair": _figures([-one for one in apart]),
            f"p99 of gate by {_SLICE_SECONDS} s": [_p99(self.gate[one]) for one in slices],
            f"p99 of empty by {_SLICE_SECONDS} s": [_p99(self.empty[one]) for one in slices],
            "of a core, a request": self.core,
            "sender late": _figures(self.late),
            "load": [round(min(self.load), 2), round(max(self.load), 2)],
        }


async def _in_pairs(gate: _Client, empty: _Client, rate: float, seconds: int) -> dict[str, Any]:
    """Ask both for one image at a rate, however long answers take."""
    found = _Pairs()
    body = _body(_WARM)
    dice = random.Random(3)  # noqa: S311  # no secret
    begin = time.perf_counter() + 0.1
    connections = {id(client): asyncio.Semaphore(_CONNECTIONS) for client in (gate, empty)}

    async def one(client: _Client, due: float) -> float:
        found.late.append(time.perf_counter() - due)
        async with connections[id(client)]:
            _must(allowed=True)(await client.post(body))
        return time.perf_counter() - due

    before = gate.used, empty.used
    asked: dict[int, list[asyncio.Task[float]]] = {id(gate): [], id(empty): []}
    for number in range(int(rate * seconds)):
        for half, client in enumerate(dice.sample((gate, empty), 2)):
            due = begin + (number + half / 2) / rate
            await asyncio.sleep(max(0, due - time.perf_counter()))
            asked[id(client)].append(asyncio.create_task(one(client, due)))
        if number % int(rate) == 0:
            found.load.append(os.getloadavg()[0])
    found.gate = list(await asyncio.gather(*asked[id(gate)]))
    found.empty = list(await asyncio.gather(*asked[id(empty)]))
    used = gate.used - before[0], empty.used - before[1]
    for name, seconds_used in zip(("gate", "empty"), used, strict=True):
        found.core[name] = round(1000 * seconds_used / len(found.gate), 2)
    return found.figures(rate)


async def _closed_loop(
    client: _Client,
    bodies: Sequence[bytes],
    together: int,
    seen: Callable[[bytes, dict[str, Any]], None],
) -> list[float]:
    times: list[float] = []
    left = iter(bodies)

    async def worker() -> None:
        for body in left:
            begin = time.perf_counter()
            seen(body, await client.post(body))
            times.append(time.perf_counter() - begin)

    await asyncio.gather(*(worker() for _ in range(together)))
    return times


def _figures(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {
        name: round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)
        for name, share in at.items()
    }


def _p99(times: Sequence[float]) -> float:
    return _figures(list(times))["p99"]


def _must(allowed: bool) -> Callable[[dict[str, Any]], None]:  # noqa: FBT001  # the answer itself
    def check(response: dict[str, Any]) -> None:
        if response["allowed"] is not allowed:
            sys.exit(f"wrong answer: {response}")

    return check


async def _warm(gate: _Client, empty: _Client, rate: float, seconds: int) -> dict[str, Any]:
    await gate.post(_body(_WARM))
    return await _in_pairs(gate, empty, rate, seconds)


async def _beside_cold(gate: _Client, empty: _Client, rate: float, seconds: int) -> dict[str, Any]:
    """Ask both for the one image, while gate looks at 20 others a second."""
    ended = asyncio.Event()

    async def cold() -> None:
        for number in itertools.count():
            if ended.is_set():
                return
            await asyncio.gather(asyncio.sleep(0.05), gate.post(_body(pinned(f"other{number}"))))

    asking = asyncio.create_task(cold())
    found = await _warm(gate, empty, rate, seconds)
    ended.set()
    await asking
    return found


async def _cold(gate: _Client) -> dict[str, float]:
    async def one(image: str) -> float:
        begin = time.perf_counter()
        _must(allowed=True)(await gate.post(_body(image)))
        return time.perf_counter() - begin

    return _figures(list(await asyncio.gather(*map(one, _COLD))))


async def _faults(gate: _Client, count: int) -> dict[str, Any]:
    """Ask for images with a pass whose registry fails half of the time, and for some without."""
    dice = random.Random(2)  # noqa: S311  # no secret
    chosen = [dice.choice((*_FAULTY, *_BARE)) for _ in range(count)]
    bare = {_body(image) for image in _BARE}
    told: dict[str, int] = {}

    def seen(body: bytes, response: dict[str, Any]) -> None:
        code = response.get("status", {}).get("code", _OK)
        if body in bare and code == _OK:
            sys.exit("an image without a pass was allowed")
        if body not in bare and code == _FORBIDDEN:
            sys.exit(f"what could not be told was said to be wrong: {response}")
        told[str(code)] = told.get(str(code), 0) + 1

    times = await _closed_loop(gate, [_body(image) for image in chosen], 64, seen)
    if sum(told.values()) != count:
        sys.exit(f"{count} were asked, and {told} answered")
    return {"answers": dict(sorted(told.items())), "asked": count, **_figures(times)}


async def _distinct(gate: _Client, count: int, resident: Callable[[], int]) -> list[int]:
    """Ask for images that are all different; return the process's memory, in MiB, ten times."""
    found = [resident()]
    for part in range(10):
        images = [pinned(f"d{part}-{n}").replace("acme/", "distinct/") for n in range(count // 10)]
        await _closed_loop(
            gate, [_body(i) for i in images], 64, lambda _, r: _must(allowed=False)(r)
        )
        found.append(resident())
    return found


def _resident(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024


async def _measure(asked: argparse.Namespace, gate: _Client, empty: _Client) -> None:
    parts: dict[str, tuple[str, Callable[[], Awaitable[object]]]] = {
        "warm": (
            f"warm, {asked.rate:g}/s, ms",
            lambda: _warm(gate, empty, asked.rate, asked.seconds),
        ),
        "beside": (
            f"warm, {asked.rate:g}/s, beside 20 cold images a second, ms",
            lambda: _beside_cold(gate, empty, asked.rate, asked.seconds),
        ),
        "cold": ("20 cold images at once, 40 ms to the registry, ms", lambda: _cold(gate)),
        "faults": ("faults of every kind, ms", lambda: _faults(gate, asked.faults)),
        "memory": (
            f"memory over {asked.distinct} distinct images, MiB",
            lambda: _distinct(gate, asked.distinct, lambda: _resident(gate.pid)),
        ),
    }
    sys.stdout.write(json.dumps({"load of the machine before": os.getloadavg()}) + "\n")
    gc.collect()
    gc.freeze()  # the sender's own pauses are not the servers'
    for name, part in (parts[one] for one in asked.parts.split(",")):
        found = await part()
        if isinstance(found, dict) and name.startswith("warm") and "beside" not in name:
            core = found["of a core, a request"]
            tell("admission", core["gate"], core["empty"])
        sys.stdout.write(json.dumps({name: found}) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Measure, and print one JSON object for each part."""
    parser = argparse.ArgumentParser(description="Ask gate's webhook and an empty one.")
    parser.add_argument("--parts", default="warm,beside,cold,faults,memory")
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--faults", type=int, default=10_000)
    parser.add_argument("--distinct", type=int, default=100_000)
    asked = parser.parse_args()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate, key = Authority.new().issue("gate", server=True)
        (folder / "tls.crt").write_bytes(certificate)
        (folder / "tls.key").write_bytes(key)
        ports = free_ports(2)
        servers = []
        for serve, port in zip((_serve_gate, _serve_empty), ports, strict=True):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("fork").Process(
                target=serve, args=(theirs, folder, port), daemon=True
            )
            process.start()
            ours.recv()
            servers.append(process)
        time.sleep(1)  # both listen
        gate, empty = (
            _Client(port, context, process.pid or 0)
            for port, process in zip(ports, servers, strict=True)
        )
        try:
            asyncio.run(_measure(asked, gate, empty))
        finally:
            for process in servers:
                process.kill()


if __name__ == "__main__":
    main()
