"""Manifests, indexes, referrers answers and layouts as other tools wrote them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference
from gate.registry.bounds import BOUNDS
from gate.registry.oci.manifest import ImageIndex, Manifest, parse_manifest
from gate.registry.route import LayoutRegistry
from tests.builders.registries import found_and_unread

CORPORA = Path(__file__).parents[3] / "shared/corpora"
LAYOUTS = CORPORA / "sigstore/oci-layouts"
KNOWN_BROKEN = {
    "cosign--specs__BUNDLE_SPEC.md-5.json": "its digests are shortened for the page",
    "cosign--specs__BUNDLE_SPEC.md-7.json": "its digests are shortened for the page",
    "regclient--types__manifest__manifest_test.go-4.json": "both an index and a manifest",
}
"""Recorded documents that are refused, and what is wrong with each."""


def documents() -> list[tuple[Path, dict[str, str]]]:
    if not CORPORA.exists():
        pytest.skip("the recorded manifests are not beside this repository")
    with (CORPORA / "oci/index.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(CORPORA / "oci" / row["file"], row) for row in rows]


def read(path: Path) -> Manifest | str:
    try:
        return parse_manifest(path.read_bytes(), content_type="", what=path.name, bounds=BOUNDS)
    except RegistryError as error:
        return error.code


def test_every_recorded_document_is_read_or_refused_with_a_code() -> None:
    outcomes = [read(path) for path, _ in documents()]
    assert len(outcomes) > 100
    assert {o for o in outcomes if isinstance(o, str)} <= {
        "malformed-manifest",
        "unsupported-manifest",
        "malformed-answer",
    }


def test_every_recorded_manifest_and_index_of_a_supported_kind_is_read() -> None:
    unread = [
        path.name
        for path, row in documents()
        if row["format"]
        in {
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
        }
        and isinstance(read(path), str)
        and path.name not in KNOWN_BROKEN
    ]
    assert unread == []


def test_recorded_facts_are_what_is_read() -> None:
    checked = 0
    for path, row in documents():
        manifest = read(path)
        facts = json.loads(row["facts"]) if row["facts"] else {}
        if isinstance(manifest, str) or "manifests" not in facts:
            continue
        if isinstance(manifest, ImageIndex):
            assert len(manifest.manifests) == facts["manifests"], path.name
        else:
            assert [layer.media_type for layer in manifest.layers] == facts["layer_types"] or len(
                manifest.layers
            ) == facts["layers"], path.name
        subject = facts["subject"]
        assert (str(manifest.subject.digest) if manifest.subject else None) == subject, path.name
        checked += 1
    assert checked > 60


@pytest.mark.parametrize(
    ("name", "digest", "platforms", "attestations"),
    [
        ("v1.4.0", "a74d89d8dd863ca5dae4a29e0feede81ddf59197849a80784af5a02ab7786925", 0, 1),
        ("v1.10.0", "e0a0a765d690a5104331cfbac88ebbbf01736c1f87aaa3cd455c516a5ea586a5", 1, 1),
        ("v2.1.0", "234e2c830c2fb31ac5671789d22adfe44d30c3ee831d01beae5e237841a13122", 1, 1),
    ],
)
def test_recorded_layouts_of_real_images_show_what_is_attached(
    name: str, digest: str, platforms: int, attestations: int
) -> None:
    folder = LAYOUTS / f"slsa-verifier-{name}"
    if not folder.exists():
        pytest.skip("the recorded layouts are not beside this repository")
    registry = LayoutRegistry({"ghcr.io/slsa-framework/example": folder})
    image = registry.resolve(ImageReference.parse("ghcr.io/slsa-framework/example"))
    assert (image.digest, len(image.platforms)) == (Digest(digest), platforms)
    found = found_and_unread(registry.attached(image))[0]
    signed = [a for a in found if a.kind == "cosign-attestation"]
    assert len(signed) == attestations
    assert all("dev.sigstore.cosign/bundle" in a.annotations for a in signed)
    assert {a.kind for a in found} <= {"cosign-attestation", "buildkit-statement"}
    assert len(found) == attestations + platforms
