"""How much is asked of a registry, and how much memory it takes."""

from __future__ import annotations

import threading
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

import gate
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import Bounds
from tests.builders.registries import read
from tests.fakes.registry import ENVELOPE, SIGNATURE, FakeRegistry
from tests.registry.conftest import ClientOf

PLATFORMS = ("linux/amd64", "linux/arm64", "linux/arm/v7")


def release(fake: FakeRegistry, name: str, bundles: int) -> Digest:
    """Hold an index of three platforms, with signatures in every storage."""
    platforms = [fake.image(name, platform) for platform in PLATFORMS]
    entries = [
        fake.entry(name, digest, platform)
        for digest, platform in zip(platforms, PLATFORMS, strict=True)
    ]
    index = fake.index(name, "1.0", entries)
    for number in range(bundles):
        fake.attach(name, index, f"{name} bundle {number}".encode())
    fake.cosign(name, index, ".sig", [(SIGNATURE, f"{name} payload".encode(), {})])
    fake.cosign(name, platforms[0], ".att", [(ENVELOPE, f"{name} envelope".encode(), {})])
    return index


@pytest.mark.parametrize("referrers", [True, False])
def test_no_more_is_asked_than_the_protocol_needs_and_nothing_twice(
    *, referrers: bool, client_of: ClientOf
) -> None:
    bundles = 5
    with FakeRegistry(tokens=True, referrers=referrers) as fake:
        release(fake, "acme/shop", bundles)
        client = client_of(fake.host)
        image = client.resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
        assert len(read(client.attached(image))) == bundles + 2
        legacy = 2
        bound = 2 + 1 + 4 * len(image.digests) + 2 * (bundles + legacy)
        assert len(fake.requests) <= bound
        authorized = Counter(r.line for r in fake.requests if "authorization" in r.headers)
        assert max(authorized.values()) == 1


def test_asking_again_asks_the_registry_nothing(fake: FakeRegistry, client_of: ClientOf) -> None:
    release(fake, "acme/shop", 3)
    client = client_of(fake.host)
    reference = ImageReference.parse(f"{fake.host}/acme/shop:1.0")
    found = read(client.attached(client.resolve(reference)))
    asked = len(fake.requests)
    assert read(client.attached(client.resolve(reference))) == found
    assert len(fake.requests) == asked


def test_fifty_threads_on_one_image_ask_as_much_as_one(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    release(fake, "acme/shop", 3)
    client = client_of(fake.host)
    reference = ImageReference.parse(f"{fake.host}/acme/shop:1.0")
    found: list[int] = []

    def look() -> None:
        found.append(len(read(client.attached(client.resolve(reference)))))

    threads = [threading.Thread(target=look) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5] * 50
    assert max(Counter(r.line for r in fake.requests).values()) == 1


def test_no_more_requests_are_in_flight_than_the_bound(client_of: ClientOf) -> None:
    with FakeRegistry() as fake:
        now, most, lock = [0], [0], threading.Lock()
        names = [f"acme/shop{number}" for number in range(12)]
        for name in names:
            fake.image(name, "1.0")
        gate = threading.Event()

        def counted(_: object) -> None:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            gate.wait(0.05)
            with lock:
                now[0] -= 1

        fake.script("manifests", counted, forever=True)
        client = client_of(fake.host, bounds=Bounds(per_host=3))
        client.resolve(ImageReference.parse(f"{fake.host}/{names[0]}:1.0"))
        threads = [
            threading.Thread(
                target=client.resolve, args=(ImageReference.parse(f"{fake.host}/{name}:1.0"),)
            )
            for name in names[1:]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 1 < most[0] <= 3


def held_by_gate() -> int:
    """Return how many bytes are held that gate's own lines allocated."""
    snapshot = tracemalloc.take_snapshot()
    # The package's own folder, wherever it lies: a checkout may be called gate too.
    package = Path(gate.__file__).parent
    ours = snapshot.filter_traces(
        [tracemalloc.Filter(inclusive=True, filename_pattern=f"{package}/*")]
    )
    return sum(statistic.size for statistic in ours.statistics("filename"))


def test_memory_does_not_grow_with_the_number_of_images(client_of: ClientOf) -> None:
    size, images, kept = 20_000, 60, 100_000
    early = 0
    with FakeRegistry() as fake:
        for number in range(images):
            digest = fake.image(f"acme/shop{number}", "1.0")
            fake.attach(f"acme/shop{number}", digest, number.to_bytes(2) * (size // 2))
        client = client_of(fake.host, bounds=Bounds(cache_bytes=kept))
        tracemalloc.start(1)
        try:
            for number in range(images):
                name = f"{fake.host}/acme/shop{number}:1.0"
                assert len(read(client.attached(client.resolve(ImageReference.parse(name))))) == 1
                if number == images // 4:
                    early = held_by_gate()
            late = held_by_gate()
        finally:
            tracemalloc.stop()
    assert late - early < size * 5
    assert late < kept * 4
