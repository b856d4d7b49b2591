"""An image and all its evidence arrive by digest, whole, in order, and once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gate.cli.reads.places import Access
from gate.cli.runs.promote import Promotion, run_promote
from gate.errors import GateError
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.layout.repository import LayoutRepository
from gate.registry.promote.cargo import find_cargo
from gate.registry.promote.copier import Copier
from tests.fakes.registry import (
    ENVELOPE,
    OCI_CONFIG,
    OCI_INDEX,
    OCI_MANIFEST,
    SIGNATURE,
    FakeRegistry,
    Reply,
    Request,
    descriptor,
    encode,
)

LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
SHOP = "acme/shop"


@pytest.fixture
def source() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake


@pytest.fixture
def target() -> Iterator[FakeRegistry]:
    with FakeRegistry() as fake:
        yield fake


@pytest.fixture(params=[True, False], ids=["referrers", "fallback-tag"])
def either(request: pytest.FixtureRequest) -> Iterator[FakeRegistry]:
    with FakeRegistry(referrers=request.param) as fake:
        yield fake


def layered(fake: FakeRegistry, name: str, *layers: bytes, media_type: str = LAYER) -> Digest:
    """Hold an image of these layers."""
    config = encode({"os": "linux", "architecture": "arm64", "is": name})
    for blob in (config, *layers):
        fake.blob(SHOP, blob)
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(OCI_CONFIG, config),
        "layers": [descriptor(media_type, layer) for layer in layers],
    }
    return fake.manifest(SHOP, encode(manifest), tag=name)


def filled(fake: FakeRegistry) -> Digest:
    """Hold an image with evidence in every way in which it is stored; return its digest."""
    one, two = fake.image(SHOP), layered(fake, "", b"a layer of it")
    statement, config = b'{"_type":"a statement"}', b'{"architecture":"unknown"}'
    fake.blob(SHOP, statement)
    fake.blob(SHOP, config)
    buildkit = fake.manifest(
        SHOP,
        encode(
            {
                "schemaVersion": 2,
                "mediaType": OCI_MANIFEST,
                "config": descriptor(OCI_CONFIG, config),
                "layers": [descriptor("application/vnd.in-toto+json", statement)],
            }
        ),
    )
    inner = fake.index(SHOP, "", [fake.entry(SHOP, two, "linux/arm64")])
    root = fake.index(
        SHOP,
        "1.0",
        [
            fake.entry(SHOP, one, "linux/amd64"),
            fake.entry(SHOP, inner),
            fake.entry(
                SHOP,
                buildkit,
                "unknown/unknown",
                annotations={
                    "vnd.docker.reference.type": "attestation-manifest",
                    "vnd.docker.reference.digest": str(two),
                },
            ),
        ],
    )
    fake.attach(SHOP, root, b"a bundle about the index")
    fake.attach(SHOP, one, b"a bundle about a platform")
    fake.attach(SHOP, buildkit, b"a bundle about what BuildKit wrote")
    sbom = fake.attach(SHOP, root, b"an SBOM", media_type="application/spdx+json")
    fake.attach(SHOP, sbom, b"a signature of the SBOM")
    signature = {"dev.cosignproject.cosign/signature": "x"}
    fake.cosign(SHOP, root, ".sig", [(SIGNATURE, b"a payload", signature)])
    fake.cosign(SHOP, two, ".att", [(ENVELOPE, b"an envelope", {"predicateType": "p"})])
    fake.cosign(SHOP, root, ".sbom", [("text/spdx+json", b"an old SBOM", {})])
    return root


def access(*fakes: FakeRegistry) -> Access:
    return Access(plain_http=tuple(fake.host for fake in fakes))


def promote(source: FakeRegistry | str, target: FakeRegistry | str, tag: str = "1.0") -> int:
    here, there = (
        one if isinstance(one, str) else f"{one.host}/{SHOP}:{tag}" for one in (source, target)
    )
    fakes = (one for one in (source, target) if isinstance(one, FakeRegistry))
    return run_promote(Promotion(source=here, destination=there, access=access(*fakes)))


def refused(source: FakeRegistry, target: FakeRegistry) -> str:
    with pytest.raises(GateError) as error:
        promote(source, target)
    assert "1.0" not in target.tags(SHOP)
    return error.value.code


def found(fake: FakeRegistry, root: Digest) -> set[bytes]:
    """Return all bytes that belong to an image there, as gate itself finds them."""
    hosts = RegistryConfiguration(insecure_hosts=frozenset((fake.host,)))
    with RegistryClient(hosts) as client:
        place = client.sources(ImageReference.parse(f"{fake.host}/{SHOP}"))
        cargo = find_cargo(place, root, BOUNDS)
    parts = (*cargo.image.values(), *cargo.evidence.values())
    blobs = (fake.blobs(SHOP)[str(digest)] for digest in cargo.blobs())
    return {*(part.stored.content for part in parts), *blobs}


def test_everything_of_every_storage_arrives_and_the_tag_moves_last(
    source: FakeRegistry, either: FakeRegistry
) -> None:
    root = filled(source)
    assert promote(source, either) == 0
    assert found(either, root) == found(source, root)
    assert either.tagged(SHOP, "1.0") == source.tagged(SHOP, "1.0")
    writes = [r.path for r in either.requests if r.method == "PUT" and "/manifests/" in r.path]
    assert writes[-1].endswith("/manifests/1.0")
    last_blob = max(i for i, r in enumerate(either.requests) if "uploads" in r.path)
    about = either.requests.index(
        next(r for r in either.requests if r.method == "PUT" and "/manifests/" in r.path)
    )
    assert about < last_blob  # the image's manifests are there before the blobs of its evidence


def test_a_second_run_copies_nothing(source: FakeRegistry, either: FakeRegistry) -> None:
    filled(source)
    promote(source, either)
    either.requests.clear()
    promote(source, either)
    assert either.asked("^(POST|PATCH)") == 0
    assert [r.path for r in either.requests if r.method == "PUT" and "blobs" in r.path] == []


def test_an_image_without_evidence_makes_the_layout(tmp_path: Path, source: FakeRegistry) -> None:
    root = source.image(SHOP, "1.0")
    promote(source, f"oci:{tmp_path}/new:1.0")
    stored = LayoutRepository(tmp_path / "new", BOUNDS).tagged("1.0")
    assert stored is not None
    assert stored.digest == root


def test_it_goes_through_layouts_and_back(
    tmp_path: Path, source: FakeRegistry, either: FakeRegistry
) -> None:
    root = filled(source)
    promote(source, f"oci:{tmp_path}/one")
    promote(f"oci:{tmp_path}/one", f"oci:{tmp_path}/two:2")
    promote(f"oci:{tmp_path}/two", either)
    assert found(either, root) == found(source, root)
    # The layout lists the image once, so that its folder alone names it.
    assert LayoutRepository(tmp_path / "two", BOUNDS).only_image().digest == root


def test_a_source_that_breaks_off_goes_on_where_it_broke(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    layer = os.urandom(100_000)
    root = layered(source, "1.0", layer)
    path = f"GET /v2/{SHOP}/blobs/{Digest.of(layer)}"
    cut = Reply(200, {"content-length": "100000", "connection": "close"}, layer[:60_000])

    def rest(request: Request) -> Reply:
        start = int(re.fullmatch(r"bytes=(\d+)-", request.headers["range"])[1])  # type: ignore[index]  # it fits
        return Reply(206, {"content-range": f"bytes {start}-99999/100000"}, layer[start:])

    source.script(re.escape(path), cut, rest)
    assert promote(source, target) == 0
    assert found(target, root) == found(source, root)
    assert source.asked(re.escape(path)) == 2


def test_a_run_that_was_cut_off_goes_on_without_what_arrived(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    layers = [os.urandom(1000) for _ in range(6)]
    layered(source, "1.0", *layers)
    lost = f"GET /v2/{SHOP}/blobs/{Digest.of(layers[5])}"
    source.script(re.escape(lost), Reply(500), forever=True)
    assert refused(source, target) == "unexpected-status"
    arrived = {d for d in map(str, map(Digest.of, layers)) if d in target.blobs(SHOP)}
    source.forget()
    assert promote(source, target) == 0
    fetched = {r.path.rpartition("/")[2] for r in source.requests if r.method == "GET"}
    assert arrived
    assert fetched.isdisjoint(arrived)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Reply(200, {}, b"x" * 13), "digest-mismatch"),
        (Reply(200, {}, b"a layer"), "size-mismatch"),
        (Reply(200, {}, b"a layer of it and more"), "size-mismatch"),
        (Reply(404), "missing-blob"),
        (Reply(200, {"content-encoding": "gzip"}, b"a layer of it"), "encoded-answer"),
        (Reply(307, {"location": "https://169.254.169.254/"}), "address-refused"),
    ],
)
def test_a_blob_that_is_not_what_its_manifest_says_is_not_promoted(
    source: FakeRegistry, target: FakeRegistry, answer: Reply, code: str
) -> None:
    layered(source, "1.0", b"a layer of it")
    path = f"GET /v2/{SHOP}/blobs/{Digest.of(b'a layer of it')}"
    source.script(re.escape(path), answer, forever=True)
    assert refused(source, target) == code
    assert str(Digest.of(b"a layer of it")) not in target.blobs(SHOP)


def test_a_foreign_layer_is_left_where_it_is_and_told(
    source: FakeRegistry, target: FakeRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    layered(source, "1.0", b"windows", media_type=FOREIGN)
    del source.blobs(SHOP)[str(Digest.of(b"windows"))]
    assert promote(source, target) == 0
    assert f"not copied: layer {Digest.of(b'windows')}" in capsys.readouterr().out


def test_a_foreign_layer_that_the_source_has_is_copied(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    layered(source, "1.0", b"windows", media_type=FOREIGN)
    promote(source, target)
    assert target.blobs(SHOP)[str(Digest.of(b"windows"))] == b"windows"


def test_evidence_that_cannot_be_read_stops_the_promotion(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    root = filled(source)
    source.script(f"GET /v2/{SHOP}/manifests/sha256-{root.hex}.sig", Reply(403), forever=True)
    assert refused(source, target) == "denied"


def test_a_destination_that_lost_what_it_took_gets_no_tag(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    layered(source, "1.0", b"a layer of it")
    path = f"HEAD /v2/{SHOP}/blobs/{Digest.of(b'a layer of it')}"
    target.script(re.escape(path), Reply(404), forever=True)
    assert refused(source, target) == "missing-blob"


def test_a_list_that_names_itself_ends(source: FakeRegistry, target: FakeRegistry) -> None:
    root = source.image(SHOP, "1.0")
    tag = f"sha256-{root.hex}"
    held = source.index(SHOP, tag, [])
    source.index(SHOP, tag, [source.entry(SHOP, root), source.entry(SHOP, held)])
    assert promote(source, target) == 0


def test_evidence_of_evidence_has_an_end(source: FakeRegistry, target: FakeRegistry) -> None:
    subject = source.image(SHOP, "1.0")
    for depth in range(BOUNDS.evidence_depth):
        subject = source.attach(SHOP, subject, b"%d" % depth, media_type="application/any")
    assert promote(source, target) == 0
    source.attach(SHOP, subject, b"one more", media_type="application/any")
    with FakeRegistry() as other:
        assert refused(source, other) == "too-many"


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        ({"entries": 3}, "too-many"),
        ({"promoted_manifest_bytes": 500}, "too-many"),
        ({"promoted_bytes": 50}, "too-large"),
        ({"index_depth": 1}, "too-many"),
    ],
)
def test_what_is_held_and_copied_is_bounded(
    source: FakeRegistry, bound: dict[str, int], code: str
) -> None:
    root = filled(source)
    hosts = RegistryConfiguration(insecure_hosts=frozenset((source.host,)))
    with RegistryClient(hosts) as client:
        places = client.sources(ImageReference.parse(f"{source.host}/{SHOP}"))
        with pytest.raises(GateError) as error:
            find_cargo(places, root, replace(BOUNDS, **bound))
    assert error.value.code == code


def test_signatures_of_both_places_stay(source: FakeRegistry, target: FakeRegistry) -> None:
    root = source.image(SHOP, "1.0")
    assert target.image(SHOP, "1.0") == root
    mine = {"dev.cosignproject.cosign/signature": "mine"}
    theirs = {"dev.cosignproject.cosign/signature": "theirs"}
    source.cosign(SHOP, root, ".sig", [(SIGNATURE, b"payload", mine)])
    target.cosign(SHOP, root, ".sig", [(SIGNATURE, b"payload", theirs)])
    promote(source, target)
    content = target.tagged(SHOP, f"sha256-{root.hex}.sig")
    assert b'"theirs"' in content
    assert b'"mine"' in content


def test_a_blob_is_mounted_within_one_registry(source: FakeRegistry) -> None:
    layered(source, "1.0", b"a layer of it")
    source.script(r"^POST .*[?&]mount=", Reply(201), forever=True)
    hosts = RegistryConfiguration(insecure_hosts=frozenset((source.host,)))
    with RegistryClient(hosts) as client:
        here = ImageReference.parse(f"{source.host}/{SHOP}")
        there = ImageReference.parse(f"{source.host}/acme/production")
        root = Digest.of(source.tagged(SHOP, "1.0"))
        cargo = find_cargo(client.sources(here), root, BOUNDS)
        copier = Copier(cargo, client.own_repository(there), BOUNDS)
        with pytest.raises(GateError):
            copier.copy()  # the fake says so and has nothing, which is found out
    asked = [r.path for r in source.requests if "mount=" in r.path]
    assert len(asked) == len(cargo.blobs())
    assert all(f"from={SHOP.replace('/', '%2F')}" in path for path in asked)
    assert source.asked("^PUT .*/blobs/") == 0


def test_a_token_to_mount_is_for_both_repositories() -> None:
    with FakeRegistry(tokens=True) as fake:
        layered(fake, "1.0", b"a layer of it")
        name = f"{fake.host}/{SHOP}:1.0"
        there = f"{fake.host}/acme/production"
        asked = Promotion(source=name, destination=there, access=access(fake))
        assert run_promote(asked) == 0
        scopes = {r.path for r in fake.requests if r.path.startswith("/token")}
    both = [path for path in scopes if path.count("scope=") == 2]
    assert len(both) == 1
    assert "repository%3Aacme%2Fshop%3Apull" in both[0]


def test_a_destination_with_a_digest_is_a_wrong_call(source: FakeRegistry) -> None:
    there = f"{source.host}/{SHOP}@sha256:{'1' * 64}"
    here = f"{source.host}/{SHOP}:1.0"
    with pytest.raises(GateError) as error:
        run_promote(Promotion(source=here, destination=there, access=access(source)))
    assert error.value.code == "promote-destination"


def test_an_artifact_that_is_no_image_is_promoted_too(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    config, chart = b'{"name":"shop"}', b"a chart"
    for blob in (config, chart):
        source.blob(SHOP, blob)
    kind = "application/vnd.cncf.helm.config.v1+json"
    manifest = {
        "schemaVersion": 2,
        "config": descriptor(kind, config),
        "layers": [descriptor("application/vnd.cncf.helm.chart.content.v1.tar+gzip", chart)],
    }
    root = source.manifest(SHOP, encode(manifest), tag="1.0")
    source.attach(SHOP, root, b"a signature of the chart")
    promote(source, target)
    assert found(target, root) == found(source, root)


def test_an_index_that_is_evidence_comes_with_what_it_lists(
    source: FakeRegistry, target: FakeRegistry
) -> None:
    root = source.image(SHOP, "1.0")
    part = layered(source, "", b"part of the evidence")
    index = {
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "artifactType": "application/any",
        "manifests": [source.entry(SHOP, part)],
        "subject": source.entry(SHOP, root),
    }
    source.manifest(SHOP, encode(index), OCI_INDEX)
    promote(source, target)
    assert found(target, root) == found(source, root)
    assert str(Digest.of(b"part of the evidence")) in target.blobs(SHOP)
