"""HTTPS: whose certificates are believed, and whose are shown."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gate.errors import RegistryError
from gate.model.image import ImageReference
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.http import transport
from tests.fakes.registry import FakeRegistry
from tests.registry.conftest import FAST
from tests.registry.test_faults import code_of, shop


@dataclass(frozen=True)
class Authority:
    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @property
    def certificate(self) -> Path:
        return self.folder / "authority.pem"

    def issue(self, name: str, *, valid: timedelta = timedelta(days=1)) -> tuple[Path, Path]:
        """Return certificate and key files for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        built = _begun(subject, self.name, key, valid).add_extension(address, critical=False)
        return _written(self.folder, name, built.sign(self.key, hashes.SHA256()), key)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, valid: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + valid)
    )


def _written(
    folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> tuple[Path, Path]:
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
    constraints = x509.BasicConstraints(ca=True, path_length=0)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    built = _begun(name, name, key, timedelta(days=1)).add_extension(constraints, critical=True)
    built = built.add_extension(usage, critical=True)
    _written(tmp_path, "authority", built.sign(key, hashes.SHA256()), key)
    return Authority(tmp_path, key, name)


def context(files: tuple[Path, Path]) -> ssl.SSLContext:
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(*files)
    return found


@pytest.fixture
def secure(authority: Authority) -> Iterator[FakeRegistry]:
    with FakeRegistry(tls=context(authority.issue("server"))) as registry:
        registry.image("acme/shop", "1.0")
        yield registry


def configuration(fake: FakeRegistry, ca_file: Path | None = None) -> RegistryConfiguration:
    return RegistryConfiguration(
        private_hosts=frozenset((fake.host,)), ca_file=ca_file, bounds=FAST
    )


def test_a_registry_with_a_certificate_of_a_named_authority_is_asked(
    secure: FakeRegistry, authority: Authority
) -> None:
    with RegistryClient(configuration(secure, authority.certificate)) as client:
        assert client.resolve(shop(secure)).reference == shop(secure)


def test_r215_a_certificate_that_nobody_vouches_for_is_refused_without_a_second_try(
    secure: FakeRegistry,
) -> None:
    with RegistryClient(configuration(secure)) as client:
        assert code_of(client, shop(secure)) == "tls-failed"
    assert secure.requests == []


def test_r215_a_certificate_that_has_expired_is_refused(authority: Authority) -> None:
    expired = context(authority.issue("server", valid=timedelta(days=-1)))
    with FakeRegistry(tls=expired) as fake:
        with RegistryClient(configuration(fake, authority.certificate)) as client:
            assert code_of(client, shop(fake)) == "tls-failed"
        assert fake.requests == []


def test_r215_a_certificate_for_another_name_is_refused(
    secure: FakeRegistry, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = (ipaddress.IPv4Address("127.0.0.1"),)
    monkeypatch.setattr(transport, "look_up", lambda *_: here)
    host = f"registry.example:{secure.host.partition(':')[2]}"
    named = RegistryConfiguration(
        private_hosts=frozenset((host,)), ca_file=authority.certificate, bounds=FAST
    )
    reference = ImageReference.parse(f"{host}/acme/shop:1.0")
    with RegistryClient(named) as client:
        assert code_of(client, reference) == "tls-failed"
    assert secure.requests == []


def test_a_client_certificate_is_shown_to_a_registry_that_asks(authority: Authority) -> None:
    demanding = context(authority.issue("server"))
    demanding.verify_mode = ssl.CERT_REQUIRED
    demanding.load_verify_locations(authority.certificate)
    with FakeRegistry(tls=demanding) as fake:
        fake.image("acme/shop", "1.0")
        plain = configuration(fake, authority.certificate)
        with RegistryClient(plain) as client:
            assert code_of(client, shop(fake)) in {"tls-failed", "unreachable"}
        shown = RegistryConfiguration(
            private_hosts=plain.private_hosts,
            ca_file=authority.certificate,
            client_certificate=authority.issue("client"),
            bounds=FAST,
        )
        with RegistryClient(shown) as client:
            assert client.resolve(shop(fake)).reference == shop(fake)


def test_r215_a_registry_that_speaks_plain_http_is_said_to_and_never_asked_in_plain() -> None:
    with FakeRegistry() as fake, RegistryClient(configuration(fake)) as client:
        with pytest.raises(RegistryError) as raised:
            client.resolve(shop(fake))
        assert raised.value.code == "tls-failed"
        assert raised.value.problem == f"{fake.host} does not speak https"
        assert raised.value.remedy.endswith(f"say so with --plain-http {fake.host}.")
        assert fake.requests == []
