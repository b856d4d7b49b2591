"""Real images with attestations of the public Sigstore, judged end to end from layout folders."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import pytest

from gate.cli.run import Options, run_check
from gate.model.report import Report

LAYOUTS: Final = Path("../shared/corpora/sigstore/oci-layouts")
ROOT: Final = Path("gate/trust/roots/public-good.json")
VERSIONS: Final = ("v1.4.0", "v1.10.0", "v2.1.0")
ISSUER: Final = "https://token.actions.githubusercontent.com"
BUILDER: Final = (
    "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/"
    "generator_container_slsa3.yml@refs/tags/"
)

pytestmark = pytest.mark.skipif(
    not LAYOUTS.is_dir(), reason="the recorded images are not at ../shared/corpora"
)


def judge(
    folder: Path,
    version: str,
    *,
    identity: str | None = None,
    issuer: str = ISSUER,
    root: dict[str, Any] | None = None,
    layout: str | None = None,
) -> Report:
    signer = f"issuer: {issuer}, identity: {identity or BUILDER + version}"
    signer += ", source-repository: https://github.com/slsa-framework/example-package"
    roots = ""
    if root is not None:
        data = json.dumps(root).encode()
        (folder / "root.json").write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        roots = f"trusted-roots: {{mine: {{file: root.json, sha256: {digest}}}}}\n"
        signer += ", root: mine"
    (folder / "policy.yaml").write_text(
        f"version: 1\n{roots}signers:\n  slsa: {{{signer}}}\nimages:\n"
        f'  - match: "ghcr.io/**"\n    provenance: {{by: [slsa], builder: "{BUILDER}{version}"}}\n'
    )
    path = layout or str(LAYOUTS / f"slsa-verifier-{version}")
    image = f"oci:{path}=ghcr.io/slsa-framework/example-package"
    return run_check(Options(images=(image,), policy=str(folder / "policy.yaml"))).report


def codes(report: Report) -> list[str]:
    return [f.code for f in report.findings] + [u.outcome.code for u in report.undecided]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_recorded_image_verifies_with_the_identity_that_signed_it(
    tmp_path: Path, version: str
) -> None:
    report = judge(tmp_path, version)
    assert (report.cleared, codes(report)) == (True, [])
    (provenance,) = (c for c in report.images[0].checks if c.check == "provenance")
    assert f"slsa: {BUILDER}{version} (issuer {ISSUER})" in provenance.relied_on[0]
    assert "by transparency-log" in provenance.relied_on[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_r059_another_identity_or_issuer_is_refused_for_that(tmp_path: Path, version: str) -> None:
    other = judge(tmp_path, version, identity=f"{BUILDER}v0.0.1")
    assert codes(other) == ["provenance-wrong-signer"]
    other = judge(tmp_path, version, issuer="https://gitlab.com")
    assert codes(other) == ["provenance-wrong-signer"]


@pytest.mark.parametrize("version", VERSIONS)
def test_r103_with_an_empty_trusted_root_nothing_is_believed(tmp_path: Path, version: str) -> None:
    parts = ("tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities")
    empty = json.loads(ROOT.read_text()) | {part: [] for part in parts}
    report = judge(tmp_path, version, root=empty)
    assert codes(report) == ["provenance-not-verified"]
    assert "log-not-trusted" in " ".join(report.images[0].attached)


@pytest.mark.parametrize("version", VERSIONS)
def test_r086_a_root_whose_windows_ended_before_the_signature_is_refused(
    tmp_path: Path, version: str
) -> None:
    ended = json.loads(ROOT.read_text())
    for part in ("tlogs", "ctlogs"):
        for log in ended[part]:
            log["publicKey"]["validFor"]["end"] = "2022-01-01T00:00:00Z"
    for authority in ended["certificateAuthorities"]:
        authority["validFor"]["end"] = "2022-01-01T00:00:00Z"
    report = judge(tmp_path, version, root=ended)
    assert codes(report) == ["provenance-not-verified"]
    assert "outside-validity" in " ".join(report.images[0].attached)


def test_r050_attestations_of_one_image_beside_another_are_refused(tmp_path: Path) -> None:
    layout = tmp_path / "mixed"
    ours, theirs = (LAYOUTS / f"slsa-verifier-{v}" for v in ("v1.10.0", "v1.4.0"))
    for source in (ours, theirs):
        for blob in (source / "blobs/sha256").iterdir():
            target = layout / "blobs/sha256" / blob.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(blob.read_bytes())
    (layout / "oci-layout").write_bytes((ours / "oci-layout").read_bytes())
    image, foreign = (json.loads((s / "index.json").read_text()) for s in (ours, theirs))
    image["manifests"] = [
        *(m for m in image["manifests"] if not m["annotations"]["kind"].endswith("atts")),
        *(m for m in foreign["manifests"] if m["annotations"]["kind"].endswith("atts")),
    ]
    (layout / "index.json").write_text(json.dumps(image))
    report = judge(tmp_path, "v1.4.0", layout=str(layout))
    assert codes(report) == ["provenance-wrong-subject"]
