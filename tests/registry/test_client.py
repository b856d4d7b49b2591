from __future__ import annotations

import pytest

from gate.errors import RegistryError
from gate.model.evidence import AttachedKind, Storage
from gate.model.image import ImageReference, Platform
from tests.builders.registries import read
from tests.fakes.registry import ENVELOPE, SIGNATURE, FakeRegistry
from tests.registry.conftest import ClientOf


def test_a_tag_resolves_to_the_digest_of_the_bytes(fake: FakeRegistry, client_of: ClientOf) -> None:
    digest = fake.image("acme/shop", "1.0")
    image = client_of(fake.host).resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
    assert image.digest == digest
    assert image.platforms == ()
    assert fake.asked("") == 1


def test_an_index_resolves_to_its_platforms_and_leaves_out_what_does_not_run(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    amd, arm = fake.image("acme/shop", "amd"), fake.image("acme/shop", "arm")
    note = fake.image("acme/shop", "note")
    fake.index(
        "acme/shop",
        "1.0",
        [
            fake.entry("acme/shop", amd, "linux/amd64"),
            fake.entry("acme/shop", arm, "linux/arm64"),
            fake.entry("acme/shop", note, "unknown/unknown"),
        ],
    )
    image = client_of(fake.host).resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
    assert [(p.platform, p.digest) for p in image.platforms] == [
        (Platform("linux", "amd64"), amd),
        (Platform("linux", "arm64"), arm),
    ]


def test_an_entry_without_a_platform_counts_as_one(fake: FakeRegistry, client_of: ClientOf) -> None:
    only = fake.image("acme/shop", "x")
    fake.index("acme/shop", "1.0", [fake.entry("acme/shop", only)])
    image = client_of(fake.host).resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
    assert [(str(p.platform), p.digest) for p in image.platforms] == [("unspecified", only)]


@pytest.mark.parametrize("referrers", [True, False])
def test_every_storage_is_united_and_each_content_is_there_once(
    *, referrers: bool, client_of: ClientOf
) -> None:
    with FakeRegistry(referrers=referrers) as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle one")
        fake.attach("acme/shop", digest, b"bundle two")
        fake.cosign(
            "acme/shop",
            digest,
            ".sig",
            [
                (SIGNATURE, b"payload", {"dev.cosignproject.cosign/signature": "one"}),
                (SIGNATURE, b"payload", {"dev.cosignproject.cosign/signature": "two"}),
                (SIGNATURE, b"payload", {"dev.cosignproject.cosign/signature": "two"}),
            ],
        )
        fake.cosign("acme/shop", digest, ".att", [(ENVELOPE, b"envelope", {})])
        client = client_of(fake.host)
        image = client.resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
        found = read(client.attached(image))
        where = Storage.REFERRERS if referrers else Storage.FALLBACK_TAG
        assert [(a.kind, a.storage, a.content) for a in found] == [
            (AttachedKind.BUNDLE, where, b"bundle one"),
            (AttachedKind.BUNDLE, where, b"bundle two"),
            (AttachedKind.COSIGN_SIGNATURE, Storage.SIG_TAG, b"payload"),
            (AttachedKind.COSIGN_SIGNATURE, Storage.SIG_TAG, b"payload"),
            (AttachedKind.COSIGN_ATTESTATION, Storage.ATT_TAG, b"envelope"),
        ]
        assert {a.subject for a in found} == {digest}


def test_a_missing_tag_is_not_found(fake: FakeRegistry, client_of: ClientOf) -> None:
    with pytest.raises(RegistryError) as caught:
        client_of(fake.host).resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
    assert caught.value.code == "not-found"


def test_plain_http_is_not_used_for_a_host_that_nobody_named(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    with pytest.raises(RegistryError) as caught:
        client_of().resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0"))
    assert caught.value.code == "address-refused"
    assert fake.requests == []
