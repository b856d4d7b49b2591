"""Signing with a private key that this process holds."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from gate.errors import SigningError
from gate.keys.private import PrivateKey
from gate.keys.public import fingerprint
from gate.signing.envelope import keyed_bundle, pae

_HASH: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}


def sign_statement(statement: bytes, key: PrivateKey) -> bytes:
    """Return a Sigstore bundle v0.3 around an in-toto statement. Raises SigningError.

    What is signed is the DSSE encoding of exactly these bytes. The bundle is in no
    transparency log and has no timestamp.
    """
    signature = _sign(pae(statement), key)
    digest = bytes.fromhex(fingerprint(key.public_key()).hex)
    return keyed_bundle(statement, signature, digest)


def _sign(data: bytes, key: PrivateKey) -> bytes:
    try:
        match key:
            case ec.EllipticCurvePrivateKey():
                return key.sign(data, ec.ECDSA(_HASH[key.curve.name]))
            case ed25519.Ed25519PrivateKey():
                return key.sign(data)
            case rsa.RSAPrivateKey():
                return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    except (KeyError, ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(
            "key-unsupported",
            f"the key cannot sign: {error}",
            remedy="use an ECDSA P-256 key, such as cosign makes",
        ) from error
