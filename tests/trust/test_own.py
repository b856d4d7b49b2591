"""What this run signed is verified before it is stored: whatever is wrong with it, and for that."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gate.errors import SigningError
from gate.keys.private import generate
from gate.model.evidence import Attached, AttachedKind, Storage, VerifiedAttestation
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.signing.key import sign_statement
from gate.trust.own import own_payload, own_verifier, verify_own
from gate.trust.refusal import Reason, Refusal
from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore import WORKFLOW
from tests.trust import given

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY, OTHER = generate(), generate()
IMAGE = ResolvedImage(ImageReference.parse("ghcr.io/acme/shop:1"), Digest("a" * 64))


def signed(key: ec.EllipticCurvePrivateKey = KEY, digest: str = "a" * 64) -> bytes:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "ghcr.io/acme/shop", "digest": {"sha256": digest}}],
        "predicateType": "https://acme.example/approval/v1",
        "predicate": {},
    }
    return sign_statement(json.dumps(statement).encode(), key)


def test_what_was_signed_by_the_key_and_about_the_image_is_taken() -> None:
    verify_own(signed(), IMAGE, key=KEY.public_key(), trust_config=None, now=NOW)


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(signed(OTHER), id="by another key"),
        pytest.param(signed(digest="b" * 64), id="about another image"),
        pytest.param(b"{}", id="no bundle"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_does_not_verify_is_refused_before_it_is_stored(bundle: bytes) -> None:
    with pytest.raises(SigningError) as refused:
        verify_own(bundle, IMAGE, key=KEY.public_key(), trust_config=None, now=NOW)
    assert refused.value.code == "own-signature-not-verified"


def test_a_key_is_no_certificate_of_the_public_instance() -> None:
    with pytest.raises(SigningError) as refused:
        verify_own(signed(), IMAGE, key=None, trust_config=None, now=NOW)
    assert refused.value.code == "own-signature-not-verified"


def test_the_statement_of_a_stored_bundle_is_what_the_key_signed() -> None:
    stored = signed()
    payload = json.loads(stored)["dsseEnvelope"]["payload"]
    assert own_payload(stored, IMAGE, key=KEY.public_key(), now=NOW) == base64.b64decode(payload)


@pytest.mark.parametrize(
    ("bundle", "reason"),
    [
        (signed(OTHER), Reason.SIGNATURE_INVALID),
        (signed(digest="b" * 64), Reason.SUBJECT_MISMATCH),
        (b"{}", Reason.MALFORMED),
    ],
)
def test_a_stored_bundle_of_somebody_else_or_about_something_else_has_no_statement(
    bundle: bytes, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        own_payload(bundle, IMAGE, key=KEY.public_key(), now=NOW)
    assert refused.value.reason is reason


def test_a_stored_bundle_with_a_certificate_is_not_by_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gate.trust.own.embedded_root", lambda: given.ROOT)
    bundle = keyless(WORKFLOW)
    verify_own(bundle, IMAGE, key=None, trust_config=None, now=NOW)
    with pytest.raises(Refusal) as refused:
        own_payload(bundle, IMAGE, key=KEY.public_key(), now=NOW)
    assert refused.value.reason is Reason.SIGNER_MISMATCH


CONFIG = json.dumps({"trustedRoot": given.root_document()}).encode()
"""As `gate sign --trust-config` takes it."""


def keyless(subject: str) -> bytes:
    statement = given.statement(IMAGE.digest)
    return given.sigstore().keyless_bundle(statement, at=given.AT, subject=subject)


def recognises(verifier: AttachedVerifier | None, bundle: bytes) -> bool:
    assert verifier is not None
    attached = Attached(AttachedKind.BUNDLE, bundle, Storage.REFERRERS, IMAGE.digest)
    return isinstance(verifier.verify(attached, IMAGE), VerifiedAttestation)


def test_a_key_recognises_what_it_signed_and_nothing_else() -> None:
    verifier = own_verifier(signed(), IMAGE, key=KEY.public_key(), trust_config=None, now=NOW)
    assert [recognises(verifier, signed(key)) for key in (KEY, OTHER)] == [True, False]


def test_an_identity_recognises_its_own_certificates_under_the_same_root() -> None:
    mine, others = keyless(WORKFLOW), keyless(WORKFLOW.replace("acme", "other"))
    verifier = own_verifier(mine, IMAGE, key=None, trust_config=CONFIG, now=NOW)
    assert [recognises(verifier, one) for one in (keyless(WORKFLOW), others)] == [True, False]


def test_an_identity_with_a_star_recognises_nothing() -> None:
    starred = keyless(WORKFLOW.replace("gate", "*"))
    assert starred != keyless(WORKFLOW)
    assert own_verifier(starred, IMAGE, key=None, trust_config=CONFIG, now=NOW) is None


def test_a_bundle_that_does_not_verify_recognises_nothing() -> None:
    assert own_verifier(signed(), IMAGE, key=None, trust_config=CONFIG, now=NOW) is None
