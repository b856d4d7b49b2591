"""Who signed: an identity that a certificate presents, or a plain key."""

from __future__ import annotations

from typing import TypeAlias

from gate.model.image import Digest
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class CertificateIdentity:
    """Who a Fulcio certificate says signed."""

    subject: str
    """The subject alternative name: a workflow's URI or an e-mail address."""
    issuer: str

    def __str__(self) -> str:
        """Return the subject and who vouches for it."""
        return f"{self.subject} (issuer {self.issuer})"


@dataclass(frozen=True, slots=True, order=True)
class KeyIdentity:
    """A plain public key."""

    fingerprint: Digest
    """The SHA-256 of the key's DER SubjectPublicKeyInfo."""

    def __str__(self) -> str:
        """Return the fingerprint, said to be one."""
        return f"key {self.fingerprint}"


Identity: TypeAlias = CertificateIdentity | KeyIdentity
