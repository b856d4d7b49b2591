"""No bytes that a registry or a folder holds make anything but RegistryError escape."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gate.errors import RegistryError, UsageError
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http.exchange import Exchange
from gate.registry.layout.image import NAMELESS, LayoutImage
from gate.registry.login.challenge import parse_challenge
from gate.registry.login.docker_config import DockerConfig
from gate.registry.oci.image_configuration import parse_configuration
from gate.registry.oci.manifest import OCI_INDEX, OCI_MANIFEST, parse_manifest
from gate.registry.route import LayoutRegistry
from gate.registry.wire import errors, quote
from tests.fakes.registry import FakeRegistry, Reply, descriptor, encode
from tests.registry.conftest import FAST

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
DIGEST = Digest("a" * 64)
entry = st.one_of(
    values,
    st.fixed_dictionaries(
        {"mediaType": st.one_of(st.sampled_from((OCI_MANIFEST, OCI_INDEX)), scalars)},
        optional={
            "digest": st.one_of(st.just(str(DIGEST)), scalars),
            "size": st.one_of(st.integers(0, 99), scalars),
            "annotations": st.one_of(st.dictionaries(st.text(), st.text(), max_size=2), values),
            "platform": values,
            "data": scalars,
        },
    ),
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "schemaVersion": st.one_of(st.just(2), scalars),
        "mediaType": st.one_of(st.sampled_from((OCI_MANIFEST, OCI_INDEX)), scalars),
        "manifests": st.one_of(st.lists(entry, max_size=3), values),
        "layers": st.one_of(st.lists(entry, max_size=3), values),
        "config": entry,
        "subject": entry,
        "artifactType": scalars,
        "annotations": values,
    },
)
contents = st.one_of(st.binary(max_size=200), st.builds(encode, st.one_of(values, documents)))


@given(contents, st.text(max_size=40))
def test_a_manifest_is_read_or_refused(content: bytes, content_type: str) -> None:
    with contextlib.suppress(RegistryError):
        parse_manifest(content, content_type=content_type, what="it", bounds=BOUNDS)


@given(
    st.one_of(contents, st.builds(lambda c, h: encode({"config": c, "history": h}), values, values))
)
def test_a_configuration_is_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(RegistryError):
        parse_configuration(content, DIGEST, "it")


@given(st.one_of(st.text(), st.from_regex(r'(Bearer|Basic) ([a-z]+="[^"]*",? ?)*')))
def test_a_challenge_is_read_or_refused(header: str) -> None:
    with contextlib.suppress(RegistryError):
        parse_challenge(header, "registry.example")


@given(contents)
def test_an_error_body_is_read_as_far_as_it_is_one(content: bytes) -> None:
    assert isinstance(errors(content), tuple)


@given(st.text())
def test_what_is_repeated_of_foreign_text_is_printable_and_short(text: str) -> None:
    shown = quote(text)
    assert len(shown) <= 121
    assert all("\x21" <= c <= "\x7e" or c == "…" for c in shown)


@given(
    st.builds(
        lambda auths, helpers, host: encode({"auths": {host: auths}, "credHelpers": helpers}),
        values,
        values,
        st.sampled_from(("ghcr.io", "https://index.docker.io/v1/", "")),
    )
)
def test_a_docker_configuration_is_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(RegistryError):
        config = DockerConfig(content, what="it", run=lambda _helper, _host: b"{}")
        config.find("ghcr.io", "acme/shop")


@given(st.text(st.characters(exclude_characters="="), max_size=60))
def test_a_layout_image_without_a_name_is_never_in_a_real_registry(text: str) -> None:
    with contextlib.suppress(UsageError):
        assert LayoutImage.parse(f"oci:{text}").reference.registry == NAMELESS


@given(index=contents, blob=contents, linked=st.booleans())
def test_a_layout_is_read_or_refused(index: bytes, blob: bytes, *, linked: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))
        blobs = root / "blobs" / "sha256"
        blobs.mkdir(parents=True)
        (blobs / Digest.of(blob).hex).write_bytes(blob)
        (root / "index.json").write_bytes(
            encode({"schemaVersion": 2, "manifests": [descriptor(OCI_MANIFEST, blob)]})
            if linked
            else index
        )
        registry = LayoutRegistry({"registry.example/shop": root})
        for text in ("registry.example/shop", f"registry.example/shop@{Digest.of(blob)}"):
            with contextlib.suppress(RegistryError):
                image = registry.resolve(ImageReference.parse(text))
                tuple(registry.attached(image))
                registry.configurations(image)


headers = st.dictionaries(
    st.sampled_from(("content-type", "link", "location", "www-authenticate", "retry-after")),
    st.one_of(
        st.sampled_from(
            (OCI_INDEX, OCI_MANIFEST, "</x>; rel=next", "/x", "0", 'Bearer realm="/t"')
        ),
        st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20),
    ),
    max_size=3,
)
replies: st.SearchStrategy[Any] = st.builds(
    Reply,
    st.sampled_from((200, 201, 204, 206, 301, 302, 307, 400, 401, 403, 404, 405, 418, 429, 500)),
    headers,
    contents,
)


@given(st.lists(replies, min_size=1, max_size=6))
def test_a_registry_that_answers_anything_is_read_or_refused(answers: list[Reply]) -> None:

    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        fake.attach("acme/shop", digest, b"bundle")
        fake.script("GET", *answers)
        configuration = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)), bounds=FAST)
        exchange = Exchange(configuration, sleep=lambda _: None)
        with RegistryClient(configuration, exchange=exchange) as client:
            reference = ImageReference.parse(f"{fake.host}/acme/shop:1.0")
            with contextlib.suppress(RegistryError):
                tuple(client.attached(client.resolve(reference)))
