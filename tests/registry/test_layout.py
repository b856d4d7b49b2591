from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.errors import RegistryError, UsageError
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.layout.image import NAMELESS, LayoutImage, folders_of
from gate.registry.layout.repository import LayoutRepository
from gate.registry.route import LayoutRegistry, RoutedRegistry
from gate.registry.write.publish import RepositoryPublisher
from tests.builders.cosign_publisher import CosignPublisher
from tests.builders.layout_registries import NAME, registry
from tests.builders.layouts import make_image
from tests.builders.registries import first_code, read
from tests.fakes.registry import (
    OCI_INDEX,
    FakeRegistry,
    encode,
)
from tests.registry.conftest import ClientOf

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def code_of(found: LayoutRegistry, reference: str = f"{NAME}:1.0") -> str:
    try:
        image = found.resolve(ImageReference.parse(reference))
    except RegistryError as error:
        return error.code
    return first_code(found.attached(image))


def test_a_tag_in_a_layout_resolves(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    image = registry(tmp_path).resolve(ImageReference.parse(f"{NAME}:1.0"))
    assert str(image) == f"{NAME}@{digest}"


def test_the_only_image_needs_no_tag_and_one_of_two_does(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    assert registry(tmp_path).resolve(ImageReference.parse(NAME)).digest == digest
    make_image(tmp_path, "2.0")
    assert code_of(registry(tmp_path), NAME) == "ambiguous"


def test_an_image_stays_the_only_one_when_it_is_signed(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    found = registry(tmp_path)
    image = found.resolve(ImageReference.parse(NAME))
    publisher = RepositoryPublisher(found)
    publisher.push_bundle(image, b"bundle", predicate_type="https://x", created=NOW)
    publisher.push_attestation_legacy(image, b"envelope", predicate_type="https://x")
    assert found.resolve(ImageReference.parse(NAME)).digest == digest


def test_a_digest_in_a_layout_resolves_whether_or_not_it_is_listed(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    make_image(tmp_path, "1.0", "another under the same tag")
    pinned = ImageReference.parse(f"{NAME}@{digest}")
    assert registry(tmp_path).resolve(pinned).digest == digest


def test_a_whole_reference_as_a_name_is_known_by_its_tag(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "docker.io/library/shop:1.0")
    assert registry(tmp_path).resolve(ImageReference.parse(f"{NAME}:1.0")).digest == digest
    assert code_of(registry(tmp_path), f"{NAME}:0") == "not-found"


def test_of_a_tag_that_a_layout_lacks_those_that_it_has_are_named(tmp_path: Path) -> None:
    for tag in ("1.0", "2.0", f"sha256-{'a' * 64}.sig"):
        make_image(tmp_path, tag)
    with pytest.raises(RegistryError) as caught:
        registry(tmp_path).resolve(ImageReference.parse(f"{NAME}:3.0"))
    assert caught.value.remedy == "Name one that it has: 1.0, 2.0."


def test_one_folder_for_a_registry_holds_one_layout_for_each_repository(tmp_path: Path) -> None:
    digest = make_image(tmp_path / "acme" / "shop", "1.0")
    found = LayoutRegistry({"registry.example": tmp_path})
    assert found.resolve(ImageReference.parse("registry.example/acme/shop:1.0")).digest == digest
    assert code_of(found, "registry.example/acme/cart:1.0") == "not-found"


@pytest.mark.parametrize("name", ["registry.example.evil/shop", "registry.example/shopping", "x/y"])
def test_a_name_that_the_call_does_not_map_is_not_answered(tmp_path: Path, name: str) -> None:
    make_image(tmp_path, "1.0")
    reference = ImageReference.parse(f"{name}:1.0")
    assert not registry(tmp_path).covers(reference)
    with pytest.raises(RegistryError) as caught:
        registry(tmp_path).resolve(reference)
    assert caught.value.code == "not-found"


def test_mapped_names_come_from_folders_and_others_from_their_registry(
    tmp_path: Path, fake: FakeRegistry, client_of: ClientOf
) -> None:
    here, there = make_image(tmp_path, "1.0"), fake.image("acme/shop", "1.0")
    found = RoutedRegistry(registry(tmp_path), client_of(fake.host))
    assert found.resolve(ImageReference.parse(f"{NAME}:1.0")).digest == here
    assert found.resolve(ImageReference.parse(f"{fake.host}/acme/shop:1.0")).digest == there
    assert fake.asked("") == 1


def test_what_is_published_is_found_again_and_nothing_is_published_twice(tmp_path: Path) -> None:
    make_image(tmp_path, "1.0")
    found = registry(tmp_path)
    image = found.resolve(ImageReference.parse(f"{NAME}:1.0"))
    publisher = CosignPublisher(found)
    for created in (NOW, datetime(2026, 5, 5, tzinfo=UTC)):
        publisher.push_bundle(image, b"bundle", predicate_type="https://x", created=created)
        publisher.push_attestation_legacy(image, b"one", predicate_type="https://x")
        publisher.push_attestation_legacy(image, b"two", predicate_type="https://x")
        publisher.push_signature_legacy(image, b"payload", annotations={"signature": "a"})
        publisher.push_signature_legacy(image, b"payload", annotations={"signature": "b"})
    assert [(a.kind, a.content, a.storage) for a in read(found.attached(image))] == [
        ("sigstore-bundle", b"bundle", "referrers"),
        ("cosign-signature", b"payload", "sig-tag"),
        ("cosign-signature", b"payload", "sig-tag"),
        ("cosign-attestation", b"one", "att-tag"),
        ("cosign-attestation", b"two", "att-tag"),
    ]


def test_writing_keeps_every_other_entry_as_it_is(tmp_path: Path) -> None:
    make_image(tmp_path, "1.0")
    path = tmp_path / "index.json"
    index = json.loads(path.read_text())
    index["annotations"] = {"kept": "yes"}
    index["manifests"][0]["x-unknown"] = {"kept": True}
    path.write_text(json.dumps(index))
    found = registry(tmp_path)
    image = found.resolve(ImageReference.parse(f"{NAME}:1.0"))
    RepositoryPublisher(found).push_bundle(image, b"b", predicate_type="https://x", created=NOW)
    after = json.loads(path.read_text())
    assert after["annotations"] == {"kept": "yes"}
    assert after["manifests"][0] == index["manifests"][0]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_tag_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    make_image(tmp_path, "1.0")
    layout = LayoutRepository(tmp_path, BOUNDS)
    before = layout.tagged("1.0")
    theirs = make_image(tmp_path, "1.0", "another")
    empty = encode({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []})
    assert not layout.put_tag("1.0", empty, OCI_INDEX, over=before)
    held = LayoutRepository(tmp_path, BOUNDS).tagged("1.0")
    assert held is not None
    assert held.digest == theirs


def test_cosigns_marks_count_only_beside_the_one_image_that_they_are_about(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    found = registry(tmp_path)
    image = found.resolve(ImageReference.parse(f"{NAME}:1.0"))
    RepositoryPublisher(found).push_attestation_legacy(image, b"one", predicate_type="https://x")
    path = tmp_path / "index.json"
    index = json.loads(path.read_text())
    index["manifests"][0]["annotations"] = {"kind": "dev.cosignproject.cosign/image"}
    index["manifests"][1]["annotations"] = {"kind": "dev.cosignproject.cosign/atts"}
    path.write_text(json.dumps(index))
    pinned = ImageReference.parse(f"{NAME}@{digest}")
    assert [a.content for a in read(found.attached(found.resolve(pinned)))] == [b"one"]
    other = make_image(tmp_path, "2.0")
    index = json.loads(path.read_text())
    index["manifests"][2]["annotations"] = {"kind": "dev.cosignproject.cosign/image"}
    path.write_text(json.dumps(index))
    pinned = ImageReference.parse(f"{NAME}@{other}")
    assert read(found.attached(found.resolve(pinned))) == ()


def blob_path(folder: Path, digest: Digest) -> Path:
    return folder / "blobs" / "sha256" / digest.hex


def test_r270_a_symbolic_link_in_place_of_a_blob_is_refused(tmp_path: Path) -> None:
    digest = make_image(tmp_path / "layout", "1.0")
    blob = blob_path(tmp_path / "layout", digest)
    blob.rename(tmp_path / "outside")
    blob.symlink_to(tmp_path / "outside")
    assert code_of(registry(tmp_path / "layout")) == "layout-unsafe"


def test_a_file_in_the_place_of_a_layout_is_said_to_be_no_folder(tmp_path: Path) -> None:
    (tmp_path / "layout").write_text("a")
    with pytest.raises(RegistryError) as caught:
        registry(tmp_path / "layout").resolve(ImageReference.parse(f"{NAME}:1.0"))
    assert caught.value.code == "not-found"
    assert "is a file, and an OCI layout is a folder" in caught.value.problem


def test_r270_a_hard_link_in_place_of_a_blob_is_refused(tmp_path: Path) -> None:
    digest = make_image(tmp_path / "layout", "1.0")
    os.link(blob_path(tmp_path / "layout", digest), tmp_path / "outside")
    assert code_of(registry(tmp_path / "layout")) == "layout-unsafe"


@pytest.mark.parametrize("name", ["index.json", "oci-layout"])
def test_r270_a_link_in_place_of_the_index_is_refused(tmp_path: Path, name: str) -> None:
    make_image(tmp_path / "layout", "1.0")
    (tmp_path / "layout" / name).rename(tmp_path / "outside")
    (tmp_path / "layout" / name).symlink_to(tmp_path / "outside")
    assert code_of(registry(tmp_path / "layout")) == "layout-unsafe"


@pytest.mark.parametrize("name", ["blobs", "blobs/sha256"])
def test_r270_a_link_in_place_of_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    make_image(tmp_path / "layout", "1.0")
    (tmp_path / "layout" / name).rename(tmp_path / "outside")
    (tmp_path / "layout" / name).symlink_to(tmp_path / "outside")
    assert code_of(registry(tmp_path / "layout")) == "layout-unsafe"
    found = LayoutRepository(tmp_path / "layout", BOUNDS)
    with pytest.raises(RegistryError):
        found.put_blob(b"new")
    written = Digest.of(b"new").hex
    assert not list((tmp_path / "outside").rglob(written))


def test_r270_a_pipe_or_device_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    blob_path(tmp_path, digest).unlink()
    os.mkfifo(blob_path(tmp_path, digest))
    assert code_of(registry(tmp_path)) == "layout-unsafe"


def test_r270_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    blob_path(tmp_path, digest).unlink()
    blob_path(tmp_path, digest).mkdir()
    assert code_of(registry(tmp_path)) == "layout-unsafe"


def test_r270_a_digest_with_dots_is_refused(tmp_path: Path) -> None:
    make_image(tmp_path, "1.0")
    index = json.loads((tmp_path / "index.json").read_text())
    index["manifests"][0]["digest"] = "sha256:../../index.json"
    (tmp_path / "index.json").write_text(json.dumps(index))
    assert code_of(registry(tmp_path)) == "malformed-manifest"


def test_r272_a_link_in_place_of_what_is_written_is_replaced_and_not_followed(
    tmp_path: Path,
) -> None:
    layout = LayoutRepository(tmp_path / "layout", BOUNDS)
    make_image(tmp_path / "layout", "1.0")
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    blob_path(tmp_path / "layout", Digest.of(b"new")).symlink_to(outside)
    with pytest.raises(RegistryError) as caught:
        layout.put_blob(b"new")
    assert caught.value.code == "layout-unsafe"
    assert outside.read_bytes() == b"mine"


def test_a_blob_with_other_bytes_is_refused(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    blob_path(tmp_path, digest).write_bytes(b"{}")
    assert code_of(registry(tmp_path)) == "digest-mismatch"


def test_a_blob_that_is_missing_is_an_error(tmp_path: Path) -> None:
    digest = make_image(tmp_path, "1.0")
    blob_path(tmp_path, digest).unlink()
    assert code_of(registry(tmp_path)) == "missing-blob"


@pytest.mark.parametrize("content", ['{"imageLayoutVersion":"2.0.0"}', "{}"])
def test_a_layout_of_another_version_is_refused(tmp_path: Path, content: str) -> None:
    make_image(tmp_path, "1.0")
    (tmp_path / "oci-layout").write_text(content)
    assert code_of(registry(tmp_path)) == "oci-layout-malformed"


def test_a_folder_that_is_no_layout_is_not_found(tmp_path: Path) -> None:
    assert code_of(registry(tmp_path)) == "not-found"
    assert code_of(registry(tmp_path / "missing")) == "not-found"


def test_r226_more_entries_than_the_bound_are_an_error(tmp_path: Path) -> None:
    make_image(tmp_path, "1.0")
    index = json.loads((tmp_path / "index.json").read_text())
    index["manifests"] *= BOUNDS.layout_entries + 1
    (tmp_path / "index.json").write_text(json.dumps(index))
    assert code_of(registry(tmp_path)) == "too-many"


@pytest.mark.parametrize(
    ("text", "folder", "reference"),
    [
        ("oci:out/shop:1.0=ghcr.io/acme/shop", "out/shop", "ghcr.io/acme/shop:1.0"),
        ("oci:out/shop=ghcr.io/acme/shop", "out/shop", "ghcr.io/acme/shop"),
        ("oci:/a/b=c/d=ghcr.io/acme/shop", "/a/b=c/d", "ghcr.io/acme/shop"),
        (
            f"oci:out@sha256:{'a' * 64}=registry.example/shop",
            "out",
            f"registry.example/shop@sha256:{'a' * 64}",
        ),
        (
            f"oci:out:1.0@sha256:{'a' * 64}=registry.example/shop",
            "out",
            f"registry.example/shop:1.0@sha256:{'a' * 64}",
        ),
    ],
)
def test_a_layout_image_has_the_name_that_the_call_gives_it(
    text: str, folder: str, reference: str
) -> None:
    found = LayoutImage.parse(text)
    assert (found.folder, str(found.reference)) == (Path(folder), reference)


@pytest.mark.parametrize("path", ["ghcr.io/acme/shop", "/work/docker.io/library/nginx", "shop"])
def test_a_folder_that_is_called_like_a_registry_is_not_taken_for_one(path: str) -> None:
    reference = LayoutImage.parse(f"oci:{path}:1.0").reference
    assert reference.registry == NAMELESS
    assert reference.tag == "1.0"
    assert not set(reference.repository.split("/")) & set(path.split("/"))
    assert LayoutImage.parse(f"oci:{path}:2.0").reference.name == reference.name


@pytest.mark.parametrize(
    "text",
    [
        "oci:",
        "oci:=ghcr.io/acme/shop",
        "out",
        "oci:out=",
        "oci:out=UPPER",
        "oci:out=ghcr.io/acme/shop:1.0",
        f"oci:out=ghcr.io/acme/shop@sha256:{'a' * 64}",
        "oci:a\nb",
        "oci:a\x00b",
    ],
)
def test_a_layout_image_that_cannot_be_read_is_a_wrong_call(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        LayoutImage.parse(text)
    assert caught.value.code == "layout-image-malformed"


def test_one_name_is_in_one_folder() -> None:
    one, two = "oci:one:1.0=ghcr.io/acme/shop", "oci:two:2.0=ghcr.io/acme/shop"
    assert folders_of(
        [LayoutImage.parse(one), LayoutImage.parse("oci:one:3.0=ghcr.io/acme/shop")]
    ) == {"ghcr.io/acme/shop": Path("one")}
    with pytest.raises(UsageError) as caught:
        folders_of(map(LayoutImage.parse, (one, two)))
    assert caught.value.code == "layout-image-malformed"


def test_more_manifests_than_the_bound_are_not_read(tmp_path: Path) -> None:
    for number in range(4):
        make_image(tmp_path, f"{number}")
    reference = ImageReference.parse(f"{NAME}:1")
    found = LayoutRegistry({NAME: tmp_path}, bounds=Bounds(layout_bytes=600))
    image = found.resolve(reference)
    assert first_code(found.attached(image)) == "too-large"
