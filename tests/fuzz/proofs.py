"""Oracles of what proves something: certificates, timestamps, in-toto layouts.

The changed bytes are put where a whole file of random bytes would never get: an extension into a
certificate, a link beside a layout that counts.
"""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from gate.checks.in_toto.signed import LayoutRefusedError
from gate.checks.in_toto.verify import verify
from gate.trust.certificate import certified_key, check_usage, parse_certificate
from gate.trust.claims import MAX_TEXT, claims_of
from gate.trust.refusal import Refusal
from gate.trust.sct import check_scts
from gate.trust.timestamp import verified_times
from tests.builders.in_toto import BUILD, OWNER, layout, pem
from tests.checks.given import INDEX
from tests.fuzz import signed
from tests.trust.given import AT

_KEY: Final = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
_NAME: Final = x509.Name([])
_DAY: Final = timedelta(days=1)
_KNOWN: Final = (
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
)
_FULCIO: Final = tuple(x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{n}") for n in range(1, 23))
EXTENSIONS: Final = (*_KNOWN, *_FULCIO)
"""Extensions of a certificate: an input names each by its place here."""
_ISSUER: Final = signed.ROOT.certificate_authorities[0].chain[0]
NOW: Final = datetime(2026, 11, 21, tzinfo=UTC)


def written(extensions: Iterator[tuple[x509.ObjectIdentifier, bytes]]) -> bytes:
    """Return the input that stands for these extensions: place, length, content of each."""
    parts = [(EXTENSIONS.index(oid), value) for oid, value in extensions if oid in EXTENSIONS]
    return b"".join(bytes([n]) + len(v).to_bytes(2) + v for n, v in parts)


def _read(data: bytes) -> Iterator[tuple[x509.ObjectIdentifier, bytes]]:
    at, seen = 0, set()
    while at + 3 <= len(data):
        oid = EXTENSIONS[data[at] % len(EXTENSIONS)]
        size = int.from_bytes(data[at + 1 : at + 3])
        if oid not in seen:
            yield oid, data[at + 3 : at + 3 + size]
        seen.add(oid)
        at += 3 + size


def extensions(data: bytes) -> bool:
    """Hold that any content of any extension of a certificate is read or refused."""
    builder = x509.CertificateBuilder(_NAME, _NAME, _KEY.public_key(), 1, AT, AT + _DAY)
    for oid, value in _read(data):
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), critical=False)
    der = builder.sign(_KEY, None).public_bytes(Encoding.DER)
    try:
        certificate = parse_certificate(der)
        claims = claims_of(certificate)
    except Refusal:
        return False
    assert 0 < len(claims.identity.subject) <= MAX_TEXT
    for check in (check_usage, certified_key):
        with contextlib.suppress(Refusal):
            check(certificate)
    try:
        check_scts(certificate, _ISSUER, signed.ROOT.ct_logs)
    except Refusal:
        return True
    msg = "a certificate is believed that no log saw"
    raise AssertionError(msg)


_STAMPED: Final = json.loads(signed.VECTORS["accepted-keyless-rekor-2"]["content"])


def stamped() -> bytes:
    """Return the signature whose time is stamped."""
    return base64.b64decode(_STAMPED["dsseEnvelope"]["signatures"][0]["sig"])


def stamp() -> bytes:
    """Return the timestamp over it."""
    material = _STAMPED["verificationMaterial"]["timestampVerificationData"]
    return base64.b64decode(material["rfc3161Timestamps"][0]["signedTimestamp"])


def time_stamp(data: bytes) -> bool:
    """Hold that a timestamp is read or refused, and that none counts but the one that was made."""
    try:
        times, _ = verified_times([data], stamped(), signed.ROOT.timestamp_authorities)
    except Refusal:
        return False
    assert {time.at for time in times} <= {AT}
    return True


LAYOUT: Final = json.dumps(layout()).encode()


def in_toto(data: bytes) -> bool:
    """Hold that links prove nothing but what was signed; of two parts the first is the layout.

    One part is a link of a layout that counts.
    """
    head, zero, tail = data.partition(b"\0")
    first, links = (head, tail.split(b"\0")) if zero else (LAYOUT, [head])
    try:
        proven = verify(first, links, [pem(OWNER)], NOW)
    except LayoutRefusedError:
        return False
    assert proven.products == {INDEX}
    return True


def in_toto_seeds() -> list[bytes]:
    """Return a link, and a layout with its link."""
    link = json.dumps(BUILD).encode()
    return [link, LAYOUT + b"\0" + link]
