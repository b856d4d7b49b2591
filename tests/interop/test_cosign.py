"""What gate signs, as cosign judges it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gate.model.image import Digest
from tests.fakes.sigstore import WORKFLOW, RekorVersion
from tests.interop.bundles import LOGS, Signed, altered, signed_pass
from tests.interop.passes import INDEX, OTHER, PLATFORM, VSA
from tests.interop.tools import COSIGN, Answer, required, run

BOTH_LOGS = pytest.mark.parametrize("log", LOGS)


def cosign(folder: Path, bundle: bytes, digest: Digest, *options: str | Path) -> Answer:
    file = folder / "bundle.json"
    file.write_bytes(bundle)
    subject = ("--digestAlg", "sha256", "--digest", digest.hex, "--type", VSA)
    program = required("cosign", COSIGN)
    return run(program, "verify-blob-attestation", "--bundle", file, *subject, *options)


def keyed(folder: Path, bundle: bytes, key: bytes, digest: Digest = INDEX) -> Answer:
    file = folder / "key.pub"
    file.write_bytes(key)
    # A pass that a key signed is in no log: nobody but its signer has to know of it.
    return cosign(folder, bundle, digest, "--key", file, "--insecure-ignore-tlog")


def keyless(
    folder: Path, signed: Signed, bundle: bytes, *, identity: str = WORKFLOW, digest: Digest = INDEX
) -> Answer:
    root = folder / "trusted_root.json"
    root.write_text(json.dumps(signed.trusted_root))
    by = ("--certificate-identity", identity, "--certificate-oidc-issuer", signed.issuer)
    return cosign(folder, bundle, digest, "--trusted-root", root, *by)


@pytest.mark.parametrize("digest", [INDEX, PLATFORM])
def test_a_keyed_pass_of_an_image_is_accepted_for_its_index_and_its_platforms(
    tmp_path: Path, digest: Digest
) -> None:
    signed = signed_pass()
    assert keyed(tmp_path, signed.keyed, signed.key, digest).accepted


def test_a_keyed_pass_is_refused_for_another_image(tmp_path: Path) -> None:
    signed = signed_pass()
    answer = keyed(tmp_path, signed.keyed, signed.key, OTHER)
    assert (answer.accepted, "does not match any digest" in answer.output) == (False, True)


def test_a_keyed_pass_is_refused_by_another_key(tmp_path: Path) -> None:
    signed = signed_pass()
    answer = keyed(tmp_path, signed.keyed, signed.other_key)
    assert (answer.accepted, "could not verify envelope" in answer.output) == (False, True)


@BOTH_LOGS
@pytest.mark.parametrize("digest", [INDEX, PLATFORM])
def test_a_keyless_pass_of_an_image_is_accepted_for_its_index_and_its_platforms(
    tmp_path: Path, log: RekorVersion, digest: Digest
) -> None:
    signed = signed_pass()
    assert keyless(tmp_path, signed, signed.keyless[log], digest=digest).accepted


@BOTH_LOGS
def test_a_keyless_pass_is_refused_by_another_identity(tmp_path: Path, log: RekorVersion) -> None:
    signed = signed_pass()
    answer = keyless(tmp_path, signed, signed.keyless[log], identity=f"{WORKFLOW}/other")
    assert (answer.accepted, "no matching CertificateIdentity" in answer.output) == (False, True)


@BOTH_LOGS
def test_an_altered_pass_is_refused(tmp_path: Path, log: RekorVersion) -> None:
    signed = signed_pass()
    answers = [
        keyless(tmp_path, signed, altered(signed.keyless[log])),
        keyed(tmp_path, altered(signed.keyed), signed.key),
    ]
    assert [answer.accepted for answer in answers] == [False, False]
