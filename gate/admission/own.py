"""Certificates that gate makes itself: which there are, and when the next one takes over.

A certificate signs itself and is no authority: the API server trusts exactly it, and its key can
sign for no other name. All replicas share one Secret. The next certificate is made while the one
before has a third of its time left, and is shown only after API servers had time to read that they
shall trust it (docs/decisions/0045). Nothing here asks a network or reads a clock.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from gate.admission.certificate import Pair, pair_of
from gate.errors import UsageError
from gate.keys.x509_errors import UNREADABLE
from gate.model.records import dataclass

VALID_FOR: Final = timedelta(days=90)
RENEW_BEFORE: Final = timedelta(days=30)
"""How long before its end the next certificate is made."""
_BACKDATED: Final = timedelta(hours=1)
"""Clocks of other machines may be behind."""
_SHOWN, _NEXT, _BEFORE, _TRUSTED = "tls", "next", "previous.crt", "ca.crt"
_KEYS: Final = frozenset(
    (*(f"{name}.{end}" for name in (_SHOWN, _NEXT) for end in ("crt", "key")), _BEFORE, _TRUSTED)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """All that replicas share."""

    shown: Pair | None = None
    """What every replica shows."""
    following: Pair | None = None
    """What takes over once API servers trust it."""
    before: bytes = b""
    """The certificate that was shown before: a replica may still do so."""

    @property
    def trusted(self) -> bytes:
        """What API servers trust: the `caBundle`, PEM certificates one after the other."""
        pairs = (self.shown, self.following)
        return b"".join((self.before, *(p.certificate for p in pairs if p is not None)))


def turned(
    held: Certificates, now: datetime, *, settled: bool, make: Callable[[], Pair]
) -> Certificates:
    """Return what replicas shall share now; an equal value where there is nothing to do.

    `settled` says that API servers have had time to trust the following certificate. For example
    60 days after a certificate of 90 days was made, one that follows is added; a minute later
    that one is shown, and the first is trusted for as long as it would have been valid.
    """
    shown, following = held.shown, held.following
    if shown is None or shown.not_after <= now:
        if following is None or following.not_after <= now:
            following = make()
        return Certificates(shown=following)
    if following is not None and settled:
        return Certificates(shown=following, before=shown.certificate)
    if following is None and shown.not_after - now <= RENEW_BEFORE:
        return replace(held, following=make(), before=_valid(held.before, now))
    return replace(held, before=_valid(held.before, now))


def _valid(certificate: bytes, now: datetime) -> bytes:
    if not certificate:
        return b""
    return (
        certificate
        if now < x509.load_pem_x509_certificate(certificate).not_valid_after_utc
        else b""
    )


def new_pair(name: str, now: datetime) -> Pair:
    """Make a key (ECDSA, P-256) and a certificate for a DNS name or an IP address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gate webhook")])
    made = (
        x509.CertificateBuilder(
            subject_name=subject,
            issuer_name=subject,
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - _BACKDATED,
            not_valid_after=now + VALID_FOR,
        )
        .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Pair(made.public_bytes(Encoding.PEM), secret, made.not_valid_after_utc)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def read_shared(data: Mapping[str, Any], where: str) -> Certificates:
    """Read the `data` of the Secret, empty as the chart makes it or as gate wrote it.

    Raises UsageError where somebody else wrote it: gate overwrites nothing that is not its own.
    """
    if not set(data) <= _KEYS:
        raise _foreign(where, f"it has the key {min(set(data) - _KEYS)[:100]!r}")
    try:
        texts = {key: base64.b64decode(text, validate=True) for key, text in data.items()}
        before = texts.get(_BEFORE, b"")
        if before:
            x509.load_pem_x509_certificate(before)
    except UNREADABLE as error:  # bytes that are no base64 are a ValueError too
        raise _foreign(where, "it cannot be read") from error
    pairs = {}
    for name in (_SHOWN, _NEXT):
        certificate, key = texts.get(f"{name}.crt", b""), texts.get(f"{name}.key", b"")
        pairs[name] = pair_of(certificate, key, f"{name} in {where}") if certificate else None
    return Certificates(shown=pairs[_SHOWN], following=pairs[_NEXT], before=before)


def shared_data(held: Certificates) -> dict[str, str]:
    """Return the `data` of the Secret, which `read_shared` reads."""
    texts = {_BEFORE: held.before, _TRUSTED: held.trusted}
    for name, pair in ((_SHOWN, held.shown), (_NEXT, held.following)):
        if pair is not None:
            texts |= {f"{name}.crt": pair.certificate, f"{name}.key": pair.key}
    return {key: base64.b64encode(text).decode() for key, text in texts.items() if text}


def _foreign(where: str, problem: str) -> UsageError:
    return UsageError(
        "own-certificate-foreign",
        f"the Secret {where} is not one that gate wrote: {problem}",
        remedy="name an empty Secret that nobody else uses",
    )
