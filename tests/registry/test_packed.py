"""Which artifacts of a registry are charts or bundles of manifests, and what is read of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gate.errors import DocumentError, RegistryError
from gate.model.artifact import ArtifactKind
from gate.model.image import ImageReference
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.client import RegistryClient
from gate.registry.packed import (
    FLUX_CONTENT,
    HELM_CHART,
    HELM_CONFIG,
    HELM_PROVENANCE,
    OCI_TAR,
    Packed,
)
from gate.registry.route import LayoutRegistry, RoutedRegistry
from tests.builders.artifacts import FLUX_CONFIG, TITLE, packed, push, push_chart, tar_of
from tests.fakes.registry import OCI_CONFIG, FakeRegistry, Reply
from tests.registry.conftest import ClientOf

FILES = {"deploy/a.yaml": b"a: 1\n", "README.md": b"read\n"}
CHART = packed({"shop/Chart.yaml": "name: shop\n"})
Layers = list[tuple[str, bytes, dict[str, str]]]


def read(client: RegistryClient, host: str, tag: str = "1.4") -> Packed:
    routed = RoutedRegistry(LayoutRegistry({}), client)
    return routed.packed(ImageReference.parse(f"{host}/acme/it:{tag}"))


def code(client: RegistryClient, host: str) -> str:
    with pytest.raises(RegistryError) as error:
        read(client, host)
    return str(error.value.code)


def test_a_chart_is_its_archive_and_is_named_by_the_digest_of_its_manifest(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    digest = push_chart(fake, "acme/it", "1.4", CHART)
    found = read(client_of(fake.host), fake.host)
    assert (found.kind, found.archive, found.image.digest) == (ArtifactKind.CHART, CHART, digest)
    assert found.files(BOUNDS) == {"shop/Chart.yaml": b"name: shop\n"}


@pytest.mark.parametrize("first", [True, False])
def test_a_chart_may_have_the_provenance_that_helm_signs_in_any_order(
    fake: FakeRegistry, client_of: ClientOf, *, first: bool
) -> None:
    layers: Layers = [(HELM_PROVENANCE, b"-----BEGIN PGP", {}), (HELM_CHART, CHART, {})]
    push(fake, "acme/it", "1.4", layers if first else layers[::-1], config=HELM_CONFIG)
    assert read(client_of(fake.host), fake.host).archive == CHART


@pytest.mark.parametrize(
    "layers",
    [
        [(HELM_CHART, CHART, {}), (HELM_CHART, packed({}), {})],
        [(FLUX_CONTENT, packed(FILES), {}), (HELM_CHART, CHART, {})],
        [(HELM_PROVENANCE, packed(FILES), {}), (HELM_CHART, CHART, {})],
        [(FLUX_CONTENT, packed(FILES), {})],
        [(HELM_CHART, CHART, {}), ("text/markdown", b"read", {})],
        [],
    ],
)
def test_a_chart_of_which_flux_or_helm_would_take_something_else_is_refused(
    fake: FakeRegistry, client_of: ClientOf, layers: Layers
) -> None:
    push(fake, "acme/it", "1.4", layers, config=HELM_CONFIG)
    assert code(client_of(fake.host), fake.host) == "artifact-ambiguous"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FLUX_CONTENT, packed(FILES)),
        (f"{OCI_TAR}+gzip", packed(FILES)),
        (OCI_TAR, tar_of(FILES)),
    ],
)
@pytest.mark.parametrize("config", [FLUX_CONFIG, "application/vnd.oci.empty.v1+json"])
def test_a_bundle_is_one_archive_whoever_pushed_it(
    fake: FakeRegistry, client_of: ClientOf, kind: str, content: bytes, config: str
) -> None:
    said = {TITLE: "deploy.yaml", "io.deis.oras.content.unpack": "true"}
    push(fake, "acme/it", "1.4", [(kind, content, said)], config=config)
    found = read(client_of(fake.host), fake.host)
    assert (found.kind, found.files(BOUNDS)) == (ArtifactKind.MANIFESTS, FILES)


@pytest.mark.parametrize("kind", ["application/yaml", "text/x-yaml", OCI_TAR])
def test_a_bundle_may_have_each_manifest_as_a_layer_as_oras_pushes_it(
    fake: FakeRegistry, client_of: ClientOf, kind: str
) -> None:
    layers = [(kind, n.encode(), {TITLE: n}) for n in ("a.yaml", "b/c.yml", "./d.json")]
    push(fake, "acme/it", "1.4", layers)
    assert read(client_of(fake.host), fake.host).files(BOUNDS) == {
        "a.yaml": b"a.yaml",
        "b/c.yml": b"b/c.yml",
        "d.json": b"./d.json",
    }


@pytest.mark.parametrize(
    "titles", [["../a.yaml"], ["/etc/a.yaml"], ["a.yaml", "a.yaml"], ["a.yaml", "a.yaml/b.yaml"]]
)
def test_r271_the_title_of_a_layer_leads_nowhere_else(
    fake: FakeRegistry, client_of: ClientOf, titles: list[str]
) -> None:
    layers = [("application/yaml", b"%d" % i, {TITLE: n}) for i, n in enumerate(titles)]
    push(fake, "acme/it", "1.4", layers)
    with pytest.raises(DocumentError) as error:
        read(client_of(fake.host), fake.host).files(BOUNDS)
    assert error.value.code == "archive-unsafe"


@pytest.mark.parametrize(
    "layers",
    [
        [(FLUX_CONTENT, packed(FILES), {}), (FLUX_CONTENT, packed({}), {})],
        [(FLUX_CONTENT, packed(FILES), {}), ("text/markdown", b"read", {TITLE: "README.md"})],
        [("application/yaml", b"a: 1", {TITLE: "a.yaml"}), (FLUX_CONTENT, packed(FILES), {})],
        [("application/yaml", b"a: 1", {TITLE: "a.yaml"}), ("application/yaml", b"b: 1", {})],
    ],
)
def test_a_bundle_of_which_readers_take_different_layers_is_refused(
    fake: FakeRegistry, client_of: ClientOf, layers: Layers
) -> None:
    push(fake, "acme/it", "1.4", layers)
    assert code(client_of(fake.host), fake.host) == "artifact-ambiguous"


@pytest.mark.parametrize(
    "content",
    # The third is gzip's first bytes as they are where no field is zero.
    [packed(FILES), tar_of(FILES), b"\x1f\x8b\x08\x01\1\1\1\1\2\3" + b"x" * 600, b"a: 1\n\0"],
)
@pytest.mark.parametrize("kind", ["application/yaml", OCI_TAR])
def test_a_manifest_that_some_reader_would_unpack_is_refused_under_any_title(
    fake: FakeRegistry, client_of: ClientOf, kind: str, content: bytes
) -> None:
    push(fake, "acme/it", "1.4", [(kind, content, {TITLE: "left/out.yaml"})])
    assert code(client_of(fake.host), fake.host) == "artifact-ambiguous"


@pytest.mark.parametrize(
    "layers",
    [
        [("application/vnd.wasm.content.layer.v1+wasm", b"\0asm", {TITLE: "m.wasm"})],
        [("application/spdx+json", b"{}", {TITLE: "sbom.spdx.json"})],
        [("application/vnd.dev.sigstore.bundle.v0.3+json", b"{}", {})],
        [("application/yaml", b"a: 1", {})],
        [],
    ],
)
def test_an_artifact_of_another_kind_is_refused_as_ever(
    fake: FakeRegistry, client_of: ClientOf, layers: Layers
) -> None:
    push(fake, "acme/it", "1.4", layers)
    assert code(client_of(fake.host), fake.host) == "not-an-image"


def test_a_container_image_is_no_artifact_and_an_index_is_none(
    fake: FakeRegistry, client_of: ClientOf
) -> None:
    push(fake, "acme/it", "1.4", [(f"{OCI_TAR}+gzip", packed(FILES), {})], config=OCI_CONFIG)
    assert code(client_of(fake.host), fake.host) == "not-an-artifact"
    fake.index("acme/it", "1.4", [fake.entry("acme/it", push_chart(fake, "acme/it", "c", CHART))])
    assert code(client_of(fake.host), fake.host) == "not-an-image"


def test_a_layer_whose_digest_lies_is_not_read(fake: FakeRegistry, client_of: ClientOf) -> None:
    push_chart(fake, "acme/it", "1.4", CHART)
    held = fake.blobs("acme/it")
    for digest, content in held.items():
        if content == CHART:
            held[digest] = CHART[:-1] + bytes([CHART[-1] ^ 1])
    assert code(client_of(fake.host), fake.host) == "digest-mismatch"


def test_a_manifest_whose_digest_lies_is_not_read(fake: FakeRegistry, client_of: ClientOf) -> None:
    digest = push_chart(fake, "acme/it", "1.4", CHART)
    other = fake.tagged("acme/it", "1.4").replace(b'"layers"', b' "layers"')
    fake.script(rf"manifests/{digest}", Reply(200, {}, other), forever=True)
    routed = RoutedRegistry(LayoutRegistry({}), client_of(fake.host))
    with pytest.raises(RegistryError) as error:
        routed.packed(ImageReference.parse(f"{fake.host}/acme/it@{digest}"))
    assert error.value.code == "digest-mismatch"


@pytest.mark.parametrize(
    "bounds", [replace(BOUNDS, packed_bytes=19), replace(BOUNDS, packed_files=1)]
)
def test_what_is_over_a_bound_is_not_fetched(
    fake: FakeRegistry, client_of: ClientOf, bounds: Bounds
) -> None:
    layers = [("application/yaml", b"0123456789", {TITLE: n}) for n in ("a.yaml", "b.yaml")]
    push(fake, "acme/it", "1.4", layers)
    assert code(client_of(fake.host, bounds=bounds), fake.host) == "too-large"
    assert fake.asked("blobs") == 0
    enough = replace(BOUNDS, packed_bytes=20, packed_files=2)
    assert len(read(client_of(fake.host, bounds=enough), fake.host).titled) == 2
