"""Looking at many images: wall time, CPU, requests and memory, beside a bare httpx loop.

    python -m benchmarks.registry [--images 100] [--attestations 3] [--rounds 3]

A registry in memory is served by another process on loopback. Each round looks at every
image with `RegistryClient`, once image by image and once with threads as a run does; then
one httpx.Client makes exactly the same GETs one after the other. The first round warms up and
is not shown. Nothing is asserted: figures are for people, tests count requests.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import httpx

from benchmarks.figures import tell
from gate.model.image import ImageReference
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from tests.fakes.registry import FakeRegistry

_THREADS = 8
"""As many images as a run looks at together."""


def serve(channel: Connection, images: int, attestations: int, size: int) -> None:
    """Serve images with bundles; answer each question with the GETs made since the last."""
    with FakeRegistry() as fake:
        for number in range(images):
            name = f"acme/shop{number}"
            digest = fake.image(name, "1.0")
            for bundle in range(attestations):
                head = f"{number} {bundle} ".encode()
                fake.attach(name, digest, head + b"x" * (size - len(head)))
        channel.send(fake.host)
        while channel.recv() == "requests":
            channel.send([request.path for request in fake.requests])
            fake.requests.clear()


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """Return wall and CPU seconds of some work in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description="Look at many images on a loopback registry.")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--attestations", type=int, default=3)
    parser.add_argument("--bytes", type=int, default=8_000, help="size of one bundle")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(
        target=serve, args=(theirs, asked.images, asked.attestations, asked.bytes)
    )
    server.start()
    host: str = ours.recv()
    names = [ImageReference.parse(f"{host}/acme/shop{n}:1.0") for n in range(asked.images)]
    configuration = RegistryConfiguration(insecure_hosts=frozenset((host,)))

    def look(threads: int) -> None:
        with RegistryClient(configuration) as client, ThreadPoolExecutor(threads) as pool:
            found = [
                len(one)
                for one in pool.map(lambda n: tuple(client.attached(client.resolve(n))), names)
            ]
        if found != [asked.attestations] * asked.images:
            sys.exit(f"not everything was found: {found}")

    def bare(paths: list[str]) -> None:
        with httpx.Client(base_url=f"http://{host}", trust_env=False) as http:
            for path in paths:
                _ = http.get(path).content

    figures: list[dict[str, float]] = []
    requests = 0
    for _ in range(asked.rounds + 1):
        single = measured(lambda: look(1))
        ours.send("requests")
        paths: list[str] = ours.recv()
        requests = len(paths)
        threaded = measured(lambda: look(_THREADS))
        loop = measured(functools.partial(bare, paths))
        ours.send("requests")
        ours.recv()
        figures.append(
            {
                "one_by_one_wall": single[0],
                "one_by_one_cpu": single[1],
                "threads_wall": threaded[0],
                "threads_cpu": threaded[1],
                "bare_httpx_wall": loop[0],
                "bare_httpx_cpu": loop[1],
            }
        )
    ours.send("end")
    server.join()
    shown = {
        key: round(sorted(f[key] for f in figures[1:])[asked.rounds // 2], 3) for key in figures[0]
    }
    much = f"{asked.images} images with {asked.attestations} attestations"
    tell("registry", shown["threads_wall"], shown["bare_httpx_wall"], much=much)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        json.dumps(
            {
                "images": asked.images,
                "attestations": asked.attestations,
                "requests": requests,
                "peak_rss_mib": peak,
                "median_seconds": shown,
                "wall_to_bare": round(shown["one_by_one_wall"] / shown["bare_httpx_wall"], 2),
            },
            indent=2,
        )
        + "\n"
    )


if __name__ == "__main__":
    main()
