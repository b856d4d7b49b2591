"""Every recorded signature gets the verdict that its own project expects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from gate.keys.public import load_public_key
from gate.model.evidence import Attached, AttachedKind, Rejection, VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.policy.match_identity import IdentityPattern
from gate.trust.bundle import Envelope, parse_bundle
from gate.trust.prove import Artifact, prove
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import TrustedRoot, Window
from gate.trust.signer import TrustedIdentity, TrustedKey
from gate.trust.verify import AttachedVerifier
from tests.conformance import sigstore_recorded as corpus
from tests.conformance.sigstore_recorded import FOLDER, GITHUB, NOW, Row, recorded

pytestmark = recorded

GENERATOR: Final = (
    "https://github.com/slsa-framework/slsa-github-generator"
    "/.github/workflows/generator_container_slsa3.yml@refs/tags/"
)
LAYOUTS: Final = ("v1.4.0", "v1.10.0", "v2.1.0")
STAGING_AND_A_TSA: Final = "proto/sigpy_tsa_root.json"
"""Staging with one more timestamp authority, which is not recorded: its stamps are no times."""
ENDED: Final = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("row", corpus.rows("cpython", "sigstore-python"), ids=lambda r: r.file)
def test_a_recorded_bundle_gets_its_expected_verdict(row: Row) -> None:
    staged = "sigstage" in row.root or row.root == STAGING_AND_A_TSA
    root = corpus.staging() if staged else corpus.public_good()
    try:
        bundle = parse_bundle(row.content)
        artifact = None
        if not isinstance(bundle.content, Envelope) and bundle.content.digest:
            artifact = Artifact(Digest(bundle.content.digest.hex()))
        claims = prove(bundle, root, artifact=artifact, now=NOW).claims
    except Refusal:
        assert row.expected.startswith("must fail")
    else:
        assert row.expected == "valid"
        assert claims is not None
        assert (claims.identity.subject, claims.identity.issuer) == (row.identity, row.issuer)


def _generator(version: str, **more: Any) -> TrustedIdentity:  # noqa: ANN401  # the signer's own fields
    asked = {
        "issuer": GITHUB,
        "identity": IdentityPattern(f"{GENERATOR}{version}"),
        "source_repository": "https://github.com/slsa-framework/example-package",
        "root": corpus.public_good(),
        **more,
    }
    return TrustedIdentity(name="generator", **asked)


def _judge(
    found: Attached, image: ResolvedImage, *signers: TrustedIdentity | TrustedKey
) -> str | tuple[str, ...]:
    said = AttachedVerifier(signers, NOW).verify(found, image)
    return said.code if isinstance(said, Rejection) else said.signers


@pytest.mark.parametrize("version", LAYOUTS)
def test_a_recorded_layout_verifies_and_is_refused_for_each_reason_of_its_own(version: str) -> None:
    public = corpus.public_good()
    nothing = TrustedRoot((), (), (), ())
    ended = replace(
        public,
        certificate_authorities=tuple(
            replace(a, window=ENDED) for a in public.certificate_authorities
        ),
    )
    layers = list(corpus.layout_layers(f"slsa-verifier-{version}"))
    assert layers
    for found, image in layers:
        assert _judge(found, image, _generator(version)) == ("generator",)
        elsewhere = corpus.image(Digest("00" * 32))
        assert _judge(found, elsewhere, _generator(version)) == Reason.SUBJECT_MISMATCH
        strangers = (
            {"identity": IdentityPattern(f"{GENERATOR}v9.9.9")},
            {"issuer": "https://accounts.google.com"},
            {"source_repository": "https://github.com/slsa-framework/slsa-github-generator"},
        )
        for other in strangers:
            assert _judge(found, image, _generator(version, **other)) == Reason.SIGNER_MISMATCH
        by_nothing = _generator(version, root=nothing)
        assert _judge(found, image, by_nothing) == Reason.LOG_NOT_TRUSTED
        assert _judge(found, image, _generator(version, root=ended)) == Reason.OUTSIDE_VALIDITY


@pytest.mark.parametrize("version", LAYOUTS)
def test_a_flipped_bit_in_a_recorded_layer_is_refused(version: str) -> None:
    for found, image in corpus.layout_layers(f"slsa-verifier-{version}"):
        for at in range(0, len(found.content), 97):
            content = bytearray(found.content)
            content[at] ^= 1
            other = replace(found, content=bytes(content))
            said = AttachedVerifier((_generator(version),), NOW).verify(other, image)
            assert isinstance(said, Rejection), at


KEYS: Final = ("cosign.pub", "cosign2.pub")
SIMPLE: Final[dict[str, tuple[str, ...] | Reason]] = {
    "dir-img-cosign-fulcio-rekor-valid/signature-1": ("mitr",),
    "dir-img-cosign-key-rekor-valid/signature-1": ("cosign2.pub",),
    "dir-img-cosign-valid/signature-1": ("cosign.pub",),
    "dir-img-cosign-valid-2/signature-1": ("cosign.pub",),
    "dir-img-cosign-valid-2/signature-2": ("cosign.pub",),
    "dir-img-cosign-valid-with-tag/signature-1": ("cosign.pub",),
    "dir-img-cosign-mixed/signature-2": ("cosign.pub",),
    "dir-img-cosign-mixed/signature-1": Reason.SIGNER_MISMATCH,
    "dir-img-cosign-manifest-digest-error/signature-1": Reason.SUBJECT_MISMATCH,
    "dir-img-cosign-modified-manifest/signature-1": Reason.SUBJECT_MISMATCH,
    "dir-img-cosign-no-manifest/signature-1": Reason.SUBJECT_MISMATCH,
    "dir-img-cosign-other-attachment/signature-1": Reason.SIGNER_MISMATCH,
    "unknown-cosign-key.signature": Reason.SIGNER_MISMATCH,
}


@pytest.mark.parametrize(("file", "expected"), SIMPLE.items())
def test_a_recorded_simple_signature_gets_its_expected_verdict(
    file: str, expected: tuple[str, ...] | Reason
) -> None:
    root = corpus.public_good()
    folder = FOLDER / "containers-image"
    found, image = corpus.simple_signing(folder / file)
    person = TrustedIdentity(
        name="mitr",
        issuer="https://github.com/login/oauth",
        identity=IdentityPattern("mitr@redhat.com"),
        root=root,
    )
    keys = (
        TrustedKey(name=name, key=load_public_key((folder / name).read_bytes()), root=root)
        for name in KEYS
    )
    assert _judge(found, image, person, *keys) == expected


def test_every_recorded_simple_signature_is_judged() -> None:
    private = "containers-image/dir-img-cosign-pki-valid/signature-1"
    files = {row.file for row in corpus.rows("containers-image")}
    assert files == {f"containers-image/{name}" for name in SIMPLE} | {private}


def test_a_signature_under_a_private_authority_does_not_verify_under_the_public_root() -> None:
    path = FOLDER / "containers-image" / "dir-img-cosign-pki-valid" / "signature-1"
    found, image = corpus.simple_signing(path)
    assert found.kind is AttachedKind.COSIGN_SIGNATURE
    person = TrustedIdentity(
        name="private",
        issuer="https://accounts.example",
        identity=IdentityPattern("qiwan@redhat.com"),
        root=corpus.public_good(),
        log_required=False,
    )
    said = AttachedVerifier((person,), NOW).verify(found, image)
    assert not isinstance(said, VerifiedAttestation)
