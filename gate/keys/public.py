"""Public keys: read, named by their fingerprint, and asked whether they made a signature.

ECDSA on P-256, P-384 and P-521, Ed25519, and RSA of 2048 to 8192 bits with PKCS #1 v1.5,
as Sigstore's algorithm registry has them. Every other kind of key is refused when it is read.
https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from gate.keys.encodings import Encoding, PublicFormat, load_der_public_key, load_pem_public_key
from gate.model.image import Digest

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey

MAX_KEY_BYTES: Final = 64 * 1024
"""The longest key file that is read: an RSA key of 8192 bits has under 2 KiB."""

_RSA_BITS: Final = range(2048, 8193)
_CURVE_HASH: Final[dict[str, hashes.HashAlgorithm]] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}
_SHA256: Final = hashes.SHA256()
_PKCS1: Final = padding.PKCS1v15()


class MalformedKey(ValueError):  # noqa: N818  # the rooms that catch it say it as a fact
    """The bytes are not a key that gate can use. The text is one sentence."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        """Take what is wrong, and the next step where there is one for this cause alone."""
        super().__init__(problem)
        self.remedy = remedy


def load_public_key(data: bytes) -> PublicKey:
    """Read a public key: PEM or DER, SubjectPublicKeyInfo or PKCS #1. Raises MalformedKey.

    A certificate is refused: the policy alone says whom a key belongs to.
    """
    if len(data) > MAX_KEY_BYTES:
        msg = f"a public key file has at most {MAX_KEY_BYTES} bytes, and this has {len(data)}"
        raise MalformedKey(msg)
    if b"PRIVATE KEY-----" in data:
        msg = "this is a private key"
        raise MalformedKey(msg, "name its public half, such as gate.pub, and keep this one secret")
    if data.count(b"-----BEGIN") > 1:
        msg = "the file holds more than one key"
        raise MalformedKey(msg, "name one key a file, and a signer for each")
    pem = data.lstrip().startswith(b"-----BEGIN")
    load = load_pem_public_key if pem else load_der_public_key
    try:
        return supported(load(data))
    except MalformedKey:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        from gate.keys.other_files import other_file  # noqa: PLC0415  # of what is no key alone

        other = other_file(data) or ("this is not a public key in PEM or DER form", "")
        raise MalformedKey(*other) from error


def supported(key: object) -> PublicKey:
    """Return the key if signatures by its kind are accepted. Raises MalformedKey."""
    match key:
        case ec.EllipticCurvePublicKey(curve=curve) if curve.name in _CURVE_HASH:
            return key
        case ec.EllipticCurvePublicKey(curve=curve):
            msg = f"keys on the curve {curve.name} are not accepted: use P-256, P-384 or P-521"
        case ed25519.Ed25519PublicKey():
            from gate.keys.ed25519ph import is_weak  # noqa: PLC0415  # few keys are of this kind

            if not is_weak(key.public_bytes_raw()):
                return key
            msg = "everybody can sign with this Ed25519 key: its point has a small order"
        case rsa.RSAPublicKey(key_size=size) if size in _RSA_BITS:
            return key
        case rsa.RSAPublicKey(key_size=size):
            msg = f"RSA keys of {size} bits are not accepted: 2048 to 8192 are"
        case _:
            msg = "keys of this kind are not accepted: use ECDSA, Ed25519 or RSA"
    raise MalformedKey(msg, "make another key, such as with `gate keygen`")


def spki(key: PublicKey) -> bytes:
    """Return the key's DER SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: PublicKey) -> Digest:
    """Return the SHA-256 of the key's DER SubjectPublicKeyInfo: the key's only name."""
    return Digest(hashlib.sha256(spki(key)).hexdigest())


def public_pem(key: PublicKey) -> bytes:
    """Return the key's PEM SubjectPublicKeyInfo."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def signed_by(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the key made the signature over the data.

    ECDSA with the hash that fits the curve, or with SHA-256, which cosign uses on every curve.
    """
    match key:
        case ec.EllipticCurvePublicKey():
            own = _CURVE_HASH[key.curve.name]
            return _ecdsa(key, signature, data, own) or (
                own is not _CURVE_HASH["secp256r1"] and _ecdsa(key, signature, data, _SHA256)
            )
        case ed25519.Ed25519PublicKey():
            try:
                key.verify(signature, data)
            except InvalidSignature:
                return False
            return True
        case rsa.RSAPublicKey():
            try:
                key.verify(signature, data, _PKCS1, _SHA256)
            except InvalidSignature:
                return False
            return True


def signed_digest(key: PublicKey, signature: bytes, digest: Digest) -> bool:
    """Whether the key made the signature over data of which only the SHA-256 is at hand.

    Ed25519 signs the data itself, so for such a key the answer is always no.
    """
    prehashed = Prehashed(_SHA256)
    try:
        match key:
            case ec.EllipticCurvePublicKey():
                key.verify(signature, bytes.fromhex(digest.hex), ec.ECDSA(prehashed))
            case rsa.RSAPublicKey():
                key.verify(signature, bytes.fromhex(digest.hex), _PKCS1, prehashed)
            case ed25519.Ed25519PublicKey():
                return False
    except InvalidSignature:
        return False
    return True


def _ecdsa(
    key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes, algorithm: hashes.HashAlgorithm
) -> bool:
    try:
        key.verify(signature, data, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True
