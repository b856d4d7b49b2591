"""What of an image's evidence is read beside what cannot be, fault by fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from gate.model.evidence import Unread
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS
from gate.registry.layout.repository import LayoutRepository
from gate.registry.oci.manifest import OCI_MANIFEST
from tests.builders.layout_registries import NAME, registry
from tests.builders.layouts import make_image
from tests.builders.registries import found_and_unread, read, shop
from tests.fakes.registry import FakeRegistry, Reply, descriptor, encode, error
from tests.registry.conftest import ClientOf

LOST: Final = b"lost"


@pytest.fixture
def two(fake: FakeRegistry) -> tuple[FakeRegistry, Digest]:
    """Hold an image with two bundles; return the manifest of one of them."""
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"kept")
    return fake, fake.attach("acme/shop", digest, LOST)


def _read(client_of: ClientOf, fake: FakeRegistry) -> tuple[list[bytes], list[Unread]]:
    client = client_of(fake.host)
    found, unread = found_and_unread(client.attached(client.resolve(shop(fake))))
    assert unread
    return [item.content for item in found], list(unread)


BLOB: Final = f"blobs/{Digest.of(LOST)}"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error(404, "BLOB_UNKNOWN"), "missing-blob"),
        (error(403, "DENIED"), "denied"),
        (Reply(500), "unexpected-status"),
        (Reply(200, {}, b"LOST"), "digest-mismatch"),
        (Reply(200, {}, b"los"), "size-mismatch"),
    ],
)
def test_content_that_is_lost_is_named_and_its_neighbour_is_read(
    two: tuple[FakeRegistry, Digest], client_of: ClientOf, answer: Reply, code: str
) -> None:
    fake, _ = two
    fake.script(BLOB, answer, forever=True)
    found, (unread,) = _read(client_of, fake)
    assert found == [b"kept"]
    assert (unread.code, unread.digest) == (code, Digest.of(LOST))
    assert unread.kind == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert unread.remedy


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error(404, "MANIFEST_UNKNOWN"), "not-found"),
        (Reply(502), "unexpected-status"),
        (Reply(200, {"content-type": OCI_MANIFEST}, b"{}"), "digest-mismatch"),
    ],
)
def test_a_manifest_that_is_listed_and_lost_is_named_and_its_neighbour_is_read(
    two: tuple[FakeRegistry, Digest], client_of: ClientOf, answer: Reply, code: str
) -> None:
    fake, manifest = two
    fake.script(f"manifests/{manifest}", answer, forever=True)
    found, (unread,) = _read(client_of, fake)
    assert found == [b"kept"]
    assert (unread.code, unread.digest, unread.kind) == (code, manifest, "manifest")


def test_a_403_for_a_tag_that_is_not_there_is_told_as_what_some_registries_do(
    two: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, _ = two
    fake.script(r"manifests/sha256-[0-9a-f]+\.(sig|att)", error(403, "DENIED"), forever=True)
    found, unread = _read(client_of, fake)
    assert sorted(found) == [b"kept", LOST]
    assert [(one.code, one.storage, one.digest) for one in unread] == [
        ("denied", "sig-tag", None),
        ("denied", "att-tag", None),
    ]
    for one in unread:
        assert "some registries answer 403 for what is absent" in one.reason
        assert one.kind in one.reason or one.kind.removeprefix("the tag ") in one.reason


def test_a_registry_that_wants_us_to_wait_is_asked_no_more(
    two: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, _ = two
    busy = Reply(429, {"retry-after": "0"})
    fake.script(r"manifests/sha256-[0-9a-f]+ ", busy, forever=True)
    fake.script(r"manifests/sha256-[0-9a-f]+$", busy, forever=True)
    found, (unread,) = _read(client_of, fake)
    assert sorted(found) == [b"kept", LOST]
    assert unread.code == "rate-limited"
    assert fake.asked(r"\.sig") <= 1  # it may have been under way, and is not asked again


def test_after_three_answers_that_are_errors_no_more_is_asked(
    two: tuple[FakeRegistry, Digest], client_of: ClientOf
) -> None:
    fake, _ = two
    fake.script("referrers|manifests/sha256-", Reply(500), forever=True)
    found, unread = _read(client_of, fake)
    assert (found, [one.code for one in unread]) == ([], ["unexpected-status"] * BOUNDS.failures)


def test_the_neighbours_of_what_is_too_large_are_read(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"kept")
    layer = descriptor("application/vnd.dev.sigstore.bundle.v0.3+json", LOST)
    manifest = {
        "schemaVersion": 2,
        "config": descriptor("application/vnd.oci.empty.v1+json", b"{}"),
        "layers": [layer | {"size": BOUNDS.blob_bytes + 1}],
        "subject": fake.entry("acme/shop", digest),
    }
    fake.manifest("acme/shop", encode(manifest))
    found, (unread,) = _read(client_of, fake)
    assert (found, unread.code, unread.digest) == ([b"kept"], "too-large", Digest.of(LOST))


FOREIGN: Final = [
    "application/vnd.cncf.oras.artifact.manifest.v1+json",
    "application/vnd.oci.artifact.manifest.v1+json",
]


@pytest.mark.parametrize("media_type", FOREIGN)
def test_an_artifact_manifest_of_another_tool_is_unknown_and_no_error(
    client_of: ClientOf, media_type: str
) -> None:
    with FakeRegistry(referrers=False) as fake:
        digest = fake.image("acme/shop", "1.0")
        value = {"mediaType": media_type, "blobs": [], "subject": fake.entry("acme/shop", digest)}
        foreign = fake.manifest("acme/shop", encode(value), media_type)
        fake.index("acme/shop", f"sha256-{digest.hex}", [fake.entry("acme/shop", foreign)])
        client = client_of(fake.host)
        (found,) = read(client.attached(client.resolve(shop(fake))))
        assert (found.kind, found.media_type) == ("unknown", media_type)


def test_a_layout_that_lists_a_manifest_which_is_not_there_says_so_and_reads_the_rest(
    tmp_path: Path,
) -> None:
    image = make_image(tmp_path, "1.0")
    layout = LayoutRepository(tmp_path, BOUNDS)
    content = encode({"schemaVersion": 2, "config": descriptor("a/b", b"{}"), "layers": []})
    layout.put_manifest(content, OCI_MANIFEST)
    (tmp_path / "blobs" / "sha256" / Digest.of(content).hex).unlink()
    found = registry(tmp_path)
    resolved = found.resolve(shop_in_layout())
    assert resolved.digest == image
    (unread,) = found.attached(resolved)
    assert isinstance(unread, Unread)
    assert (unread.code, unread.digest) == ("missing-blob", Digest.of(content))
    assert json.loads((tmp_path / "index.json").read_text())["manifests"]


def shop_in_layout() -> ImageReference:
    return ImageReference.parse(f"{NAME}:1.0")
