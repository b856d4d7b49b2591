"""What a bundle's certificate proves: whose key it is, and that it was good when it was used."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509

from gate.keys.public import PublicKey
from gate.model.evidence import SigningTime
from gate.trust.bundle import Bundle
from gate.trust.certificate import (
    certified_key,
    check_usage,
    issuer_at,
    parse_certificate,
    refuse_roots,
)
from gate.trust.claims import Claims, claims_of
from gate.trust.root import TrustedRoot
from gate.trust.sct import check_scts


def certificate_of(bundle: Bundle, der: bytes) -> tuple[x509.Certificate, PublicKey]:
    """Read the certificate of a bundle, and its key. Nothing is believed of it. Raises Refusal."""
    certificate = parse_certificate(der)
    refuse_roots(bundle.others)
    return certificate, certified_key(certificate)


def certified_at(
    certificate: x509.Certificate, root: TrustedRoot, times: Iterable[SigningTime]
) -> tuple[Claims, bool]:
    """Return what a certificate says, and whether a trusted certificate log has it.

    Raises Refusal for one that was not good at every time.
    """
    check_usage(certificate)
    issuers = {issuer_at(certificate, root.certificate_authorities, t.at) for t in times}
    if root.names_ct_logs:
        for issuer in issuers:
            check_scts(certificate, issuer, root.ct_logs)
    return claims_of(certificate), root.names_ct_logs
