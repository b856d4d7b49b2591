"""What is asked for before it is read: all at once, once, and with the same answers."""

from __future__ import annotations

import threading

import pytest

from gate.model.evidence import Attached
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import Bounds
from tests.builders.registries import attached, read, shop
from tests.fakes.registry import ENVELOPE, SIGNATURE, FakeRegistry, Request, error
from tests.registry.conftest import FAST, ClientOf

LARGE = FAST.early_bytes + 1


def meets(fake: FakeRegistry, pattern: str, together: int) -> None:
    """Answer requests only once so many of them are there: one after another never ends."""
    barrier = threading.Barrier(together)

    def wait(_: Request) -> None:
        barrier.wait(5)

    fake.script(pattern, *[wait] * together)


@pytest.fixture
def image(fake: FakeRegistry) -> Digest:
    """Hold an image with three bundles, a signature and an attestation in cosign's form."""
    digest = fake.image("acme/shop", "1.0")
    for number in range(3):
        fake.attach("acme/shop", digest, b"bundle %d" % number)
    fake.cosign("acme/shop", digest, ".sig", [(SIGNATURE, b"payload", {})])
    fake.cosign("acme/shop", digest, ".att", [(ENVELOPE, b"envelope", {})])
    return digest


@pytest.mark.usefixtures("image")
def test_all_that_depends_on_no_answer_is_asked_at_once(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    # The list, the tag that stands in for it, and cosign's two tags.
    meets(fake, "GET .*(referrers|manifests/sha256-)", 4)
    meets(fake, "GET .*manifests/sha256:", 3)
    found = [one.content for one in attached(client_of(fake.host), fake)]
    expected = [b"bundle 0", b"bundle 1", b"bundle 2", b"payload", b"envelope"]
    assert sorted(found) == sorted(expected)


@pytest.mark.usefixtures("image")
def test_contents_are_asked_for_while_others_are_on_their_way(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    meets(fake, "GET .*blobs/", 5)
    assert len(attached(client_of(fake.host), fake)) == 5


@pytest.mark.usefixtures("image")
def test_nothing_is_asked_twice_because_it_was_asked_early(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    attached(client_of(fake.host), fake)
    lines = [request.line for request in fake.requests]
    assert len(lines) == len(set(lines))


@pytest.mark.usefixtures("image")
def test_an_early_failure_is_told_once_and_not_asked_again(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.script(r"\.att", error(403, "DENIED"), forever=True)
    client = client_of(fake.host)
    items = list(client.attached(client.resolve(shop(fake))))
    unread = [one for one in items if not isinstance(one, Attached)]
    assert (len(items), len(unread), fake.asked(r"\.att")) == (5, 1, 1)


def test_what_is_large_is_asked_for_when_it_is_read(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    for number in range(3):
        fake.attach("acme/shop", digest, bytes([number]) * LARGE)
    client = client_of(fake.host)
    items = client.attached(client.resolve(shop(fake)))
    asked = [fake.asked("blobs/") for _ in items]
    assert asked == [1, 2, 3]


def test_no_more_is_asked_ahead_of_who_reads_than_the_bound(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    for number in range(40):
        fake.attach("acme/shop", digest, b"bundle %d" % number)
    bounds = Bounds(early=6, request_seconds=5, try_seconds=2)
    client = client_of(fake.host, bounds=bounds)
    items = iter(client.attached(client.resolve(shop(fake))))
    next(items)
    # Tag, list and three more tags; what was read, and what waits to be read.
    assert fake.asked("") <= 5 + 2 + bounds.early + 1
    assert len(read(items)) == 39


@pytest.mark.usefixtures("image")
def test_a_client_that_closes_leaves_nothing_under_way(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    client = client_of(fake.host)
    items = iter(client.attached(client.resolve(shop(fake))))
    next(items)
    client.close()
    threads = [one.name for one in threading.enumerate() if one.name.startswith("early")]
    assert threads == []


def test_configurations_of_all_platforms_are_asked_for_at_once(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    platforms = ("linux/amd64", "linux/arm64", "linux/s390x")
    entries = [fake.entry("acme/shop", fake.image("acme/shop", one), one) for one in platforms]
    fake.index("acme/shop", "1.0", entries)
    meets(fake, "GET .*manifests/sha256:", 3)
    meets(fake, "GET .*blobs/", 3)
    client = client_of(fake.host)
    found = client.configurations(client.resolve(shop(fake)))
    assert len(found) == 3


def test_images_of_a_run_share_the_bytes_that_wait_to_be_read(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    for number in range(8):
        fake.attach("acme/shop", digest, b"bundle %d" % number)
    bounds = Bounds(early_held_bytes=0, request_seconds=5, try_seconds=2)
    client = client_of(fake.host, bounds=bounds)
    reference = ImageReference.parse(f"{fake.host}/acme/shop:1.0")
    # Nothing may be held, so that all is asked for when it is read, and all is there.
    assert len(read(client.attached(client.resolve(reference)))) == 8
