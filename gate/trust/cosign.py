"""Layers of cosign's `.sig` and `.att` images, read as the bundles that they would be.

Their proof is in annotations: a signature, a certificate, a log entry that has a promise
and no inclusion proof, a timestamp.
https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gate.model.evidence import Attached, AttachedKind
from gate.trust.bundle import (
    MAX_BYTES,
    MAX_DER,
    Bundle,
    Content,
    MessageSignature,
    bounded_der,
    parse_envelope,
)
from gate.trust.entry import LogEntry, parse_cosign_entry
from gate.trust.proto_json import decode_base64, parse_object
from gate.trust.refusal import Reason, Refusal, malformed

SIGNATURE: Final = "dev.cosignproject.cosign/signature"
CERTIFICATE: Final = "dev.sigstore.cosign/certificate"
ENTRY: Final = "dev.sigstore.cosign/bundle"
TIMESTAMP: Final = "dev.sigstore.cosign/rfc3161timestamp"
_READ: Final = (SIGNATURE, CERTIFICATE, ENTRY, TIMESTAMP)

MAX_PAYLOAD: Final = 1024 * 1024
"""Of a simple-signing payload."""


def parse_layer(attached: Attached) -> Bundle:
    """Read a legacy layer and its annotations. Raises Refusal.

    The chain annotation is not read: authorities come from the trusted root only.
    """
    annotations = attached.annotations
    for name in _READ:
        if not annotations.get(name, "").isascii():
            raise malformed(f"{name} is not ASCII, as all that it can hold is")
    return Bundle(
        content=_content(attached),
        certificate=_certificate(annotations),
        entries=_entries(annotations),
        timestamps=_timestamps(annotations),
        stamped=_stamped(attached),
        proofs_required=False,
    )


def _stamped(attached: Attached) -> bytes | None:
    """Return what cosign has stamped: of an attestation its whole envelope, signature and all."""
    return attached.content if attached.kind is AttachedKind.COSIGN_ATTESTATION else None


def _content(attached: Attached) -> Content:
    if attached.kind is AttachedKind.COSIGN_ATTESTATION:
        envelope = parse_object(attached.content, "the envelope", most=MAX_BYTES)
        envelope.only(("payload", "payloadType", "signatures"))
        return parse_envelope(envelope, stored=attached.content)
    if len(attached.content) > MAX_PAYLOAD:
        raise Refusal(Reason.TOO_LARGE, f"the payload has {len(attached.content)} bytes")
    signature = attached.annotations.get(SIGNATURE)
    if not signature:
        raise malformed("the layer has no signature")
    return MessageSignature(decode_base64(signature, "the layer's signature"))


def _certificate(annotations: Mapping[str, str]) -> bytes | None:
    pem = annotations.get(CERTIFICATE)
    if not pem:
        return None
    if len(pem) > 2 * MAX_DER or pem.count("-----BEGIN") != 1:
        raise malformed("the layer's certificate is not one certificate in PEM form")
    from cryptography import x509  # noqa: PLC0415  # a key's layer has none
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # likewise

    from gate.keys.x509_errors import UNREADABLE  # noqa: PLC0415  # likewise

    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except UNREADABLE as error:
        raise malformed(f"the layer's certificate cannot be read: {error}") from error
    return certificate.public_bytes(Encoding.DER)


def _entries(annotations: Mapping[str, str]) -> tuple[LogEntry, ...]:
    text = annotations.get(ENTRY)
    return (parse_cosign_entry(text),) if text else ()


def _timestamps(annotations: Mapping[str, str]) -> tuple[bytes, ...]:
    text = annotations.get(TIMESTAMP)
    if not text:
        return ()
    fields = parse_object(text.encode(), "the layer's timestamp", most=2 * MAX_DER)
    fields.only(("SignedRFC3161Timestamp",))
    return (bounded_der(fields.base64("SignedRFC3161Timestamp")),)
