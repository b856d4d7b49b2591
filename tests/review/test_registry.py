"""Ways for a registry to answer so that less is judged than runs: each is seen for what it is."""

from __future__ import annotations

from typing import Any, Final

import pytest

from gate.errors import RegistryError, UsageError
from gate.model.image import Digest
from gate.registry.bounds import BOUNDS
from gate.registry.http.url import Url
from gate.registry.layout.image import LayoutImage
from gate.registry.login.challenge import parse_challenge
from gate.registry.oci.manifest import DOCKER_LIST, OCI_INDEX, OCI_MANIFEST, parse_manifest
from tests.builders.registries import attached, attached_code, code_of, shop
from tests.fakes.registry import FakeRegistry, Reply, descriptor, encode
from tests.registry.conftest import ClientOf, client_of, fake

__all__ = ["client_of", "fake"]

CONFIG: Final = descriptor("application/vnd.oci.image.config.v1+json", b"{}")
LIST: Final = "application/vnd.gatepass.revocations.v1+json"


def entry(fake: FakeRegistry, digest: Digest, **more: object) -> dict[str, Any]:
    return {**fake.entry("acme/shop", digest), **more}


@pytest.mark.parametrize(
    "platform",
    [
        {"os": "unknown", "architecture": "unknown", "variant": "v8"},
        {"os": "Unknown", "architecture": "unknown"},
        {"os": "unknown", "architecture": "amd64"},
        {"os": "unknown"},
        {"os": "unknown ", "architecture": "unknown"},
        {"os": None, "architecture": None},
        {},
        None,
    ],
)
def test_what_a_runtime_could_choose_is_a_platform(
    fake: FakeRegistry, client_of: ClientOf, platform: object
) -> None:
    good, evil = fake.image("acme/shop", "good"), fake.image("acme/shop", "evil")
    both = [entry(fake, good, platform={"os": "linux"}), entry(fake, evil, platform=platform)]
    fake.index("acme/shop", "1.0", both)
    found = client_of(fake.host).resolve(shop(fake))
    assert {one.digest for one in found.platforms} == {good, evil}


@pytest.mark.parametrize("platform", [[], "linux/amd64", {"os": 1}, {"os": ["unknown"]}])
def test_a_platform_of_another_form_is_no_platform_that_is_left_out(
    fake: FakeRegistry, client_of: ClientOf, platform: object
) -> None:
    good = fake.image("acme/shop", "good")
    fake.index("acme/shop", "1.0", [entry(fake, good, platform=platform)])
    assert code_of(client_of(fake.host), shop(fake)) == "malformed-manifest"


def test_an_image_that_is_listed_as_an_index_is_refused(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    good = fake.image("acme/shop", "good")
    for media_type in (OCI_INDEX, DOCKER_LIST):
        fake.index("acme/shop", "1.0", [entry(fake, good, mediaType=media_type)])
        assert code_of(client_of(fake.host), shop(fake)) == "malformed-manifest"


def test_an_index_that_is_listed_as_an_image_is_a_platform_and_has_no_configuration(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    inner = fake.index("acme/shop", "", [entry(fake, fake.image("acme/shop", "evil"))])
    fake.index("acme/shop", "1.0", [entry(fake, inner, mediaType=OCI_MANIFEST)])
    client = client_of(fake.host)
    found = client.resolve(shop(fake))
    assert [one.digest for one in found.platforms] == [inner]
    with pytest.raises(RegistryError) as caught:
        client.configurations(found)
    assert caught.value.code == "not-an-image"


@pytest.mark.parametrize(
    "more",
    [
        {"schemaVersion": True},
        {"schemaVersion": 1.0},
        {"mediaType": OCI_MANIFEST.upper()},
        {"mediaType": f"{OCI_MANIFEST}; charset=utf-8"},
        {"mediaType": OCI_INDEX},
        {"mediaType": [OCI_MANIFEST]},
        {"manifests": None},
        {"manifests": []},
        {"layers": None},
        {"layers": {}},
        {"config": None},
        {"subject": "sha256:x"},
        {"artifactType": ["x"]},
        {"annotations": {"a": 1}},
    ],
)
def test_a_manifest_that_two_readers_could_read_differently_is_refused(
    more: dict[str, object],
) -> None:
    value = {"schemaVersion": 2, "config": CONFIG, "layers": [], **more}
    with pytest.raises(RegistryError) as caught:
        parse_manifest(encode(value), content_type="", what="it", bounds=BOUNDS)
    assert caught.value.code in ("malformed-manifest", "unsupported-manifest")


def paged(fake: FakeRegistry) -> Digest:
    """Hold an image with three bundles, which are listed one a page."""
    fake.page = 1
    digest = fake.image("acme/shop", "1.0")
    for content in (b"1", b"2", b"3"):
        fake.attach("acme/shop", digest, content)
    return digest


def test_three_pages_are_three_bundles(fake: FakeRegistry, client_of: ClientOf) -> None:
    paged(fake)
    assert len(attached(client_of(fake.host), fake)) == 3


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (Reply(404), "not-found"),
        (Reply(204), "unexpected-status"),
        (Reply(206, {"content-type": OCI_INDEX}, b"{}"), "unexpected-status"),
        (Reply(200, {"content-type": "text/html"}, b"<html>"), "malformed-answer"),
        (Reply(200, {"content-type": OCI_INDEX}, b""), "malformed-answer"),
        (Reply(200, {"content-type": OCI_INDEX}, b"{}"), "malformed-manifest"),
        (Reply(200, {"content-type": OCI_INDEX}, b"null"), "malformed-answer"),
    ],
)
def test_a_list_whose_second_page_fails_is_no_shorter_list(
    fake: FakeRegistry, client_of: ClientOf, second: Reply, code: str
) -> None:
    paged(fake)
    fake.script(r"GET /v2/acme/shop/referrers/.*from=1", second, forever=True)
    assert attached_code(client_of(fake.host), fake) == code


@pytest.mark.parametrize(
    "link",
    [
        '</x>; rel="prev"',
        "</x>",
        "garbage",
        '<https://127.0.0.1/x>; rel="next"',
        '<//evil.example/x>; rel="next"',
        '<http://user@127.0.0.1/x>; rel="next"',
        '<>; rel="next"',
        '</x>; rel="prev", </y>; rel="next"',
    ],
)
def test_a_list_that_goes_on_at_no_plain_place_is_no_whole_list(
    fake: FakeRegistry, client_of: ClientOf, link: str
) -> None:
    fake.image("acme/shop", "1.0")
    page = encode({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
    answer = Reply(200, {"content-type": OCI_INDEX, "link": link}, page)
    fake.script(r"GET /v2/acme/shop/referrers/", answer, forever=True)
    assert attached_code(client_of(fake.host), fake) == "redirect-refused"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer realm=https://auth.example/token",
        'Bearer service="x"',
        'Bearer realm=""',
        'Bearer realm="https://a.example/\x01"',
        'Negotiate realm="https://a.example"',
        'BearerX realm="https://a.example"',
    ],
)
def test_a_challenge_of_another_form_is_answered_with_nothing(header: str) -> None:
    with pytest.raises(RegistryError) as caught:
        parse_challenge(header, "r.example")
    assert caught.value.code == "denied"


def test_of_two_token_servers_in_one_challenge_the_first_counts() -> None:
    said = parse_challenge('bearer realm="https://a.example/t",REALM="https://b.example/t"', "r")
    assert said.realm == "https://a.example/t"


@pytest.mark.parametrize(
    "location",
    [
        "https://r.example\\@evil.example/",
        "https://r.example@evil.example/",
        "https:evil.example/",
        "https:///evil.example/",
        "javascript:alert(1)",
        "https://evil.example:0/",
        "https://evil.example:65536/",
        "https://[::1/",
        "https://ev\u0456l.example/",
        "\thttps://evil.example/",
        "https://evil.example/%zz",
        "https://evil.example/#x",
        "",
    ],
)
def test_a_location_that_two_readers_could_read_differently_leads_nowhere(location: str) -> None:
    assert Url.parse("https://r.example/v2/").join(location) is None


@pytest.mark.parametrize(
    "text",
    [
        "oci:folder=ghcr.io/acme/shop:1",
        f"oci:folder=ghcr.io/acme/shop@sha256:{'a' * 64}",
        "oci:folder=",
        "oci:=ghcr.io/acme/shop",
        "oci:",
        "OCI:folder",
        "oci:fol\nder",
    ],
)
def test_a_layout_takes_its_name_from_the_call_alone(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        LayoutImage.parse(text)
    assert caught.value.code == "layout-image-malformed"


def test_a_layout_without_a_name_is_of_no_registry() -> None:
    found = LayoutImage.parse("oci:ghcr.io/acme/shop:1.0").reference
    assert (found.registry, found.tag) == ("oci-layout.invalid", "1.0")


LAYER: Final = descriptor(LIST, b"[]")


@pytest.mark.parametrize(
    "more",
    [
        {"artifactType": "x"},
        {"artifactType": None},
        {"layers": []},
        {"layers": [LAYER, LAYER]},
        {"layers": [LAYER | {"mediaType": "x"}]},
        {"layers": [LAYER | {"mediaType": LIST.upper()}]},
    ],
)
def test_a_document_of_another_type_is_no_document(
    fake: FakeRegistry, client_of: ClientOf, more: dict[str, object]
) -> None:
    value = {"schemaVersion": 2, "artifactType": LIST, "config": CONFIG, "layers": [LAYER]}
    fake.blob("acme/shop", b"[]")
    reference, client = shop(fake), client_of(fake.host)
    fake.manifest("acme/shop", encode(value | {"mediaType": OCI_MANIFEST}), tag="1.0")
    assert client.artifact(reference, LIST, 10).content == b"[]"
    fake.manifest("acme/shop", encode({**value, "mediaType": OCI_MANIFEST, **more}), tag="1.0")
    with pytest.raises(RegistryError) as caught:
        client_of(fake.host).artifact(reference, LIST, 10)
    assert caught.value.code == "unsupported-manifest"
