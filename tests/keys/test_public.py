"""Public keys: what is read, what is refused, and what counts as their signature."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa

from gate.keys.private import generate, private_pem
from gate.keys.public import (
    MAX_KEY_BYTES,
    MalformedKey,
    PublicKey,
    fingerprint,
    load_public_key,
    public_pem,
    signed_by,
    signed_digest,
    spki,
)
from gate.model.image import Digest

DATA = b"what is signed"
RSA_KEY = rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()).public_key(),
        ec.generate_private_key(ec.SECP384R1()).public_key(),
        ec.generate_private_key(ec.SECP521R1()).public_key(),
        ed25519.Ed25519PrivateKey.generate().public_key(),
        RSA_KEY.public_key(),
    ],
)
def test_a_key_is_read_from_pem_and_from_der_with_one_fingerprint(key: PublicKey) -> None:
    expected = Digest(hashlib.sha256(spki(key)).hexdigest())
    assert fingerprint(load_public_key(public_pem(key))) == expected
    assert fingerprint(load_public_key(spki(key))) == expected


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | dsa.DSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_a_key_file_may_begin_and_end_with_space_up_to_its_bound() -> None:
    pem = public_pem(generate().public_key())
    assert public_pem(load_public_key(b"\n \n" + pem)) == pem
    assert public_pem(load_public_key(pem.replace(b"\n", b"\r\n"))) == pem
    assert public_pem(load_public_key(pem.ljust(MAX_KEY_BYTES, b"\n"))) == pem


SMALL_ORDER = spki(ed25519.Ed25519PublicKey.from_public_bytes(b"\1" + bytes(31)))
"""The key of which 32 bytes that begin with 1 are the neutral point."""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "not a public key"),
        (b"\xff" * 100, "not a public key"),
        (b"x" * (MAX_KEY_BYTES + 1), "at most 65536 bytes"),
        (private_pem(generate()), "private key"),
        (b"-----BEGIN CERTIFICATE-----\n", "is a certificate"),
        (_pem(ec.generate_private_key(ec.SECP224R1())), "curve secp224r1"),
        (_pem(ec.generate_private_key(ec.SECP256K1())), "curve secp256k1"),
        (_pem(rsa.generate_private_key(65537, 1024)), "1024 bits"),  # noqa: S505  # weak on purpose
        (_pem(dsa.generate_private_key(1024)), "this kind"),  # noqa: S505  # made at once, and refused
        (SMALL_ORDER, "everybody can sign with this Ed25519 key"),
        (public_pem(generate().public_key()) * 2, "more than one key"),
        (public_pem(generate().public_key()) + public_pem(RSA_KEY.public_key()), "more than one"),
        (b"ssh-ed25519 AAAA", "is an SSH key"),
    ],
)
def test_r283_what_is_no_key_or_a_weak_one_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(MalformedKey, match=reason):
        load_public_key(data)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()])
@pytest.mark.parametrize("algorithm", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_ecdsa_takes_the_hash_of_its_curve_and_sha256(
    curve: ec.EllipticCurve, algorithm: hashes.HashAlgorithm
) -> None:
    key = ec.generate_private_key(curve)
    signature = key.sign(DATA, ec.ECDSA(algorithm))
    fits = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
    expected = algorithm.name in {fits[curve.name], "sha256"}
    assert signed_by(key.public_key(), signature, DATA) is expected
    assert not signed_by(key.public_key(), signature, DATA + b".")
    assert not signed_by(key.public_key(), b"", DATA)


def test_rsa_and_ed25519_signatures_are_verified() -> None:
    edwards = ed25519.Ed25519PrivateKey.generate()
    by_rsa = RSA_KEY.sign(DATA, padding.PKCS1v15(), hashes.SHA256())
    assert signed_by(RSA_KEY.public_key(), by_rsa, DATA)
    assert not signed_by(RSA_KEY.public_key(), by_rsa, b"")
    assert signed_by(edwards.public_key(), edwards.sign(DATA), DATA)
    assert not signed_by(edwards.public_key(), by_rsa, DATA)


def test_of_a_digest_alone_ecdsa_and_rsa_can_be_verified_and_ed25519_cannot() -> None:
    digest = Digest(hashlib.sha256(DATA).hexdigest())
    key, edwards = generate(), ed25519.Ed25519PrivateKey.generate()
    by_rsa = RSA_KEY.sign(DATA, padding.PKCS1v15(), hashes.SHA256())
    by_ecdsa = key.sign(DATA, ec.ECDSA(hashes.SHA256()))
    assert signed_digest(key.public_key(), by_ecdsa, digest)
    assert signed_digest(RSA_KEY.public_key(), by_rsa, digest)
    assert not signed_digest(RSA_KEY.public_key(), by_ecdsa, digest)
    other = Digest(hashlib.sha256(DATA + b".").hexdigest())
    assert not signed_digest(key.public_key(), by_ecdsa, other)
    assert not signed_digest(RSA_KEY.public_key(), by_rsa, other)
    assert not signed_digest(key.public_key(), by_rsa, digest)
    assert not signed_digest(edwards.public_key(), edwards.sign(DATA), digest)
