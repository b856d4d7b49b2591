"""Signing certificates: read, and verified for the time at which they signed.

https://www.rfc-editor.org/rfc/rfc5280,
https://github.com/sigstore/fulcio/blob/main/docs/certificate-specification.md
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from gate.keys.public import MalformedKey, PublicKey, supported
from gate.keys.x509_errors import UNREADABLE
from gate.model.words import timestamp
from gate.trust.refusal import Reason, Refusal, malformed
from gate.trust.root import Authority

_USAGE: Final = x509.ExtendedKeyUsage
_CA_RULES: Final = ExtensionPolicy.webpki_defaults_ca().may_be_present(
    _USAGE, Criticality.NON_CRITICAL, None
)
_LEAF_RULES: Final = ExtensionPolicy.webpki_defaults_ee().may_be_present(
    _USAGE, Criticality.NON_CRITICAL, None
)


def parse_certificate(der: bytes) -> x509.Certificate:
    """Read a certificate whose extensions can all be read. Raises Refusal."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.extensions
    except UNREADABLE as error:
        raise malformed(f"the certificate cannot be read: {error}") from error
    return certificate


def refuse_roots(others: Iterable[bytes]) -> None:
    """Refuse a chain that brings its own root: roots come from the trusted root only."""
    for der in others:
        certificate = parse_certificate(der)
        try:
            certificate.verify_directly_issued_by(certificate)
        except (InvalidSignature, *UNREADABLE):
            continue
        raise malformed("the bundle carries a root certificate")


def certified_key(certificate: x509.Certificate) -> PublicKey:
    """Return the key that the certificate is about. Raises Refusal."""
    try:
        return supported(certificate.public_key())
    except (MalformedKey, *UNREADABLE) as error:
        raise malformed(f"the certificate's key: {error}") from error


def check_usage(certificate: x509.Certificate) -> None:
    """Refuse a certificate that was not issued for signing code."""
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(_USAGE).value
    except x509.ExtensionNotFound as error:
        message = "the certificate does not say what its key is for"
        raise Refusal(Reason.CERTIFICATE_NOT_TRUSTED, message) from error
    if not usage.digital_signature or ExtendedKeyUsageOID.CODE_SIGNING not in purposes:
        message = "the certificate's key is not for signing code"
        raise Refusal(Reason.CERTIFICATE_NOT_TRUSTED, message)


def issuer_at(
    certificate: x509.Certificate, authorities: Iterable[Authority], at: datetime
) -> x509.Certificate:
    """Return the authority's certificate that issued this one, and is valid with all above it.

    Any certificate of an authority's chain may be the issuer: a chain in a trusted root is of
    authorities alone. GitHub lists intermediate, intermediate and root, and its releases'
    certificates are issued by another of them than those of its workflows.

    Raises Refusal: certificate-expired, outside-validity where only the trusted root's
    window keeps it out, and certificate-not-trusted.
    """
    if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        message = (
            f"it was signed at {timestamp(at)}, and its certificate was valid from "
            f"{timestamp(certificate.not_valid_before_utc)} "
            f"to {timestamp(certificate.not_valid_after_utc)}"
        )
        raise Refusal(Reason.CERTIFICATE_EXPIRED, message)
    refusal = Refusal(
        Reason.CERTIFICATE_NOT_TRUSTED,
        "no certificate authority of the trusted root issued the signing certificate",
    )
    for authority in authorities:
        for place, issuing in enumerate(authority.chain):
            if not _issued(certificate, issuing, at):
                continue
            if authority.window.holds(at) and _all_valid(authority.chain[place:], at):
                return issuing
            refusal = Refusal(
                Reason.OUTSIDE_VALIDITY,
                f"the trusted root does not trust {authority.name or 'its certificate authority'} "
                f"for {timestamp(at)}, when it was signed",
            )
    raise refusal


def _all_valid(chain: Iterable[x509.Certificate], at: datetime) -> bool:
    return all(c.not_valid_before_utc <= at <= c.not_valid_after_utc for c in chain)


def _issued(certificate: x509.Certificate, issuing: x509.Certificate, at: datetime) -> bool:
    """Whether an authority's certificate issued this one.

    The links above it were verified when the trusted root was read.
    """
    if not _names(certificate, issuing):
        return False
    inside = max(at, issuing.not_valid_before_utc)
    builder = PolicyBuilder().store(Store([issuing])).time(min(inside, issuing.not_valid_after_utc))
    rules = builder.extension_policies(ca_policy=_CA_RULES, ee_policy=_LEAF_RULES)
    try:
        rules.build_client_verifier().verify(certificate, [])
    except (VerificationError, *UNREADABLE, UserWarning):
        # The warning is cryptography's, where a name breaks X.520's bounds and warnings raise.
        return False
    return True


def _names(certificate: x509.Certificate, issuing: x509.Certificate) -> bool:
    """Whether the certificate names the issuing key by its identifier, as it must."""
    named, held = (
        next((e.value for e in c.extensions if isinstance(e.value, kind)), None)
        for c, kind in (
            (certificate, x509.AuthorityKeyIdentifier),
            (issuing, x509.SubjectKeyIdentifier),
        )
    )
    return (
        isinstance(named, x509.AuthorityKeyIdentifier)
        and isinstance(held, x509.SubjectKeyIdentifier)
        and named.key_identifier == held.digest
    )
