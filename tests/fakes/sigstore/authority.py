"""Certificate authorities of a private Sigstore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fakes.sigstore.encoding import Window

ORGANIZATION = "local.test"


@dataclass(frozen=True, slots=True)
class Authority:
    """A P-384 key that signs certificates, and its own certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def root(cls, common_name: str, window: Window) -> Authority:
        """Return an authority that nobody vouches for but itself."""
        key = ec.generate_private_key(ec.SECP384R1())
        name = named(common_name)
        builder = _authority(key, window, path_length=None).subject_name(name).issuer_name(name)
        return cls(key, _identified(builder, key, key).sign(key, hashes.SHA384()))

    def intermediate(
        self,
        common_name: str,
        window: Window,
        usage: x509.ObjectIdentifier,
        *,
        path_length: int = 0,
    ) -> Authority:
        """Return an authority below this one, for one usage alone.

        `path_length` says how many authorities may come below it.
        """
        key = ec.generate_private_key(ec.SECP384R1())
        builder = (
            _authority(key, window, path_length=path_length)
            .subject_name(named(common_name))
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        )
        return Authority(key, self.sign(builder, key))

    def sign(
        self, builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey
    ) -> x509.Certificate:
        """Sign a certificate of `key` as its issuer."""
        named_by = builder.issuer_name(self.certificate.subject)
        return _identified(named_by, key, self.key).sign(self.key, hashes.SHA384())


def named(common_name: str) -> x509.Name:
    """Return a name within the one organisation of the private Sigstore."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def end_of(window: Window) -> datetime:
    """Return when certificates of an endless window end: they cannot be endless themselves."""
    return window.end or window.start.replace(year=window.start.year + 30)


def usage(*, signs_certificates: bool) -> x509.KeyUsage:
    """Return the key usage of an authority, or of a leaf."""
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(
    key: ec.EllipticCurvePrivateKey, window: Window, *, path_length: int | None
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(window.start)
        .not_valid_after(end_of(window))
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(usage(signs_certificates=True), critical=True)
    )


def _identified(
    builder: x509.CertificateBuilder,
    subject: ec.EllipticCurvePrivateKey,
    issuer: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(subject.public_key()), critical=False
    ).add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False
    )
