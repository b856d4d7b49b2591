from __future__ import annotations

import base64
from typing import Any

import pytest

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS
from gate.registry.oci.manifest import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    ImageIndex,
    ImageManifest,
    Manifest,
    parse_manifest,
)
from tests.builders.registries import attached, attached_code, code_of, shop
from tests.fakes.registry import FakeRegistry, descriptor, encode
from tests.registry.conftest import ClientOf

CONFIG = descriptor("application/vnd.oci.image.config.v1+json", b"{}")
LAYER = descriptor("application/vnd.oci.image.layer.v1.tar+gzip", b"layer")


def read(value: object, content_type: str = "") -> Manifest:
    return parse_manifest(encode(value), content_type=content_type, what="it", bounds=BOUNDS)


def refusal(value: object, content_type: str = "") -> str:
    with pytest.raises(RegistryError) as caught:
        read(value, content_type)
    return caught.value.code


def image(**more: object) -> dict[str, Any]:
    return {"schemaVersion": 2, "config": CONFIG, "layers": [LAYER], **more}


@pytest.mark.parametrize("media_type", [OCI_MANIFEST, DOCKER_MANIFEST])
def test_image_manifests_of_both_kinds_are_read(media_type: str) -> None:
    manifest = read(image(mediaType=media_type))
    assert isinstance(manifest, ImageManifest)
    assert manifest.media_type == media_type
    assert [layer.size for layer in manifest.layers] == [5]


@pytest.mark.parametrize("media_type", [OCI_INDEX, DOCKER_LIST])
def test_indexes_of_both_kinds_are_read(media_type: str) -> None:
    index = read({"schemaVersion": 2, "manifests": [CONFIG]}, media_type)
    assert isinstance(index, ImageIndex)
    assert index.media_type == media_type


@pytest.mark.parametrize("key", ["layers", "config"])
def test_r179_a_manifest_that_is_also_an_index_is_refused(key: str) -> None:
    both = {"schemaVersion": 2, "manifests": [], key: image()[key]}
    assert refusal(both) == "malformed-manifest"
    assert refusal(both, OCI_INDEX) == "malformed-manifest"


def test_r180_a_body_that_contradicts_its_media_type_is_refused() -> None:
    assert refusal(image(mediaType=OCI_INDEX)) == "malformed-manifest"
    assert refusal(image(), OCI_INDEX) == "malformed-manifest"
    assert refusal(image(mediaType=OCI_MANIFEST), DOCKER_MANIFEST) == "malformed-manifest"


@pytest.mark.parametrize(
    "media_type", ["application/vnd.oci.artifact.manifest.v1+json", "text/html", "x"]
)
def test_r181_another_media_type_is_refused(media_type: str) -> None:
    assert refusal(image(mediaType=media_type)) == "unsupported-manifest"


@pytest.mark.parametrize(
    ("value", "content_type"),
    [
        ({"schemaVersion": 1, "name": "x", "fsLayers": []}, ""),
        (image() | {"schemaVersion": 1}, OCI_MANIFEST),
        (image(), "application/vnd.docker.distribution.manifest.v1+json"),
        (image(), "application/vnd.docker.distribution.manifest.v1+prettyjws; charset=utf-8"),
    ],
)
def test_r182_schema_1_is_refused_with_a_sentence(value: object, content_type: str) -> None:
    assert refusal(value, content_type) == "unsupported-manifest"


@pytest.mark.parametrize("size", [-1, "5", 5.0, True, None, 2**53, 10**30])
def test_r186_a_size_is_a_count_of_bytes(size: object) -> None:
    broken = image(layers=[LAYER | {"size": size}])
    assert refusal(broken) in {"malformed-manifest", "malformed-answer"}


@pytest.mark.parametrize(
    "digest", [None, "", 5, "sha256:abc", f"sha512:{'a' * 128}", f"sha256:{'A' * 64}", "../x"]
)
def test_r186_a_digest_is_sha256(digest: object) -> None:
    assert refusal(image(config=CONFIG | {"digest": digest})) == "malformed-manifest"


@pytest.mark.parametrize("data", ["e30", "e31=", "bm90IGl0", "!", 5, "e30=\n"])
def test_r187_data_that_are_not_what_the_digest_says_are_refused(data: object) -> None:
    assert refusal(image(config=CONFIG | {"data": data})) in {
        "malformed-manifest",
        "digest-mismatch",
    }


def test_r187_data_that_match_are_read() -> None:
    data = base64.b64encode(b"{}").decode()
    assert isinstance(read(image(config=CONFIG | {"data": data})), ImageManifest)


@pytest.mark.parametrize(
    "more",
    [
        {"layers": {}},
        {"layers": [5]},
        {"config": []},
        {"artifactType": 5},
        {"annotations": {"a": 5}},
        {"annotations": []},
        {"subject": "x"},
        {"mediaType": 5},
    ],
)
def test_a_part_of_the_wrong_type_is_refused(more: dict[str, object]) -> None:
    assert refusal(image(**more)) == "malformed-manifest"


def test_more_layers_than_the_bound_are_refused() -> None:
    assert refusal(image(layers=[LAYER] * (BOUNDS.entries + 1))) == "too-many"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"a":NaN}',
        b'{"a":1e400}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}",
        b'{"a":1}'.decode().encode("utf-16"),
        b'{"a":"\xff"}',
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b'{"a":1,"a":2}',
    ],
)
def test_json_that_two_readers_read_in_two_ways_is_refused(content: bytes) -> None:
    with pytest.raises(RegistryError) as caught:
        parse_manifest(content, content_type=OCI_MANIFEST, what="it", bounds=BOUNDS)
    assert caught.value.code == "malformed-answer"


def test_r185_an_index_in_an_index_is_read_and_a_third_is_not(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    only = fake.image("acme/shop", "only")
    fake.index("acme/shop", "one", [fake.entry("acme/shop", only, "linux/amd64")])
    one = fake.entry(
        "acme/shop", fake.index("acme/shop", "one", [fake.entry("acme/shop", only, "linux/amd64")])
    )
    fake.index("acme/shop", "1.0", [one])
    found = client_of(fake.host).resolve(shop(fake))
    assert [p.digest for p in found.platforms] == [only]
    two = fake.entry("acme/shop", fake.index("acme/shop", "two", [one]))
    fake.index("acme/shop", "1.0", [two])
    assert code_of(client_of(fake.host), shop(fake)) == "too-many"


def test_r185_an_index_without_anything_that_runs_is_no_image(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    note = fake.image("acme/shop", "note")
    fake.index("acme/shop", "1.0", [fake.entry("acme/shop", note, "unknown/unknown")])
    assert code_of(client_of(fake.host), shop(fake)) == "not-an-image"


def test_r189_two_manifests_for_one_platform_are_both_judged(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    first, second = fake.image("acme/shop", "a"), fake.image("acme/shop", "b")
    entries = [fake.entry("acme/shop", digest, "linux/amd64") for digest in (first, second)]
    fake.index("acme/shop", "1.0", [*entries, *entries])
    found = client_of(fake.host).resolve(shop(fake))
    assert {p.digest for p in found.platforms} == {first, second}
    assert len(found.platforms) == 2


def buildkit(fake: FakeRegistry, statement: bytes, size: int | None = None) -> Digest:
    """Hold an index as BuildKit writes it: an image, and a statement about it.

    Return the digest of the manifest that holds the statement.
    """
    only = fake.image("acme/shop", "only")
    fake.blob("acme/shop", statement)
    layer = descriptor("application/vnd.in-toto+json", statement)
    carrier = fake.manifest(
        "acme/shop",
        encode(image(config=CONFIG, layers=[layer if size is None else layer | {"size": size}])),
    )
    about = {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": str(only),
    }
    entries = [
        fake.entry("acme/shop", only, "linux/amd64"),
        fake.entry("acme/shop", carrier, "unknown/unknown", annotations=about),
    ]
    fake.index("acme/shop", "1.0", entries)
    return carrier


def test_r190_a_buildkit_statement_is_found_and_is_no_platform(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    buildkit(fake, b'{"_type":"x"}')
    client = client_of(fake.host)
    (platform,) = client.resolve(shop(fake)).platforms
    (found,) = attached(client, fake)
    assert (found.kind, found.storage) == ("buildkit-statement", "index")
    assert (found.content, found.subject) == (b'{"_type":"x"}', platform.digest)


def test_r190_a_large_buildkit_statement_is_named_and_not_fetched(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    buildkit(fake, b"x", size=30_000_000)
    (found,) = attached(client_of(fake.host), fake)
    assert found.kind == "buildkit-statement"
    assert found.content.startswith(b'{"schemaVersion"')
    assert fake.asked("blobs") == 0


@pytest.mark.parametrize(
    "media_type", ["application/vnd.oci.empty.v1+json", "application/vnd.cncf.helm.config.v1+json"]
)
def test_r191_an_artifact_is_no_image(
    fake: FakeRegistry, client_of: ClientOf, media_type: str
) -> None:
    value = image(config=descriptor(media_type, b"{}"))
    fake.manifest("acme/shop", encode(value), tag="1.0")
    assert code_of(client_of(fake.host), shop(fake)) == "not-an-image"


def test_r184_a_platform_is_an_image_of_its_own(fake: FakeRegistry, client_of: ClientOf) -> None:
    only = fake.image("acme/shop", "only")
    fake.index("acme/shop", "1.0", [fake.entry("acme/shop", only, "linux/amd64")])
    pinned = ImageReference.parse(f"{fake.host}/acme/shop@{only}")
    found = client_of(fake.host).resolve(pinned)
    assert found.digests == (only,)


def test_something_unknown_that_is_attached_is_shown(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"x", media_type="application/vnd.cncf.notary.signature")
    (found,) = attached(client_of(fake.host), fake)
    assert (found.kind, found.media_type) == ("unknown", "application/vnd.cncf.notary.signature")
    assert fake.asked("blobs") == 0


@pytest.mark.parametrize(
    "media_type",
    [
        "application/vnd.dev.sigstore.bundle.v0.3+json",
        "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "application/vnd.dev.sigstore.bundle+json;version=0.2",
        "application/vnd.dev.sigstore.bundle.v0.4+json",
    ],
)
def test_bundles_of_every_version_are_found(
    fake: FakeRegistry, client_of: ClientOf, media_type: str
) -> None:
    digest = fake.image("acme/shop", "1.0")
    fake.attach("acme/shop", digest, b"bundle", media_type=media_type)
    (found,) = attached(client_of(fake.host), fake)
    assert (found.kind, found.media_type) == ("sigstore-bundle", media_type)


def test_a_buildkit_statement_comes_with_each_signature_of_the_manifest_that_holds_it(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.attach("acme/shop", buildkit(fake, b"x"), b"signature")
    (found,) = attached(client_of(fake.host), fake)
    assert (found.kind, found.content) == ("buildkit-statement", b"x")
    assert found.carrier is not None
    signature = found.carrier.signature
    assert (signature.kind, signature.content) == ("sigstore-bundle", b"signature")
    assert signature.subject == Digest.of(found.carrier.manifest)


def test_a_large_statement_is_fetched_where_the_manifest_that_holds_it_is_signed(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    fake.attach("acme/shop", buildkit(fake, b"x" * 5_000_000), b"signature")
    (found,) = attached(client_of(fake.host), fake)
    assert found.content == b"x" * 5_000_000


@pytest.mark.parametrize("referrers", [True, False])
def test_a_statement_in_a_manifest_that_refers_to_the_image_comes_with_its_signatures(
    client_of: ClientOf, *, referrers: bool
) -> None:
    with FakeRegistry(referrers=referrers) as fake:
        subject = fake.image("acme/shop", "1.0")
        carrier = fake.attach("acme/shop", subject, b"x", media_type="application/vnd.in-toto+json")
        fake.attach("acme/shop", carrier, b"first")
        fake.attach("acme/shop", carrier, b"second")
        found = attached(client_of(fake.host), fake)
        assert [item.content for item in found] == [b"x", b"x"]
        signatures = [item.carrier.signature.content for item in found if item.carrier]
        assert sorted(signatures) == [b"first", b"second"]
        assert {item.subject for item in found} == {subject}


def test_more_signatures_of_one_attestation_manifest_than_are_read_are_an_error(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    carrier = buildkit(fake, b"x")
    for number in range(BOUNDS.carrier_signatures + 1):
        fake.attach("acme/shop", carrier, b"%d" % number)
    assert attached_code(client_of(fake.host), fake) == "too-many"
