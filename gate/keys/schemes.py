"""Every standard scheme in which a key that a policy names can sign, and those that are refused.

A policy's key says of which kind it is, and not in which scheme its owner's tool signs. So each
scheme of its kind is tried, as long as it is safe beside the others:

- ECDSA with SHA-256, SHA-384 or SHA-512, as DER (RFC 3279) or as r and s side by side
  (IEEE P1363, as in JSON Web Signatures);
- Ed25519 and Ed25519ph (RFC 8032);
- RSA with PKCS #1 v1.5 or PSS (RFC 8017) and SHA-256, SHA-384 or SHA-512, PSS with the same hash
  in its mask and a salt of any length.

Example: the key is P-256, and the signature is over SHA-512: it counts. With SHA-1: it does not,
and `refused_scheme` says "ECDSA with SHA-1". Keys of certificates and logs are no concern here:
their schemes are fixed (`gate.keys.public.signed_by`).
https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from gate.keys import ed25519ph
from gate.keys.public import PublicKey

_SAFE: Final = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
_REFUSED: Final = (
    *(hashes.SHA1(), hashes.MD5(), hashes.SHA224()),  # noqa: S303  # to name them in a refusal
    *(hashes.SHA3_256(), hashes.SHA3_384(), hashes.SHA3_512()),
)
"""SHA-1 and MD5 are broken. The others are not, and no tool that signs images uses them."""


def signed_in_a_safe_scheme(key: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the key made the signature over the data, in any scheme that gate accepts of it."""
    match key:
        case ec.EllipticCurvePublicKey():
            return any(_by_ecdsa(key, signature, data, _SAFE))
        case ed25519.Ed25519PublicKey():
            return _by_ed25519(key, signature, data)
        case rsa.RSAPublicKey():
            return any(_by_rsa(key, signature, data, _SAFE))


def refused_scheme(key: PublicKey, signature: bytes, data: bytes) -> str | None:
    """Return the scheme in which the key did sign the data, where gate refuses it.

    None where gate knows no scheme in which this key made this signature over this data: it is
    by another key, or over other data, or in a scheme that gate has no name for.
    """
    match key:
        case ec.EllipticCurvePublicKey():
            return next(_by_ecdsa(key, signature, data, _REFUSED), None)
        case ed25519.Ed25519PublicKey():
            return None
        case rsa.RSAPublicKey():
            return next(_by_rsa(key, signature, data, _REFUSED), None) or next(
                _by_rsa(key, signature, data, _SAFE, masks=(*_SAFE, *_REFUSED)), None
            )


def _by_ecdsa(
    key: ec.EllipticCurvePublicKey,
    signature: bytes,
    data: bytes,
    algorithms: Sequence[hashes.HashAlgorithm],
) -> Iterator[str]:
    forms = [signature]
    half = (key.curve.key_size + 7) // 8
    if len(signature) == 2 * half:
        r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
        forms.append(encode_dss_signature(r, s))
    for algorithm in algorithms:
        digest = _digest(algorithm, data)
        for form in forms:
            try:
                key.verify(form, digest, ec.ECDSA(Prehashed(algorithm)))
            except (InvalidSignature, UnsupportedAlgorithm):
                continue
            yield f"ECDSA with {_name(algorithm)}"


def _by_ed25519(key: ed25519.Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return ed25519ph.verifies(key.public_bytes_raw(), signature, data)
    return True


def _by_rsa(
    key: rsa.RSAPublicKey,
    signature: bytes,
    data: bytes,
    algorithms: Sequence[hashes.HashAlgorithm],
    *,
    masks: Sequence[hashes.HashAlgorithm] = (),
) -> Iterator[str]:
    """Yield each scheme that fits. PSS has the hash itself in its mask, or each of `masks`."""
    for algorithm in algorithms:
        digest = _digest(algorithm, data)
        schemes: dict[str, padding.PKCS1v15 | padding.PSS] = {
            f"RSA PKCS #1 v1.5 with {_name(algorithm)}": padding.PKCS1v15()
        }
        for mask in masks or (algorithm,):
            said = "" if mask.name == algorithm.name else f" and {_name(mask)} in its mask"
            schemes[f"RSA PSS with {_name(algorithm)}{said}"] = padding.PSS(
                mgf=padding.MGF1(mask), salt_length=padding.PSS.AUTO
            )
        for name, scheme in schemes.items():
            try:
                key.verify(signature, digest, scheme, Prehashed(algorithm))
            except (InvalidSignature, UnsupportedAlgorithm, ValueError):
                continue
            yield name


def _digest(algorithm: hashes.HashAlgorithm, data: bytes) -> bytes:
    return hashlib.new(algorithm.name.replace("-", "_"), data, usedforsecurity=False).digest()


def _name(algorithm: hashes.HashAlgorithm) -> str:
    return algorithm.name.upper().replace("SHA", "SHA-").replace("SHA-3-", "SHA3-")
