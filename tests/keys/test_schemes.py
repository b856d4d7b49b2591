"""In which schemes a key that a policy names may sign, and what is said of the others."""

from __future__ import annotations

from typing import Final

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from gate.keys.public import PublicKey
from gate.keys.schemes import refused_scheme, signed_in_a_safe_scheme

DATA: Final = b"what is signed"
RSA_KEY: Final = rsa.generate_private_key(65537, 2048)
CURVES: Final = [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()]
SAFE: Final = [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()]
WEAK: Final = [hashes.SHA1(), hashes.SHA224(), hashes.SHA3_256()]  # noqa: S303  # weak on purpose
SAID: Final = {"sha1": "SHA-1", "sha224": "SHA-224", "sha3-256": "SHA3-256"}


def _pss(mask: hashes.HashAlgorithm, salt: int) -> padding.PSS:
    return padding.PSS(mgf=padding.MGF1(mask), salt_length=salt)


def _raw(key: ec.EllipticCurvePrivateKey, algorithm: hashes.HashAlgorithm) -> bytes:
    half = (key.curve.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(DATA, ec.ECDSA(algorithm)))
    return r.to_bytes(half) + s.to_bytes(half)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("algorithm", SAFE)
def test_an_ecdsa_key_signs_with_any_safe_hash_as_der_or_as_two_numbers(
    curve: ec.EllipticCurve, algorithm: hashes.HashAlgorithm
) -> None:
    key = ec.generate_private_key(curve)
    for signature in (key.sign(DATA, ec.ECDSA(algorithm)), _raw(key, algorithm)):
        assert signed_in_a_safe_scheme(key.public_key(), signature, DATA)
        assert not signed_in_a_safe_scheme(key.public_key(), signature, DATA + b".")
        other = ec.generate_private_key(curve).public_key()
        assert not signed_in_a_safe_scheme(other, signature, DATA)
        assert refused_scheme(other, signature, DATA) is None


@pytest.mark.parametrize("curve", CURVES)
def test_two_numbers_side_by_side_have_the_length_of_the_curve(curve: ec.EllipticCurve) -> None:
    key = ec.generate_private_key(curve)
    raw = _raw(key, hashes.SHA256())
    half = len(raw) // 2
    for longer in (raw[:half] + b"\0" + raw[half:], b"\0" + raw, raw + b"\0"):
        assert not signed_in_a_safe_scheme(key.public_key(), longer, DATA)


@pytest.mark.parametrize("algorithm", SAFE)
@pytest.mark.parametrize("salt", [0, 20, 32])
def test_an_rsa_key_signs_with_any_safe_hash_in_either_padding(
    algorithm: hashes.HashAlgorithm, salt: int
) -> None:
    public = RSA_KEY.public_key()
    for scheme in (padding.PKCS1v15(), _pss(algorithm, salt)):
        signature = RSA_KEY.sign(DATA, scheme, algorithm)
        assert signed_in_a_safe_scheme(public, signature, DATA)
        assert not signed_in_a_safe_scheme(public, signature, DATA + b".")
        assert not signed_in_a_safe_scheme(public, signature[:-1], DATA)


@pytest.mark.parametrize("algorithm", WEAK)
def test_a_hash_that_is_not_accepted_is_named_and_does_not_count(
    algorithm: hashes.HashAlgorithm,
) -> None:
    key, said = ec.generate_private_key(ec.SECP256R1()), SAID[algorithm.name]
    told: dict[str, tuple[PublicKey, bytes]] = {
        f"ECDSA with {said}": (key.public_key(), key.sign(DATA, ec.ECDSA(algorithm))),
        f"RSA PKCS #1 v1.5 with {said}": (
            RSA_KEY.public_key(),
            RSA_KEY.sign(DATA, padding.PKCS1v15(), algorithm),
        ),
        f"RSA PSS with {said}": (
            RSA_KEY.public_key(),
            RSA_KEY.sign(DATA, _pss(algorithm, 20), algorithm),
        ),
    }
    for expected, (public, signature) in told.items():
        assert not signed_in_a_safe_scheme(public, signature, DATA)
        assert refused_scheme(public, signature, DATA) == expected
        assert refused_scheme(public, signature, DATA + b".") is None


def test_pss_with_another_hash_in_its_mask_is_named_and_does_not_count() -> None:
    mask = hashes.SHA1()  # noqa: S303  # weak on purpose
    signature = RSA_KEY.sign(DATA, _pss(mask, 20), hashes.SHA256())
    assert not signed_in_a_safe_scheme(RSA_KEY.public_key(), signature, DATA)
    expected = "RSA PSS with SHA-256 and SHA-1 in its mask"
    assert refused_scheme(RSA_KEY.public_key(), signature, DATA) == expected


def test_an_ed25519_key_signs_what_is_signed_itself() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    signature = key.sign(DATA)
    assert signed_in_a_safe_scheme(key.public_key(), signature, DATA)
    assert not signed_in_a_safe_scheme(key.public_key(), signature, DATA + b".")
    assert refused_scheme(key.public_key(), signature, DATA + b".") is None


@pytest.mark.parametrize("signature", [b"", b"\0", b"\0" * 64, b"\xff" * 64, b"\x30\x00"])
def test_no_bytes_at_all_make_a_signature_or_break_the_look(signature: bytes) -> None:
    keys: list[PublicKey] = [
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
        RSA_KEY.public_key(),
    ]
    for key in keys:
        assert not signed_in_a_safe_scheme(key, signature, DATA)
        assert refused_scheme(key, signature, DATA) is None
