"""Signed certificate timestamps: that a certificate was made public when it was issued.

https://www.rfc-editor.org/rfc/rfc6962#section-3.2
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.certificate_transparency import LogEntryType, SignedCertificateTimestamp

from gate.keys.public import signed_by
from gate.model.words import timestamp
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import Log

MAX_SCTS: Final = 16
_OWN: Final = (
    "sign it with the Sigstore instance of the signer's `root`; if another instance is meant, "
    "pin that one's trusted root under `trusted-roots` and name it as the signer's `root`"
)


def check_scts(
    certificate: x509.Certificate, issuer: x509.Certificate, logs: Iterable[Log]
) -> None:
    """Refuse a certificate without an embedded timestamp by a log that was trusted then."""
    try:
        stamps = list(
            certificate.extensions.get_extension_for_class(
                x509.PrecertificateSignedCertificateTimestamps
            ).value
        )
    except x509.ExtensionNotFound as error:
        message = "the certificate has no certificate timestamp"
        raise Refusal(Reason.SCT_INVALID, message, remedy=_OWN) from error
    if len(stamps) > MAX_SCTS:
        raise Refusal(Reason.TOO_LARGE, f"the certificate has {len(stamps)} certificate timestamps")
    refusal = Refusal(
        Reason.SCT_INVALID,
        "no certificate log of the trusted root vouches for the certificate",
        remedy=_OWN,
    )
    logs = tuple(logs)
    for stamp in stamps:
        at = _time(stamp)
        if at is None:
            continue
        for log in logs:
            if log.id != stamp.log_id or not signed_by(
                log.key, stamp.signature, _signed(stamp, at, certificate, issuer)
            ):
                continue
            if log.window.holds(at):
                return
            refusal = Refusal(
                Reason.OUTSIDE_VALIDITY,
                f"the trusted root does not trust the certificate log {log.origin} for "
                f"{timestamp(at)}",
            )
    raise refusal


def _time(stamp: SignedCertificateTimestamp) -> datetime | None:
    """Return when a log says that it saw a certificate; None for a year that no clock shows."""
    try:
        return stamp.timestamp.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _signed(
    stamp: SignedCertificateTimestamp,
    at: datetime,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
) -> bytes:
    """Return what the log signed: the certificate as it was before the timestamp was in it."""
    if stamp.entry_type is not LogEntryType.PRE_CERTIFICATE:
        return b""
    milliseconds = int(at.timestamp()) * 1000 + at.microsecond // 1000
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    precertificate = certificate.tbs_precertificate_bytes
    return b"".join(
        (
            struct.pack("!BBQH", 0, 0, milliseconds, 1),
            hashlib.sha256(key).digest(),
            len(precertificate).to_bytes(3),
            precertificate,
            struct.pack("!H", len(stamp.extension_bytes)),
            stamp.extension_bytes,
        )
    )
