"""What this run signed is verified before it is stored: whatever is wrong with it, and for that."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gate.errors import SigningError
from gate.keys.private import generate
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.signing.key import sign_statement
from gate.trust.own import verify_own

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
