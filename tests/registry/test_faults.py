"""What registries really do, R210 to R249: each fault has one outcome, and none is a pass."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.registry.bounds import Bounds
from tests.builders.registries import attached, attached_code, code_of, first_code, read, shop
from tests.fakes.fault_registry import Fault, FaultRegistry, drips, resets, says, stalls
from tests.fakes.registry import (
    OCI_INDEX,
    OCI_MANIFEST,
    SIGNATURE,
    FakeRegistry,
    Reply,
    descriptor,
    encode,
    error,
)
from tests.registry.conftest import ClientOf

QUICK = Bounds(try_seconds=0.4, request_seconds=1.0, run_seconds=3.0)
BUSY = Reply(429, {"retry-after": "1"})


@pytest.fixture
def signed(fake: FakeRegistry) -> tuple[FakeRegistry, Digest]:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"bundle")
    return fake, digest


def test_r210_a_busy_registry_is_asked_again_when_it_says(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.script("manifests/1.0", BUSY, BUSY)
    slept: list[float] = []
    assert client_of(fake.host, slept=slept).resolve(shop(fake)).digest == digest
    assert slept == [1.0, 1.0]


def test_r210_a_registry_that_stays_busy_is_rate_limited_and_not_unsigned(
    signed: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, _ = signed
    fake.script("referrers", BUSY, forever=True)
    assert attached_code(client_of(fake.host), fake) == "rate-limited"
    assert fake.asked("referrers") == 3


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("-5", 0, 2),
        ("soon", 0, 2),
        ("", 0, 2),
        ("99999999999999999999", 0, 2),
        ("1e3", 0, 2),
        ("Mon, 99 Foo 2026 00:00:00 GMT", 0, 2),
        (format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True), 0, 2),
        (format_datetime(datetime(2200, 1, 1, tzinfo=UTC), usegmt=True), 3, 5),
        ("86400", 3, 5),
        ("0", 0, 0),
    ],
)
def test_r211_no_retry_after_makes_it_wait_past_its_deadline(
    fake: FakeRegistry, client_of: ClientOf, value: str, least: float, most: float
) -> None:
    fake.image("acme/shop", "1.0")
    fake.script("manifests/1.0", Reply(429, {"retry-after": value}))
    slept: list[float] = []
    client_of(fake.host, slept=slept).resolve(shop(fake))
    assert len(slept) == 1
    assert least <= slept[0] <= most


@pytest.mark.parametrize("status", [403, 429, 500])
def test_r212_too_many_requests_is_known_by_its_code_whatever_the_status(
    fake: FakeRegistry, client_of: ClientOf, status: int
) -> None:
    fake.script("manifests", error(status, "TOOMANYREQUESTS"), forever=True)
    slept: list[float] = []
    assert code_of(client_of(fake.host, slept=slept), shop(fake)) == "rate-limited"
    assert len(slept) == 2
    assert slept[0] > 0


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 522])
def test_r213_a_failing_registry_is_asked_three_times(
    fake: FakeRegistry, client_of: ClientOf, status: int
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.script("manifests", Reply(status), Reply(status))
    assert client_of(fake.host).resolve(shop(fake)).digest == digest
    assert fake.asked("manifests") == 3
    fake.script("manifests", Reply(status), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "unexpected-status"
    assert fake.asked("manifests") == 6


def test_r214_a_registry_that_is_down_for_good_ends_within_the_deadline(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.script("manifests", Reply(503, {"retry-after": "3600"}), forever=True)
    began = time.monotonic()
    assert code_of(client_of(fake.host, bounds=QUICK), shop(fake)) == "unexpected-status"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("fault", "code", "connections"),
    [
        (resets(), "unreachable", 3),
        (says(b""), "unreachable", 3),
        (says(b"SSH-2.0-OpenSSH\r\n\r\n"), "unreachable", 3),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), "unreachable", 3),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), "unreachable", 3),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "unreachable", 3),
    ],
    ids=["reset", "nothing", "not-http", "r221-truncated", "negative-length", "bad-chunk"],
)
def test_r215_r221_a_broken_connection_is_tried_again_and_then_unreachable(
    client_of: ClientOf, fault: Fault, code: str, connections: int
) -> None:
    with FaultRegistry(fault) as server:
        assert code_of(client_of(server.host), shop(server)) == code
        assert server.connections == connections


def test_r215_a_name_that_does_not_resolve_is_unreachable(client_of: ClientOf) -> None:
    reference = ImageReference.parse("registry.invalid/acme/shop:1.0")
    assert code_of(client_of(), reference) == "unreachable"
    with pytest.raises(RegistryError) as caught:
        client_of().resolve(reference)
    assert (caught.value.problem, caught.value.remedy) == (
        "registry.invalid cannot be asked: its name is not found in the DNS",
        "Correct the name, or run where the DNS knows it.",
    )


def test_r215_a_port_at_which_nothing_listens_is_told_as_that(client_of: ClientOf) -> None:
    with FakeRegistry() as gone:
        host = gone.host
    with pytest.raises(RegistryError) as caught:
        client_of(host).resolve(ImageReference.parse(f"{host}/acme/shop:1.0"))
    assert (caught.value.problem, caught.value.remedy) == (
        f"{host} cannot be asked: nothing listens at its address and port (connection refused)",
        "Correct the port, or start the registry, and run again.",
    )


def test_r215_a_server_without_tls_is_never_asked_in_plain(client_of: ClientOf) -> None:
    with FaultRegistry(says(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        client = client_of(private=frozenset([server.host]), bounds=QUICK)
        assert code_of(client, shop(server)) in {"tls-failed", "unreachable", "timeout"}


def test_r222_a_body_cut_off_without_a_length_is_known_by_its_digest(
    signed: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, digest = signed
    whole = fake.tagged("acme/shop", "1.0")
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
    with FaultRegistry(says(head + OCI_MANIFEST.encode() + b"\r\n\r\n" + whole[:-9])) as server:
        pinned = ImageReference.parse(f"{server.host}/acme/shop@{digest}")
        assert code_of(client_of(server.host), pinned) == "digest-mismatch"
        assert code_of(client_of(server.host), shop(server)) == "malformed-answer"


@pytest.mark.parametrize("content_type", [OCI_MANIFEST, "text/html", ""])
def test_r223_an_empty_answer_is_not_an_empty_manifest(
    fake: FakeRegistry, client_of: ClientOf, content_type: str
) -> None:
    fake.script("manifests", Reply(200, {"content-type": content_type}), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "malformed-answer"


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206, 416, 418])
def test_r224_only_status_200_is_an_answer(
    fake: FakeRegistry, client_of: ClientOf, status: int
) -> None:
    fake.image("acme/shop", "1.0")
    body = b"" if status == 204 else fake.tagged("acme/shop", "1.0")
    fake.script("manifests", Reply(status, {"content-type": OCI_MANIFEST}, body), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "unexpected-status"


def test_r225_a_manifest_over_the_bound_is_not_read_to_its_end(client_of: ClientOf) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    small = Bounds(manifest_bytes=1000, try_seconds=2)
    with FaultRegistry(drips(head, b" " * 600, 0.01)) as server:
        assert code_of(client_of(server.host, bounds=small), shop(server)) == "too-large"
        assert server.connections == 1


def test_r225_a_blob_over_the_bound_is_not_asked_for(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"x" * 2000)
    client = client_of(fake.host, bounds=Bounds(blob_bytes=1000))
    assert attached_code(client, fake) == "too-large"
    assert fake.asked("GET .*blobs") == 0


def test_r225_more_than_an_image_may_carry_is_an_error(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    for number in range(4):
        fake.attach("acme/shop", digest, bytes([number]) * 400)
    assert attached_code(client_of(fake.host, bounds=Bounds(image_bytes=1000)), fake) == "too-large"


def test_r226_more_referrers_than_the_bound_is_an_error_and_not_a_shorter_list(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    for number in range(5):
        fake.attach("acme/shop", digest, b"%d" % number)
    few = Bounds(entries=4)
    assert attached_code(client_of(fake.host, bounds=few), fake) == "too-many"
    fake.page = 2
    assert attached_code(client_of(fake.host, bounds=few), fake) == "too-many"
    enough = Bounds(entries=5)
    assert len(attached(client_of(fake.host, bounds=enough), fake)) == 5


def test_r226_a_list_that_links_to_itself_ends(fake: FakeRegistry, client_of: ClientOf) -> None:
    fake.image("acme/shop", "1.0")
    page = encode({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
    headers = {"content-type": OCI_INDEX, "link": '<?next>; rel="next"'}
    fake.script("referrers", Reply(200, headers, page), forever=True)
    assert attached_code(client_of(fake.host), fake) == "too-many"
    assert fake.asked("referrers") == Bounds().pages


def test_r226_more_signatures_than_the_bound_is_an_error(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    layers = [(SIGNATURE, b"payload", {"n": str(number)}) for number in range(5)]
    fake.cosign("acme/shop", digest, ".sig", list(layers))
    assert attached_code(client_of(fake.host, bounds=Bounds(entries=4)), fake) == "too-many"


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "x-unknown", "gzip, br"])
def test_r227_an_encoded_answer_is_refused_unread(
    fake: FakeRegistry, client_of: ClientOf, encoding: str
) -> None:
    fake.script("manifests", Reply(200, {"content-encoding": encoding}, b"x" * 100), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "encoded-answer"
    assert fake.requests[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "fault",
    [
        stalls(),
        stalls(b"HTTP/1.1 200 OK\r\n"),
        stalls(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"),
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b" ", 0.05),
        drips(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05),
        drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.001),
        drips(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001),
    ],
    ids=["silent", "half-head", "half-body", "drip-body", "drip-head", "100", "103"],
)
def test_r228_a_slow_registry_ends_at_the_deadline(client_of: ClientOf, fault: Fault) -> None:
    with FaultRegistry(fault) as server:
        began = time.monotonic()
        assert code_of(client_of(server.host, bounds=QUICK), shop(server)) == "timeout"
        assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, {}, b"404 page not found"),
        error(404, "MANIFEST_UNKNOWN"),
        Reply(400),
        Reply(405),
        Reply(406),
        Reply(501),
        Reply(200, {"content-type": "text/html"}, b"<html>"),
        Reply(200, {"content-type": "application/json"}, b"{}"),
        Reply(302, {"location": "/login"}),
    ],
    ids=["404", "404-code", "400", "405", "406", "501", "html", "json", "login"],
)
def test_r229_a_registry_without_the_referrers_api_is_asked_by_tag_once_known(
    client_of: ClientOf, reply: Reply
) -> None:
    with FakeRegistry(referrers=False) as fake:
        fake.script("GET /login", Reply(200, {"content-type": "text/html"}), forever=True)
        first = fake.image("acme/shop", "first")
        second = fake.image("acme/shop", "second")
        entries = [
            fake.entry("acme/shop", first, "linux/amd64"),
            fake.entry("acme/shop", second, "linux/arm64"),
        ]
        fake.index("acme/shop", "1.0", entries)
        fake.attach("acme/shop", first, b"bundle")
        fake.script("referrers", reply, forever=True)
        assert [a.content for a in attached(client_of(fake.host), fake)] == [b"bundle"]
        assert fake.asked("referrers") == 1


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(401), "denied"),
        (Reply(403), "denied"),
        (Reply(500), "unexpected-status"),
        (Reply(503), "unexpected-status"),
        (Reply(200, {"content-type": OCI_INDEX}, b"{"), "malformed-answer"),
        (Reply(200, {"content-type": OCI_INDEX}, b"{}"), "malformed-manifest"),
    ],
)
def test_r229_a_refusal_is_not_a_missing_api(
    signed: tuple[FakeRegistry, Digest], client_of: ClientOf, reply: Reply, code: str
) -> None:
    fake, _ = signed
    fake.script("referrers", reply, forever=True)
    assert attached_code(client_of(fake.host), fake) == code


def test_r230_an_unknown_repository_is_not_a_missing_api(
    signed: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, _ = signed
    fake.script("referrers", error(404, "NAME_UNKNOWN"), forever=True)
    assert attached_code(client_of(fake.host), fake) == "not-found"


def test_r239_r188_urls_in_content_are_never_fetched(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"bundle")
    with FakeRegistry() as other:
        elsewhere = [f"http://{other.host}/foreign"]
        layer = descriptor("application/vnd.dev.sigstore.bundle.v0.3+json", b"away", urls=elsewhere)
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
            "layers": [layer],
            "subject": fake.entry("acme/shop", digest),
        }
        fake.manifest("acme/shop", encode(manifest))
        assert attached_code(client_of(fake.host, other.host), fake) == "missing-blob"
        assert other.requests == []


def test_r241_headers_are_not_believed_and_head_is_not_used(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    body = fake.tagged("acme/shop", "1.0")
    lie = {"content-type": OCI_MANIFEST, "docker-content-digest": f"sha256:{'0' * 64}"}
    fake.script("manifests/1.0", Reply(200, lie, body))
    assert client_of(fake.host).resolve(shop(fake)).digest == digest
    assert fake.asked("HEAD") == 0


@pytest.mark.parametrize(
    "served", ["", "text/plain", "application/octet-stream", f"{OCI_MANIFEST}; charset=utf-8"]
)
def test_r242_a_manifest_names_its_own_type(
    fake: FakeRegistry, client_of: ClientOf, served: str
) -> None:
    digest = fake.image("acme/shop", "1.0")
    body = fake.tagged("acme/shop", "1.0")
    fake.script("manifests/1.0", Reply(200, {"content-type": served}, body))
    assert client_of(fake.host).resolve(shop(fake)).digest == digest


@pytest.mark.parametrize(
    "served", [OCI_INDEX, "application/vnd.docker.distribution.manifest.v2+json"]
)
def test_r242_r180_a_manifest_served_as_another_type_is_refused(
    fake: FakeRegistry, client_of: ClientOf, served: str
) -> None:
    fake.image("acme/shop", "1.0")
    body = fake.tagged("acme/shop", "1.0")
    fake.script("manifests/1.0", Reply(200, {"content-type": served}, body), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "malformed-manifest"


def test_r243_an_error_page_is_neither_read_whole_nor_repeated(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    page = b"\x1b[31m::error::<html>" + b"A" * 10_000_000
    fake.script("manifests", Reply(404, {"content-type": "text/html"}, page), forever=True)
    client = client_of(fake.host)
    with pytest.raises(RegistryError) as caught:
        client.resolve(ImageReference.parse(f"{fake.host}/acme/shop@sha256:{'a' * 64}"))
    assert caught.value.code == "not-found"
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_r243_an_error_code_that_is_not_a_known_one_is_not_repeated(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.script("manifests", error(418, "\x1b[2J::add-mask::", "\n::error::"), forever=True)
    with pytest.raises(RegistryError) as caught:
        client_of(fake.host).resolve(shop(fake))
    assert str(caught.value) == (
        f"{fake.host} answered HTTP 418 to {fake.host}/acme/shop 1.0 [unexpected-status]"
    )


def test_r247_a_missing_image_says_that_it_may_be_hidden(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    with pytest.raises(RegistryError, match="or does not show it to us") as caught:
        client_of(fake.host).resolve(shop(fake))
    assert caught.value.code == "not-found"
    assert "log in" in caught.value.remedy


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"schemaVersion": 2, "manifests": ["x"]}, "malformed-manifest"),
        ({"schemaVersion": 2, "manifests": [{"size": 1}]}, "malformed-manifest"),
        ({"schemaVersion": 2, "manifests": {}}, "malformed-manifest"),
    ],
)
def test_r248_a_fallback_tag_that_is_no_list_of_descriptors_is_an_error(
    client_of: ClientOf, value: object, code: str
) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.manifest("acme/shop", encode(value), OCI_INDEX, tag=f"sha256-{digest.hex}")
        assert attached_code(client_of(fake.host), fake) == code


def test_r248_a_fallback_tag_that_is_no_index_is_an_error(client_of: ClientOf) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.image("acme/shop", f"sha256-{digest.hex}")
        assert attached_code(client_of(fake.host), fake) == "malformed-manifest"


def test_r249_a_listed_blob_that_is_gone_is_asked_again_and_then_an_error(
    signed: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, _ = signed
    fake.script("blobs", error(404, "BLOB_UNKNOWN"))
    assert [a.content for a in attached(client_of(fake.host), fake)] == [b"bundle"]
    fake.script("blobs", error(404, "BLOB_UNKNOWN"), forever=True)
    assert attached_code(client_of(fake.host), fake) == "missing-blob"


def test_r033_a_tag_is_asked_for_once_and_then_only_its_digest(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    first = fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    assert client.resolve(shop(fake)).digest == first
    fake.image("acme/shop", "1.0", config={"os": "linux", "architecture": "arm64"})
    image = client.resolve(shop(fake))
    read(client.attached(image))
    assert image.digest == first
    assert fake.asked("manifests/1.0") == 1


def test_r034_other_bytes_than_the_digest_are_refused_whatever_the_header_says(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    other = fake.tagged("acme/shop", "1.0") + b" "
    headers = {"content-type": OCI_MANIFEST, "docker-content-digest": str(digest)}
    fake.script("manifests", Reply(200, headers, other), forever=True)
    pinned = ImageReference.parse(f"{fake.host}/acme/shop:1.0@{digest}")
    assert code_of(client_of(fake.host), pinned) == "digest-mismatch"


def test_r036_a_listed_manifest_about_another_image_is_ignored(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    other = fake.image("acme/shop", "other")
    listed = fake.attach("acme/shop", other, b"bundle of another")
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX}
    page = encode(index | {"manifests": [fake.entry("acme/shop", listed)]})
    fake.script(f"referrers/{digest}", Reply(200, {"content-type": OCI_INDEX}, page), forever=True)
    assert attached(client_of(fake.host), fake) == ()


def test_r037_a_fallback_entry_whose_bytes_differ_is_refused(client_of: ClientOf) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")
        carrier = fake.attach("acme/shop", digest, b"bundle")
        fake.script(
            f"manifests/{carrier}",
            Reply(200, {"content-type": OCI_MANIFEST}, b'{"schemaVersion":2}'),
            forever=True,
        )
        assert attached_code(client_of(fake.host), fake) == "digest-mismatch"


def test_one_image_that_fails_leaves_the_next_alone(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/other", "1.0")
    fake.script("acme/shop", Reply(500), forever=True)
    client = client_of(fake.host)
    assert code_of(client, shop(fake)) == "unexpected-status"
    other = ImageReference.parse(f"{fake.host}/acme/other:1.0")
    assert client.resolve(other) == ResolvedImage(other, digest)


def test_answers_are_json_objects_that_everybody_reads_the_same(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    twice = fake.tagged("acme/shop", "1.0").replace(
        b'"schemaVersion":2', b'"layers":[],"layers":[]'
    )
    assert json.loads(twice)
    fake.script("manifests", Reply(200, {"content-type": OCI_MANIFEST}, twice), forever=True)
    assert code_of(client_of(fake.host), shop(fake)) == "malformed-answer"


def test_r035_a_digest_in_a_header_is_not_compared_because_it_is_never_used(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    body = fake.tagged("acme/shop", "1.0")
    lie = {"content-type": OCI_MANIFEST, "docker-content-digest": f"sha256:{'f' * 64}"}
    fake.script("HEAD", Reply(200, lie), forever=True)
    fake.script("GET .*manifests", Reply(200, lie, body), forever=True)
    assert client_of(fake.host).resolve(shop(fake)).digest == digest


@pytest.mark.parametrize(("said", "code"), [(5, "too-large"), (7, "size-mismatch")])
def test_r186_content_of_another_size_than_its_descriptor_says_is_refused(
    fake: FakeRegistry, client_of: ClientOf, said: int, code: str
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.blob("acme/shop", b"bundle")
    bundle = descriptor("application/vnd.dev.sigstore.bundle.v0.3+json", b"bundle")
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [bundle | {"size": said}],
        "subject": fake.entry("acme/shop", digest),
    }
    fake.manifest("acme/shop", encode(manifest))
    assert attached_code(client_of(fake.host), fake) == code


def test_r114_a_run_that_is_out_of_time_asks_nothing_more(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    client = client_of(fake.host, bounds=Bounds(run_seconds=0.0))
    assert code_of(client, shop(fake)) == "timeout"
    assert fake.requests == []


def test_a_host_that_never_answers_is_given_up_for_the_run(client_of: ClientOf) -> None:
    with FaultRegistry(resets()) as server:
        client = client_of(server.host)
        for _ in range(5):
            assert code_of(client, shop(server)) == "unreachable"
        assert server.connections == 9


def test_a_host_that_answers_now_and_then_is_not_given_up(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    def hang_up(_: object) -> Reply:
        raise ConnectionResetError

    digest = fake.image("acme/shop", "1.0")
    client = client_of(fake.host)
    broken = ImageReference.parse(f"{fake.host}/acme/broken:1.0")
    fake.script("acme/broken", hang_up, forever=True)
    for _ in range(2):
        assert code_of(client, broken) == "unreachable"
    assert client.resolve(shop(fake)).digest == digest
    for _ in range(2):
        assert code_of(client, broken) == "unreachable"
    assert fake.asked("acme/broken") == 12


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(404), "not-found"),
        (Reply(405), "unexpected-status"),
        (Reply(200, {"content-type": "text/html"}, b"<html>"), "malformed-answer"),
    ],
)
def test_r229_an_api_that_answered_before_is_not_missing_later(
    fake: FakeRegistry, client_of: ClientOf, reply: Reply, code: str
) -> None:
    first = fake.image("acme/shop", "first")
    second = fake.image("acme/shop", "second")
    fake.attach("acme/shop", second, b"bundle")
    client = client_of(fake.host)
    name = f"{fake.host}/acme/shop"
    assert read(client.attached(client.resolve(ImageReference.parse(f"{name}@{first}")))) == ()
    fake.script(f"referrers/{second}", reply, forever=True)
    image = client.resolve(ImageReference.parse(f"{name}@{second}"))
    assert first_code(client.attached(image)) == code


@pytest.mark.parametrize(
    ("header", "left"),
    [("0;w=21600", 0), ("7", 7), ("11;w=21600", None), ("many", None), ("-1", None), ("", None)],
)
def test_r245_a_limit_that_is_nearly_used_is_told_and_nothing_is_asked_twice(
    client_of: ClientOf, header: str, left: int | None
) -> None:
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        manifest = fake.tagged("acme/shop", "1.0")
        headers = {"content-type": OCI_MANIFEST, "ratelimit-remaining": header}
        fake.script("GET .*/manifests/1.0", Reply(200, headers, manifest), forever=True)
        client = client_of(fake.host)
        assert [client.resolve(shop(fake)).digest for _ in range(3)] == [digest] * 3
        assert fake.asked("GET .*/manifests/") == 1
        assert client.nearly_used() == (() if left is None else ((fake.host, left),))


@pytest.mark.parametrize("api", [True, False])
def test_r127_what_a_list_says_about_an_entry_decides_nothing(
    *, api: bool, client_of: ClientOf
) -> None:
    with FakeRegistry(referrers=api) as fake:
        digest = fake.image("acme/shop", "1.0")
        carrier = fake.attach("acme/shop", digest, b"bundle")
        plain = attached(client_of(fake.host), fake)
        lie = {"annotations": {"verified": "true"}, "artifactType": "application/x-verified"}
        entry = fake.entry("acme/shop", carrier) | lie
        index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
        where = f"referrers/{digest}" if api else f"manifests/sha256-{digest.hex}$"
        listed = Reply(200, {"content-type": OCI_INDEX}, encode(index))
        fake.script(where, listed, forever=True)
        assert [a.content for a in plain] == [b"bundle"]
        assert attached(client_of(fake.host), fake) == plain


def test_r129_what_a_registry_writes_is_not_repeated_to_the_terminal(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.image("acme/shop", "1.0")
    shout = "\x1b[31m::error::" + "x" * 10_000
    body = encode({"errors": [{"code": "DENIED", "message": shout, "detail": shout}]})
    headers = {"content-type": "application/json", "warning": '299 - "::error::"'}
    fake.script("manifests", Reply(403, headers, body), forever=True)
    with pytest.raises(RegistryError) as caught:
        client_of(fake.host).resolve(shop(fake))
    assert caught.value.code == "denied"
    told = f"{caught.value.problem} {caught.value.remedy}"
    assert told.isprintable()
    assert len(told) < 1000
    assert "::error" not in told
