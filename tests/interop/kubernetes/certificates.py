"""The certificates of an API server on loopback, made for one session."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ADMIN_GROUP: Final = "system:masters"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFiles:
    """PEM files."""

    authority: Path
    server: Path
    server_key: Path
    admin: Path
    """A client certificate of `system:masters`."""
    admin_key: Path
    account_key: Path
    """Signs the tokens of service accounts."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Issues certificates for one day."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> Authority:
        """Make one."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("loopback authority")
        built = _builder(name, name, key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        return cls(key, built.sign(key, hashes.SHA256()))

    @property
    def pem(self) -> bytes:
        """The certificate, as a caBundle has it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, name: str, *, group: str | None = None, server: bool = False) -> list[bytes]:
        """Return a certificate and its key. A server's is for 127.0.0.1 and localhost."""
        key = ec.generate_private_key(ec.SECP256R1())
        usage = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        built = _builder(
            _name(name, group), self.certificate.subject, key.public_key()
        ).add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if server:
            here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            names = x509.SubjectAlternativeName([here, x509.DNSName("localhost")])
            built = built.add_extension(names, critical=False)
        certificate = built.sign(self.key, hashes.SHA256())
        return [certificate.public_bytes(serialization.Encoding.PEM), _pem(key)]


def write_certificates(folder: Path) -> ServerFiles:
    """Make an authority, and write what a server and its administrator need."""
    authority = Authority.new()
    server, server_key = authority.issue("kube-apiserver", server=True)
    admin, admin_key = authority.issue("admin", group=ADMIN_GROUP)
    contents = {
        "authority": authority.certificate.public_bytes(serialization.Encoding.PEM),
        "server": server,
        "server_key": server_key,
        "admin": admin,
        "admin_key": admin_key,
        # The server takes this one in the older form alone.
        "account_key": ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        ),
    }
    paths = {}
    for name, content in contents.items():
        paths[name] = folder / f"{name}.pem"
        paths[name].write_bytes(content)
    return ServerFiles(**paths)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        subject_name=subject,
        issuer_name=issuer,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(hours=1),
        not_valid_after=now + timedelta(days=1),
    )


def _name(name: str, group: str | None = None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if group is not None:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    return x509.Name(parts)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
