"""The files of `gate check --pass-file`, each read by the program that it is for."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gate.cli.demo.release import REGISTRY, SHOP, Keys, Tampering, make_release
from gate.cli.reads.places import Access
from gate.cli.runs.check import run_check
from gate.cli.runs.prepare import Options
from gate.model.image import Digest
from gate.model.report import PassState
from gate.predicates.verification_summary import TYPES, parse, release_resource
from tests.interop.tools import COSIGN, SLSA_VERIFIER, required, run

VERIFIER = "https://acme.example/gate"


@dataclass(frozen=True)
class Files:
    """A folder with what one run wrote, and what it wrote about."""

    folder: Path
    image: str
    """The shop's name, pinned."""
    release: Digest

    @property
    def digest(self) -> str:
        return self.image.partition("@")[2]

    def of(self, form: str) -> Path:
        """Return the file of the shop's pass in one form."""
        (path,) = (self.folder / "passes").glob(f"*_{SHOP}-*.{form}.json")
        return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("release") / "made"
    folder.mkdir()
    make_release(folder, Keys(), datetime.now(UTC), Tampering())
    (folder / "passes").mkdir()
    report = run_check(
        Options(
            paths=(str(folder / "manifests"),),
            policy=str(folder / "policy.yaml"),
            access=Access(layouts=(f"{REGISTRY}={folder / 'images'}",)),
        ),
        folder=str(folder / "passes"),
    ).report
    assert report.passed is not None
    assert report.passed.state is PassState.SIGNED
    assert report.release is not None
    (image,) = (str(i.resolved) for i in report.images if SHOP in i.name)
    return Files(folder, image, report.release.digest)


def slsa_verifier(files: Files, envelope: Path, resource: str, digest: str) -> bool:
    return run(
        *(required("slsa-verifier", SLSA_VERIFIER), "verify-vsa"),
        *("--attestation-path", envelope, "--public-key-path", files.folder / "keys/gate.pub"),
        *("--verifier-id", VERIFIER, "--resource-uri", resource),
        *("--subject-digest", digest, "--verified-level", "GATE_SIGNATURE"),
    ).accepted


def test_slsa_verifier_reads_the_envelope_of_an_image_as_it_is(files: Files) -> None:
    assert slsa_verifier(files, files.of("dsse"), files.image, files.digest)
    assert not slsa_verifier(files, files.of("dsse"), files.image, f"sha256:{'0' * 64}")


def test_slsa_verifier_reads_the_envelope_of_the_release_as_it_is(files: Files) -> None:
    envelope = files.folder / "passes/release.dsse.json"
    resource = release_resource(VERIFIER, files.release)
    assert slsa_verifier(files, envelope, resource, str(files.release))
    assert slsa_verifier(files, envelope, resource, files.digest)
    assert not slsa_verifier(files, envelope, files.image, files.digest)


@pytest.mark.parametrize("name", [SHOP, "release"])
def test_cosign_reads_the_bundle_as_it_is(files: Files, name: str) -> None:
    bundle = files.of("sigstore") if name == SHOP else files.folder / "passes/release.sigstore.json"
    command = (
        *(required("cosign", COSIGN), "verify-blob-attestation", "--bundle", bundle),
        *("--key", files.folder / "keys/gate.pub", "--insecure-ignore-tlog"),
        *("--type", TYPES[0], "--digestAlg", "sha256", "--digest"),
    )
    assert run(*command, files.digest.removeprefix("sha256:")).accepted
    assert not run(*command, "0" * 64).accepted


def test_cosign_signs_the_predicate_file_as_actions_attest_would(
    files: Files, tmp_path: Path
) -> None:
    # actions/attest needs GitHub; cosign takes the same two things, a type and a predicate.
    cosign, blob, prefix = required("cosign", COSIGN), tmp_path / "blob", tmp_path / "cosign"
    blob.write_text("any")
    made = run(cosign, "generate-key-pair", "--output-key-prefix", prefix, COSIGN_PASSWORD="p")
    assert made.accepted, made.output
    signed = run(
        *(cosign, "attest-blob", "--yes", "--key", f"{prefix}.key"),
        *("--use-signing-config=false", "--tlog-upload=false", "--new-bundle-format"),
        *("--predicate", files.of("predicate"), "--type", TYPES[0]),
        *("--bundle", tmp_path / "out.json", blob),
        COSIGN_PASSWORD="p",
    )
    assert signed.accepted, signed.output
    envelope = json.loads((tmp_path / "out.json").read_bytes())["dsseEnvelope"]
    statement = json.loads(base64.b64decode(envelope["payload"]))
    assert statement["predicateType"] == TYPES[0]
    assert statement["predicate"] == json.loads(files.of("predicate").read_bytes())
    assert parse(statement["predicate"]).resource == files.image
