"""One object of every kind that an API server stores by itself."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.interop.kubernetes.certificates import Authority

KINDS: Final = Path(__file__).with_name("kinds.yaml")


def every_kind() -> str:
    """Return the manifests, with the certificates that some kinds hold."""
    authority = Authority.new()
    empty = x509.CertificateSigningRequestBuilder(subject_name=x509.Name([]))
    request = empty.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    pem, der = (
        base64.b64encode(request.public_bytes(encoding)).decode()
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)
    )
    bundle = authority.certificate.public_bytes(serialization.Encoding.PEM).decode()
    text = KINDS.read_text()
    for name, value in {
        "CERTIFICATE_REQUEST": pem,
        "STUB_REQUEST": der,
        "TRUST_BUNDLE": bundle.replace("\n", "\\n"),
    }.items():
        assert text.count(name) == 1
        text = text.replace(name, value)
    return text
