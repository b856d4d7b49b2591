"""Whether a logged body is about this signature, by this key, over this content.

One function a kind of entry; each compares everything that the kind records.
https://github.com/sigstore/rekor/tree/main/pkg/types,
https://github.com/sigstore/rekor-tiles/tree/main/api/proto/rekor/v2
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from gate.keys.public import MalformedKey, load_public_key, spki
from gate.model.records import dataclass
from gate.trust.bundle import HASHES, Content, Envelope
from gate.trust.entry import MAX_BODY, LogEntry
from gate.trust.proto_json import Fields, decode_base64, parse_object
from gate.trust.refusal import Reason, Refusal, malformed

_PEM_CERTIFICATE: Final = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedContent:
    """What the entry must be about."""

    content: Content
    verifier: bytes
    """DER of the certificate, or of the key's SubjectPublicKeyInfo."""
    message: bytes | None
    """The signed bytes; None where only their digest is at hand."""
    sha256: bytes
    """The digest of the signed bytes."""

    @property
    def signature(self) -> bytes:
        """The signature itself."""
        return self.content.signature

    def digest(self, algorithm: str) -> bytes:
        """Return the digest of what was signed. Raises Refusal where it cannot be had."""
        found = digest_of(self.message, self.sha256, algorithm)
        if found is None:
            raise _mismatch(f"the log entry has a {algorithm} digest, and only sha256 is at hand")
        return found


def digest_of(message: bytes | None, sha256: bytes, algorithm: str) -> bytes | None:
    """Return a digest of bytes of which perhaps only the SHA-256 is known; None where it is."""
    if algorithm == "sha256":
        return sha256
    return None if message is None else hashlib.new(algorithm, message).digest()


def check_about(entry: LogEntry, signed: SignedContent) -> None:
    """Refuse an entry about anything but what was signed. Raises Refusal."""
    body = parse_object(entry.body, "the logged body", most=MAX_BODY)
    body.only(("apiVersion", "kind", "spec"))
    if (body.text("kind"), body.text("apiVersion")) != (entry.kind, entry.version):
        raise _mismatch("the log entry's kind is not that of the logged body")
    check = _KINDS.get((entry.kind, entry.version))
    if check is None:
        message = f"log entries of kind {entry.kind!r} {entry.version!r} are not read"
        raise Refusal(Reason.NOT_UNDERSTOOD, message)
    check(body.object("spec"), signed)


def _hashedrekord_1(spec: Fields, signed: SignedContent) -> None:
    if isinstance(signed.content, Envelope):
        raise _mismatch("the log entry is about plain bytes, and the bundle holds an envelope")
    digest = spec.object("data").object("hash")
    _check_hash(digest, signed)
    signature = spec.object("signature")
    _same(signature.base64("content") == signed.signature, "signature")
    _same(_pem(signature.object("publicKey").base64("content")) == signed.verifier, "key")


def _dsse_1(spec: Fields, signed: SignedContent) -> None:
    payload = _envelope(signed).payload
    _same(_sha256_hex(spec.object("payloadHash")) == _hex(payload), "payload")
    one = _only(spec, "signatures")
    _same(one.base64("signature") == signed.signature, "signature")
    _same(_pem(one.base64("verifier")) == signed.verifier, "key")


def _intoto_1(spec: Fields, signed: SignedContent) -> None:
    """Compare what is recorded: not the signature, but the whole envelope as it was stored."""
    envelope = _envelope(signed)
    content = spec.object("content")
    if envelope.stored is None:
        message = "a log entry of kind intoto 0.0.1 fits an envelope that is stored by itself only"
        raise Refusal(Reason.NOT_UNDERSTOOD, message)
    _same(_sha256_hex(content.object("hash")) == _hex(envelope.stored), "envelope")
    if content.has("payloadHash"):
        _same(_sha256_hex(content.object("payloadHash")) == _hex(envelope.payload), "payload")
    _same(_pem(spec.base64("publicKey")) == signed.verifier, "key")


def _intoto_2(spec: Fields, signed: SignedContent) -> None:
    envelope = _envelope(signed)
    content = spec.object("content")
    _same(_sha256_hex(content.object("payloadHash")) == _hex(envelope.payload), "payload")
    logged = content.object("envelope")
    _same(logged.text("payloadType") == envelope.payload_type, "payload type")
    one = _only(logged, "signatures")
    # Rekor stores this one signature as base64 of base64.
    inner = one.base64("sig").decode("latin-1")
    _same(decode_base64(inner, "the logged signature") == signed.signature, "signature")
    _same(_pem(one.base64("publicKey")) == signed.verifier, "key")


def _hashedrekord_2(spec: Fields, signed: SignedContent) -> None:
    record = spec.object("hashedRekordV002")
    data = record.object("data")
    algorithm = HASHES.get(data.text("algorithm"))
    if algorithm is None:
        raise _mismatch("the log entry has a digest of a kind that is not read")
    _same(data.base64("digest") == signed.digest(algorithm), "digest")
    _check_v2_signature(record.object("signature"), signed)


_KINDS: Final[dict[tuple[str, str], Callable[[Fields, SignedContent], None]]] = {
    ("hashedrekord", "0.0.1"): _hashedrekord_1,
    ("hashedrekord", "0.0.2"): _hashedrekord_2,
    ("dsse", "0.0.1"): _dsse_1,
    ("intoto", "0.0.1"): _intoto_1,
    ("intoto", "0.0.2"): _intoto_2,
}


def _check_v2_signature(signature: Fields, signed: SignedContent) -> None:
    _same(signature.base64("content") == signed.signature, "signature")
    verifier = signature.object("verifier")
    kind = "x509Certificate" if verifier.has("x509Certificate") else "publicKey"
    _same(verifier.object(kind).base64("rawBytes") == signed.verifier, "key")


def _check_hash(digest: Fields, signed: SignedContent) -> None:
    algorithm = digest.text("algorithm")
    if algorithm not in HASHES.values():
        raise _mismatch("the log entry has a digest of a kind that is not read")
    _same(digest.text("value") == signed.digest(algorithm).hex(), "digest")


def _envelope(signed: SignedContent) -> Envelope:
    if not isinstance(signed.content, Envelope):
        raise _mismatch("the log entry is about an envelope, and plain bytes were signed")
    return signed.content


def _only(fields: Fields, name: str) -> Fields:
    items = fields.items(name, 16)
    if len(items) != 1:
        raise _mismatch(f"the log entry has {len(items)} signatures, and the bundle one")
    return Fields(items[0], "the logged signature")


def _sha256_hex(digest: Fields) -> str:
    return digest.text("value") if digest.text("algorithm") == "sha256" else ""


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _pem(pem: bytes) -> bytes:
    """Return the DER of the certificate or key that an entry has in PEM form."""
    from cryptography import x509  # noqa: PLC0415  # few bundles by a key are logged
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415  # likewise

    from gate.keys.x509_errors import UNREADABLE  # noqa: PLC0415  # likewise

    try:
        if pem.startswith(_PEM_CERTIFICATE):
            return x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
        return spki(load_public_key(pem))
    except (MalformedKey, *UNREADABLE) as error:
        raise malformed("the logged key is neither a certificate nor a public key") from error


def _same(equal: bool, what: str) -> None:  # noqa: FBT001  # a comparison, written where it is made
    if not equal:
        raise _mismatch(f"the log entry is about another {what}")


def _mismatch(message: str) -> Refusal:
    return Refusal(Reason.LOG_ENTRY_MISMATCH, message)
