from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gate.errors import RegistryError
from gate.model.image import ImageReference, ResolvedImage
from gate.registry.bounds import Bounds
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.write.publish import RepositoryPublisher
from tests.builders.cosign_publisher import CosignPublisher
from tests.builders.registries import read, shop
from tests.fakes.registry import (
    OCI_INDEX,
    OCI_MANIFEST,
    FakeRegistry,
    Reply,
    Request,
    encode,
    error,
)
from tests.registry.conftest import ClientOf

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TYPE = "https://slsa.dev/verification_summary/v1"


def resolved(client: RegistryClient, fake: FakeRegistry) -> ResolvedImage:
    return client.resolve(shop(fake))


def push(client: RegistryClient, image: ResolvedImage, bundle: bytes = b"bundle") -> None:
    RepositoryPublisher(client).push_bundle(image, bundle, predicate_type=TYPE, created=NOW)


def read_back(client_of: ClientOf, fake: FakeRegistry) -> list[tuple[str, str, bytes]]:
    client = client_of(fake.host)
    found = read(client.attached(resolved(client, fake)))
    return [(a.kind, a.storage, a.content) for a in found]


def referrers(fake: FakeRegistry, image: ResolvedImage) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(fake.tagged("acme/shop", f"sha256-{image.digest.hex}"))
    return held


def test_a_bundle_becomes_a_referrer_as_the_specification_writes_it(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    image = resolved(client, fake)
    digest = RepositoryPublisher(client).push_bundle(
        image, b"bundle", predicate_type=TYPE, created=NOW
    )
    manifest = json.loads(client.repository(image.reference).manifest(digest).content)
    assert manifest["artifactType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert manifest["config"]["mediaType"] == "application/vnd.oci.empty.v1+json"
    assert manifest["subject"]["digest"] == str(image.digest)
    assert manifest["annotations"] == {
        "dev.sigstore.bundle.content": "dsse-envelope",
        "dev.sigstore.bundle.predicateType": TYPE,
        "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
    }
    assert read_back(client_of, fake) == [("sigstore-bundle", "referrers", b"bundle")]
    with pytest.raises(KeyError):
        referrers(fake, image)


def test_without_the_referrers_api_it_is_listed_under_the_tag_with_its_annotations(
    client_of: ClientOf,
) -> None:
    with FakeRegistry(referrers=False) as fake:
        fake.image("acme/shop", "1.0")
        client = client_of(fake.host)
        image = resolved(client, fake)
        push(client, image)
        (entry,) = referrers(fake, image)["manifests"]
        assert entry["artifactType"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
        assert entry["annotations"]["dev.sigstore.bundle.predicateType"] == TYPE
        assert read_back(client_of, fake) == [("sigstore-bundle", "fallback-tag", b"bundle")]


def test_what_others_listed_stays_as_they_wrote_it(client_of: ClientOf) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")
        theirs = fake.attach("acme/shop", digest, b"theirs")
        entry = fake.entry("acme/shop", theirs, annotations={"a": "b"}) | {"x-unknown": [1]}
        value = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry], "x": "kept"}
        fake.manifest("acme/shop", encode(value), OCI_INDEX, tag=f"sha256-{digest.hex}")
        client = client_of(fake.host)
        image = resolved(client, fake)
        push(client, image)
        after = referrers(fake, image)
        assert after["x"] == "kept"
        assert after["manifests"][0] == entry
        assert len(after["manifests"]) == 2


def test_a_writer_whose_list_was_replaced_merges_again(client_of: ClientOf) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")

        def meanwhile(_: Request) -> Reply:
            fake.attach("acme/shop", digest, b"theirs")
            return Reply(201)

        fake.script(f"PUT .*manifests/sha256-{digest.hex}", meanwhile)
        client = client_of(fake.host)
        push(client, resolved(client, fake))
        found = {content for _, _, content in read_back(client_of, fake)}
        assert found == {b"bundle", b"theirs"}


class _Overlap:
    """Two writers of one tag. The early one writes and reads back while the late one,
    which has read already, is about to write; then each looks again."""

    def __init__(self, fake: FakeRegistry, early: Callable[[Exchange], None]) -> None:
        self._settling, self._overwritten = threading.Event(), threading.Event()
        configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))
        self._exchange = Exchange(configuration, sleep=self._settle_early)
        self._thread = threading.Thread(target=early, args=(self._exchange,))

    def _settle_early(self, _: float) -> None:
        self._settling.set()
        assert self._overwritten.wait(10)

    def settle_late(self, _: float) -> None:
        self._overwritten.set()
        self._thread.join(20)

    def before_the_late_one_writes(self, _: Request) -> None:
        self._thread.start()
        assert self._settling.wait(10)


@pytest.mark.parametrize("suffix", ["", ".att"], ids=["fallback-tag", "att"])
def test_of_two_writers_that_overlap_in_one_round_trip_neither_loses_its_entry(
    suffix: str,
) -> None:
    with FakeRegistry(referrers=False) as fake:
        fake.image("acme/shop", "1.0")
        configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))

        def write(exchange: Exchange, content: bytes) -> None:
            client = RegistryClient(configuration, exchange=exchange)
            image = resolved(client, fake)
            publisher = RepositoryPublisher(client)
            if suffix:
                publisher.push_attestation_legacy(image, content, predicate_type=TYPE)
            else:
                publisher.push_bundle(image, content, predicate_type=TYPE, created=NOW)
            publisher.confirm()
            client.close()

        overlap = _Overlap(fake, lambda exchange: write(exchange, b"early"))
        fake.script(
            f"PUT .*manifests/sha256-[0-9a-f]*{suffix}$", overlap.before_the_late_one_writes
        )
        write(Exchange(configuration, sleep=overlap.settle_late), b"late")
        client = RegistryClient(configuration)
        found = {one.content for one in read(client.attached(resolved(client, fake)))}
        client.close()
        assert found == {b"early", b"late"}


def test_a_tag_that_never_holds_still_is_a_conflict(client_of: ClientOf) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.script(f"PUT .*manifests/sha256-{digest.hex}", Reply(201), forever=True)
        client = client_of(fake.host)
        image = resolved(client, fake)
        with pytest.raises(RegistryError) as caught:
            push(client, image)
        assert caught.value.code == "push-conflict"
        assert fake.asked("PUT .*sha256-") == 5


def test_a_registry_that_claims_referrers_and_lists_none_gets_the_tag_too(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    empty = encode({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
    fake.script("GET .*referrers", Reply(200, {"content-type": OCI_INDEX}, empty), forever=True)
    client = client_of(fake.host)
    push(client, resolved(client, fake))
    assert read_back(client_of, fake) == [("sigstore-bundle", "fallback-tag", b"bundle")]


@pytest.mark.parametrize("api", [True, False])
def test_nothing_is_pushed_twice(*, api: bool, client_of: ClientOf) -> None:
    with FakeRegistry(referrers=api) as fake:
        fake.image("acme/shop", "1.0")
        client = client_of(fake.host)
        image = resolved(client, fake)
        publisher = CosignPublisher(client)

        def everything(created: datetime) -> None:
            publisher.push_bundle(image, b"bundle", predicate_type=TYPE, created=created)
            publisher.push_attestation_legacy(image, b"envelope", predicate_type=TYPE)
            publisher.push_signature_legacy(image, b"payload", annotations={"s": "1"})

        everything(NOW)
        written = fake.asked("PUT|POST")
        everything(datetime(2027, 1, 1, tzinfo=UTC))
        assert fake.asked("PUT|POST") == written


def test_legacy_layers_are_appended_as_cosign_writes_them(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    image = resolved(client, fake)
    publisher = RepositoryPublisher(client)
    publisher.push_attestation_legacy(image, b"one", predicate_type=TYPE)
    publisher.push_attestation_legacy(image, b"two", predicate_type=TYPE)
    held = json.loads(fake.tagged("acme/shop", f"sha256-{image.digest.hex}.att"))
    assert held["mediaType"] == OCI_MANIFEST
    assert [layer["mediaType"] for layer in held["layers"]] == [
        "application/vnd.dsse.envelope.v1+json"
    ] * 2
    assert held["layers"][0]["annotations"] == {
        "dev.cosignproject.cosign/signature": "",
        "predicateType": TYPE,
    }


def test_a_tag_that_holds_something_else_is_not_overwritten(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.index("acme/shop", f"sha256-{digest.hex}.att", [])
    client = client_of(fake.host)
    image = resolved(client, fake)
    with pytest.raises(RegistryError) as caught:
        RepositoryPublisher(client).push_attestation_legacy(image, b"one", predicate_type=TYPE)
    assert caught.value.code == "malformed-manifest"
    assert fake.asked("PUT") == 0


@pytest.mark.parametrize(
    ("pattern", "reply", "code"),
    [
        ("POST", Reply(401), "denied"),
        ("POST", error(403, "DENIED"), "denied"),
        ("POST", Reply(429), "rate-limited"),
        ("POST", Reply(500), "push-refused"),
        ("PUT .*uploads", error(400, "DIGEST_INVALID"), "push-refused"),
        ("PUT .*manifests", error(400, "MANIFEST_INVALID"), "push-refused"),
        ("PUT .*manifests", Reply(302, {"location": "/elsewhere"}), "push-refused"),
    ],
)
def test_a_push_that_is_refused_says_why(
    fake: FakeRegistry, client_of: ClientOf, pattern: str, reply: Reply, code: str
) -> None:
    fake.image("acme/shop", "1.0")
    fake.script(pattern, reply, forever=True)
    client = client_of(fake.host)
    image = resolved(client, fake)
    with pytest.raises(RegistryError) as caught:
        push(client, image)
    assert caught.value.code == code


def test_writing_asks_for_a_token_that_may_push() -> None:
    with FakeRegistry(tokens=True) as fake:
        fake.image("acme/shop", "1.0")
        configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))
        with RegistryClient(configuration) as client:
            push(client, resolved(client, fake))
        scopes = [r.path.partition("scope=")[2] for r in fake.requests if "/token" in r.path]
        assert scopes == [
            "repository%3Aacme%2Fshop%3Apull",
            "repository%3Aacme%2Fshop%3Apull%2Cpush",
        ]


def test_tags_are_looked_at_again_after_one_wait_however_many_were_written() -> None:
    waits: list[float] = []
    with FakeRegistry(referrers=False) as fake:
        configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))
        client = RegistryClient(configuration, exchange=Exchange(configuration, sleep=waits.append))
        publisher = RepositoryPublisher(client)
        for name in ("acme/shop", "acme/cart", "acme/mail"):
            fake.image(name, "1.0")
            image = client.resolve(ImageReference.parse(f"{fake.host}/{name}:1.0"))
            publisher.push_bundle(image, b"bundle", predicate_type=TYPE, created=NOW)
            publisher.push_attestation_legacy(image, b"envelope", predicate_type=TYPE)
        publisher.confirm()
        publisher.confirm()
        client.close()
        assert fake.asked("PUT .*/manifests/sha256-") == 6
    assert waits == [0.5]


def test_nobody_waits_where_no_tag_was_written() -> None:
    waits: list[float] = []
    with FakeRegistry(referrers=True) as fake:
        fake.image("acme/shop", "1.0")
        configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))
        client = RegistryClient(configuration, exchange=Exchange(configuration, sleep=waits.append))
        publisher = RepositoryPublisher(client)
        image = resolved(client, fake)
        publisher.push_bundle(image, b"bundle", predicate_type=TYPE, created=NOW)
        publisher.confirm()
        client.close()
    assert waits == []


@pytest.mark.parametrize("api", [True, False])
def test_no_more_is_written_than_is_read_again(client_of: ClientOf, *, api: bool) -> None:
    with FakeRegistry(referrers=api) as fake:
        digest = fake.image("acme/shop", "1.0")
        for number in range(3):
            fake.attach("acme/shop", digest, b"%d" % number)
        bounds = Bounds(entries=4)
        client = client_of(fake.host, bounds=bounds)
        image = resolved(client, fake)
        publisher = RepositoryPublisher(client, bounds=bounds)
        publisher.push_bundle(image, b"fits", predicate_type=TYPE, created=NOW)
        assert publisher.nearly_full == {str(image): 4}
        written = fake.asked("PUT")
        with pytest.raises(RegistryError) as caught:
            publisher.push_bundle(image, b"one more", predicate_type=TYPE, created=NOW)
        assert caught.value.code == "too-many"
        assert fake.asked("PUT") == written
        found = read(client_of(fake.host, bounds=bounds).attached(image))
        assert sorted(item.content for item in found) == [b"0", b"1", b"2", b"fits"]


def test_no_more_layers_are_written_than_are_read_again(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    image = resolved(client, fake)
    publisher = RepositoryPublisher(client, bounds=Bounds(entries=2))
    for envelope in (b"one", b"two"):
        publisher.push_attestation_legacy(image, envelope, predicate_type=TYPE)
    with pytest.raises(RegistryError) as caught:
        publisher.push_attestation_legacy(image, b"three", predicate_type=TYPE)
    assert caught.value.code == "too-many"


def test_an_image_with_room_for_more_than_it_carries_is_not_told_of(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    publisher = RepositoryPublisher(client, bounds=Bounds(entries=4))
    publisher.push_bundle(resolved(client, fake), b"one", predicate_type=TYPE, created=NOW)
    assert publisher.nearly_full == {}


def test_among_thousands_the_same_bundle_is_looked_for_only_where_it_can_be(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    for number in range(40):
        kind = TYPE if number < 35 else "https://sigstore.dev/cosign/sign/v1"
        told = {"dev.sigstore.bundle.predicateType": kind}
        fake.attach("acme/shop", digest, b"%d" % number, annotations=told)
    client = client_of(fake.host)
    image = resolved(client, fake)
    before = fake.asked("GET .*manifests/sha256:")
    push(client, image)
    assert fake.asked("GET .*manifests/sha256:") - before == 32  # the image was read before
