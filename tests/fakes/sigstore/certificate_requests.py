"""What clients send to Fulcio: a signed request, or a key and proof that they hold it.

https://github.com/sigstore/fulcio/blob/main/fulcio.proto
"""

from __future__ import annotations

import base64
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def requested_key(asked: dict[str, Any], subject: str) -> CertificatePublicKeyTypes:
    """Return the key that is to be certified for a token's subject. Raises ValueError."""
    if asked.get("certificateSigningRequest"):  # the Go client writes null for none
        return _of_request(base64.b64decode(asked["certificateSigningRequest"]))
    pem, proof = _of_version_1(asked) if "publicKey" in asked else _of_version_2(asked)
    key = load_pem_public_key(pem)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        msg = "only keys on elliptic curves are certified here"
        raise ValueError(msg)  # noqa: TRY004  # it is the request that is wrong
    try:
        key.verify(proof, subject.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        msg = "the subject is not signed by the key"
        raise ValueError(msg) from error
    return key


def _of_version_1(asked: dict[str, Any]) -> tuple[bytes, bytes]:
    key, proof = asked["publicKey"]["content"], asked["signedEmailAddress"]
    return base64.b64decode(key), base64.b64decode(proof)


def _of_version_2(asked: dict[str, Any]) -> tuple[bytes, bytes]:
    request = asked["publicKeyRequest"]
    proof = base64.b64decode(request["proofOfPossession"])
    return request["publicKey"]["content"].encode(), proof


def _of_request(pem: bytes) -> CertificatePublicKeyTypes:
    request = x509.load_pem_x509_csr(pem)
    if not request.is_signature_valid:
        msg = "the request is not signed by its own key"
        raise ValueError(msg)
    return request.public_key()
