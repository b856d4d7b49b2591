"""Keys that sign things, of every kind that Sigstore's clients meet."""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

SigningKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

_CURVES: Final[dict[str, tuple[hashes.HashAlgorithm, str]]] = {
    "secp256r1": (hashes.SHA256(), "PKIX_ECDSA_P256_SHA_256"),
    "secp384r1": (hashes.SHA384(), "PKIX_ECDSA_P384_SHA_384"),
    "secp521r1": (hashes.SHA512(), "PKIX_ECDSA_P521_SHA_512"),
}


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 key, the kind that cosign and sigstore-python make."""
    return ec.generate_private_key(ec.SECP256R1())


def signature_of(key: SigningKey, data: bytes) -> bytes:
    """Sign as Sigstore's algorithm registry says for this kind of key."""
    match key:
        case ec.EllipticCurvePrivateKey():
            return key.sign(data, ec.ECDSA(_CURVES[key.curve.name][0]))
        case ed25519.Ed25519PrivateKey():
            return key.sign(data)
        case rsa.RSAPrivateKey():
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def key_details(key: SigningKey) -> str:
    """Return the kind of a key, in the words of Sigstore's algorithm registry."""
    match key:
        case ec.EllipticCurvePrivateKey():
            return _CURVES[key.curve.name][1]
        case ed25519.Ed25519PrivateKey():
            return "PKIX_ED25519"
        case rsa.RSAPrivateKey():
            return f"PKIX_RSA_PKCS1V15_{key.key_size}_SHA256"


def digest_of(key: SigningKey, data: bytes) -> tuple[str, bytes]:
    """Return the hash that goes with a key, such as `sha256`, and the digest."""
    name = _CURVES[key.curve.name][0].name if isinstance(key, ec.EllipticCurvePrivateKey) else ""
    algorithm = name or "sha256"
    return algorithm, hashlib.new(algorithm, data).digest()


def hash_of(details: str) -> str:
    """Return the hash that goes with a kind of key, such as `sha256`."""
    found = [algorithm.name for algorithm, name in _CURVES.values() if name == details]
    return found[0] if found else "sha256"
