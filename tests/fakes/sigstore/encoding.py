"""How certificates, times and JSON are written on Sigstore's wires."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes


@dataclass(frozen=True, slots=True)
class Window:
    """Since when and until when a trusted root vouches for a key; without an end, for ever."""

    start: datetime
    end: datetime | None = None

    def to_json(self) -> dict[str, str]:
        end = {} if self.end is None else {"end": rfc3339(self.end)}
        return {"start": rfc3339(self.start), **end}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def canonical(value: dict[str, Any]) -> bytes:
    """Return sorted JSON without spaces, which is RFC 8785's form of ASCII strings and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def key_pem(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
