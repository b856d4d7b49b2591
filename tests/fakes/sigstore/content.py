"""What is signed: DSSE envelopes and bare artifacts, and who signed them.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography import x509

from tests.fakes.sigstore.encoding import b64, canonical, der, key_pem, pem, sha256, spki
from tests.fakes.sigstore.keys import SigningKey, digest_of, key_details, signature_of

IN_TOTO = "application/vnd.in-toto+json"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A DSSE envelope of one signature."""

    payload: bytes
    payload_type: str
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature is over: the pre-authentication encoding."""
        return pae(self.payload, self.payload_type)

    def to_json(self) -> dict[str, Any]:
        return {
            "payload": b64(self.payload),
            "payloadType": self.payload_type,
            "signatures": [{"sig": b64(self.signature)}],
        }

    @property
    def canonical(self) -> bytes:
        """The bytes whose hash Rekor v1 logs."""
        return canonical(self.to_json())


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """Bytes, and a signature right over them."""

    signed: bytes
    signature: bytes
    digest: tuple[str, bytes]
    """The hash that goes with the key, and the digest."""

    def to_json(self) -> dict[str, Any]:
        algorithm, digest = self.digest
        return {
            "messageDigest": {
                "algorithm": f"SHA2_{algorithm.removeprefix('sha')}",
                "digest": b64(digest),
            },
            "signature": b64(self.signature),
        }


Content = Envelope | Artifact


@dataclass(frozen=True)
class Holder:
    """Who signed: a key, and the certificate that binds it to an identity, if there is one."""

    key: SigningKey
    certificate: x509.Certificate | None = None

    @property
    def verifier_pem(self) -> bytes:
        """The certificate or the bare key, as Rekor v1 logs it."""
        return pem(self.certificate) if self.certificate else key_pem(self.key.public_key())

    @property
    def verifier(self) -> dict[str, Any]:
        """The certificate or the bare key, as Rekor v2 logs it."""
        if self.certificate:
            proof = {"x509Certificate": {"rawBytes": b64(der(self.certificate))}}
        else:
            proof = {"publicKey": {"rawBytes": b64(spki(self.key.public_key()))}}
        return {**proof, "keyDetails": key_details(self.key)}

    @property
    def material(self) -> dict[str, Any]:
        """The certificate or the hint at the key, as a bundle v0.3 carries it."""
        if self.certificate:
            return {"certificate": {"rawBytes": b64(der(self.certificate))}}
        return {"publicKey": {"hint": b64(sha256(spki(self.key.public_key())))}}

    def envelope(self, payload: bytes, payload_type: str = IN_TOTO) -> Envelope:
        """Sign a payload as DSSE does."""
        signature = signature_of(self.key, pae(payload, payload_type))
        return Envelope(payload=payload, payload_type=payload_type, signature=signature)

    def artifact(self, artifact: bytes) -> Artifact:
        """Sign bytes as `cosign sign-blob` does."""
        return Artifact(
            signed=artifact,
            signature=signature_of(self.key, artifact),
            digest=digest_of(self.key, artifact),
        )


def pae(payload: bytes, payload_type: str) -> bytes:
    """Return DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
