"""Fulcio: short-lived certificates for identities, seen by a certificate transparency log.

https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from tests.fakes.sigstore.authority import Authority, usage
from tests.fakes.sigstore.encoding import Window, sha256, spki

_ARC: Final = "1.3.6.1.4.1.57264.1"
_LAST_PLAIN_EXTENSION: Final = 6
"""Up to here, Fulcio's extensions hold bare bytes; after it, a DER UTF8String."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a certificate says of its holder."""

    subject: str
    """A URI or an e-mail address: the subject alternative name."""
    issuer: str
    extensions: Mapping[int, str] = field(default_factory=dict)
    """Fulcio's further extensions, by the last number of their identifiers: 5 or 12, say."""

    @property
    def name(self) -> x509.GeneralName:
        """The subject alternative name."""
        if "://" in self.subject or "@" not in self.subject:
            return x509.UniformResourceIdentifier(self.subject)
        return x509.RFC822Name(self.subject)


class Fulcio:
    """A root, an intermediate that issues, and the log that sees what it issues."""

    def __init__(self, window: Window) -> None:
        """Make new keys, whose certificates are good for `window`."""
        self.root = Authority.root("local-root", window)
        self.intermediate = self.root.intermediate(
            "local-intermediate", window, ExtendedKeyUsageOID.CODE_SIGNING
        )
        self.ct_key = ec.generate_private_key(ec.SECP256R1())

    @property
    def chain(self) -> tuple[x509.Certificate, x509.Certificate]:
        """The intermediate and the root."""
        return (self.intermediate.certificate, self.root.certificate)

    def issue(
        self,
        key: CertificatePublicKeyTypes,
        identity: Identity,
        at: datetime,
        *,
        lifetime: timedelta = timedelta(minutes=10),
        sct_key: ec.EllipticCurvePrivateKey | None = None,
        sct: bool = True,
    ) -> x509.Certificate:
        """Return a certificate from `at` on.

        Its signed certificate timestamp is by `sct_key`, by default the log's; without `sct`
        it has none.
        """
        builder = _leaf(key, identity, at.replace(microsecond=0), lifetime)
        builder = builder.issuer_name(self.intermediate.certificate.subject).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.intermediate.key.public_key()),
            critical=False,
        )
        if sct:
            # The log signs the certificate as it is before its own timestamp stands in it.
            bare = builder.sign(self.intermediate.key, hashes.SHA384()).tbs_certificate_bytes
            listed = self._sct_list(bare, at, sct_key or self.ct_key)
            oid = ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS
            builder = builder.add_extension(
                x509.UnrecognizedExtension(oid, core.OctetString(listed).dump()), critical=False
            )
        return builder.sign(self.intermediate.key, hashes.SHA384())

    def _sct_list(self, tbs: bytes, at: datetime, key: ec.EllipticCurvePrivateKey) -> bytes:
        """Return an RFC 6962 list of one timestamp."""
        milliseconds = int(at.timestamp() * 1000)
        issuer = sha256(spki(self.intermediate.key.public_key()))
        signed = b"".join(
            (
                struct.pack("!BBQH", 0, 0, milliseconds, 1),
                issuer,
                len(tbs).to_bytes(3, "big"),
                tbs,
                b"\x00\x00",
            )
        )
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
        log = sha256(spki(self.ct_key.public_key()))
        sct = b"".join(
            (
                b"\x00",
                log,
                struct.pack("!QH", milliseconds, 0),
                b"\x04\x03",
                struct.pack("!H", len(signature)),
                signature,
            )
        )
        one = struct.pack("!H", len(sct)) + sct
        return struct.pack("!H", len(one)) + one


def _leaf(
    key: CertificatePublicKeyTypes, identity: Identity, at: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at)
        .not_valid_after(at + lifetime)
        .add_extension(usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.SubjectAlternativeName([identity.name]), critical=True)
    )
    for number, value in {1: identity.issuer, 8: identity.issuer, **identity.extensions}.items():
        text = value.encode() if number <= _LAST_PLAIN_EXTENSION else core.UTF8String(value).dump()
        extension = x509.UnrecognizedExtension(x509.ObjectIdentifier(f"{_ARC}.{number}"), text)
        builder = builder.add_extension(extension, critical=False)
    return builder
