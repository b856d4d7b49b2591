"""Recorded Sigstore data of other projects, and the roots that judge it."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pytest

from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.trust.root import TrustedRoot
from gate.trust.trusted_root import parse_trusted_root

FOLDER: Final = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "sigstore"
VECTORS: Final = FOLDER / "sigstore-conformance"
GITHUB: Final = "https://token.actions.githubusercontent.com"
NOW: Final = datetime(2026, 11, 21, tzinfo=UTC)
_JSON_SIGNATURE: Final = b"\0sigstore-json\n"

recorded = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the recorded Sigstore data is not here",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the index."""

    file: str
    expected: str
    identity: str
    issuer: str
    root: str
    what: str

    @property
    def content(self) -> bytes:
        return (FOLDER / self.file).read_bytes()


def rows(*folders: str) -> list[Row]:
    """Return the rows of the index whose file is in one of these folders."""
    index = FOLDER / "index.tsv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8", newline="") as lines:
        found = csv.DictReader(lines, delimiter="\t")
        return [
            Row(r["file"], r["expected"], r["identity"], r["issuer"], r["trusted_root"], r["what"])
            for r in found
            if r["file"].startswith(folders)
        ]


@cache
def public_good() -> TrustedRoot:
    """Return the root of Sigstore's public instance, as gate has it."""
    found = resources.files("gate.trust").joinpath("roots", "public-good.json")
    return parse_trusted_root(found.read_bytes())


@cache
def staging() -> TrustedRoot:
    """Return the root of Sigstore's staging instance, as sigstore-python has it."""
    store = resources.files("sigstore") / "_store" / "https%3A%2F%2Ftuf-repo-cdn.sigstage.dev"
    return parse_trusted_root((store / "trusted_root.json").read_bytes())


def image(digest: Digest) -> ResolvedImage:
    return ResolvedImage(ImageReference.parse("registry.example/recorded"), digest)


def layout_layers(folder: str) -> Iterator[tuple[Attached, ResolvedImage]]:
    """Return the legacy attestations of a recorded OCI layout, and the image of it."""
    layout = FOLDER / "oci-layouts" / folder
    manifests = json.loads((layout / "index.json").read_bytes())["manifests"]
    subject, attestations = (Digest.parse(m["digest"]) for m in manifests)
    for layer in json.loads(_blob(layout, attestations))["layers"]:
        content = _blob(layout, Digest.parse(layer["digest"]))
        kind = AttachedKind.COSIGN_ATTESTATION
        annotations = layer["annotations"]
        yield Attached(kind, content, Storage.ATT_TAG, subject, annotations), image(subject)


def _blob(layout: Path, digest: Digest) -> bytes:
    return (layout / "blobs" / "sha256" / digest.hex).read_bytes()


def simple_signing(path: Path) -> tuple[Attached, ResolvedImage]:
    """Return a signature that containers/image recorded, and the image beside it."""
    recorded_signature: dict[str, Any] = json.loads(path.read_bytes().removeprefix(_JSON_SIGNATURE))
    manifest = path.parent / "manifest.json"
    content = manifest.read_bytes() if manifest.is_file() else b""
    digest = Digest(hashlib.sha256(content).hexdigest())
    attached = Attached(
        AttachedKind.COSIGN_SIGNATURE,
        base64.b64decode(recorded_signature["payload"]),
        Storage.SIG_TAG,
        digest,
        recorded_signature["annotations"],
        recorded_signature["mimeType"],
    )
    return attached, image(digest)
