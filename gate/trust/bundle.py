"""Sigstore bundles, read and bounded, with nothing in them believed yet.

https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto
"""

from __future__ import annotations

from typing import Final, TypeAlias

from gate.model.dsse import pre_authentication_encoding
from gate.model.records import dataclass
from gate.trust.entry import LogEntry, parse_entry
from gate.trust.proto_json import Fields, parse_object
from gate.trust.refusal import Reason, Refusal, malformed

MAX_BYTES: Final = 88 * 1024 * 1024
"""The largest bundle: a statement of 64 MiB in base64, and what proves it."""
"""Of a bundle or a legacy layer. Producers stop at 16 MiB of predicate."""
MAX_ENTRIES: Final = 32
MAX_TIMESTAMPS: Final = 32
MAX_CERTIFICATES: Final = 8
MAX_DER: Final = 64 * 1024

HASHES: Final = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}
"""The hashes of the protocol, by the names that it has for them."""

_PREFIX: Final = "application/vnd.dev.sigstore.bundle"
_VERSIONS: Final = {
    f"{_PREFIX}+json;version=0.1": (0, 1),
    f"{_PREFIX}+json;version=0.2": (0, 2),
    f"{_PREFIX}+json;version=0.3": (0, 3),
    f"{_PREFIX}.v0.3+json": (0, 3),
}
_PROOFS_FROM: Final = (0, 2)
_ONE_CERTIFICATE_FROM: Final = (0, 3)
_BUNDLE: Final = ("mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope")
_MATERIAL: Final = (
    *("x509CertificateChain", "certificate", "publicKey"),
    *("tlogEntries", "timestampVerificationData"),
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A DSSE envelope with its one signature."""

    payload: bytes
    payload_type: str
    signature: bytes
    stored: bytes | None = None
    """The envelope as JSON, where it was stored by itself."""

    @property
    def signed(self) -> bytes:
        """The pre-authentication encoding, which is what is signed.

        https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
        """
        return pre_authentication_encoding(self.payload_type, self.payload)


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """A signature over bytes that are not in the bundle."""

    signature: bytes
    algorithm: str = "sha256"
    """Of the digest: sha256, sha384 or sha512."""
    digest: bytes | None = None
    """The digest of the bytes, as the bundle has it. It is compared, and decides nothing."""


Content: TypeAlias = Envelope | MessageSignature


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was signed, and what its maker offers as proof."""

    content: Content
    certificate: bytes | None
    """DER; None where a plain public key signed. Whose key it is, a bundle cannot say."""
    others: tuple[bytes, ...] = ()
    """More certificates of the chain. They are looked at, and never used."""
    entries: tuple[LogEntry, ...] = ()
    timestamps: tuple[bytes, ...] = ()
    """RFC 3161 responses, DER."""
    stamped: bytes | None = None
    """What the timestamps are over, where it is not the signature."""
    proofs_required: bool = True
    """Whether log entries must have an inclusion proof. Older forms had none."""


def parse_bundle(data: bytes) -> Bundle:
    """Read a bundle of version 0.1, 0.2 or 0.3. Raises Refusal."""
    top = parse_object(data, "the bundle", most=MAX_BYTES)
    media = top.text("mediaType")
    version = _VERSIONS.get(media)
    if version is None:
        known = media.startswith(_PREFIX)
        reason = Reason.NOT_UNDERSTOOD if known else Reason.MALFORMED
        raise Refusal(reason, f"the bundle's media type is {media!r}: 0.1 to 0.3 are read")
    top.only(_BUNDLE)
    material = top.object("verificationMaterial", _MATERIAL)
    certificates = _certificates(material, version)
    return Bundle(
        content=_content(top),
        certificate=certificates[0] if certificates else None,
        others=certificates[1:],
        entries=tuple(map(parse_entry, material.items("tlogEntries", MAX_ENTRIES))),
        timestamps=_timestamps(material),
        proofs_required=version >= _PROOFS_FROM,
    )


def parse_envelope(envelope: Fields, stored: bytes | None = None) -> Envelope:
    """Read a DSSE envelope, which must have exactly one signature. Raises Refusal."""
    signatures = envelope.items("signatures", 1)
    if not signatures:
        raise malformed("the envelope has no signature")
    signature = Fields(signatures[0], "the envelope's signature", ("sig", "keyid"))
    if signature.has("keyid"):
        signature.text("keyid")
    return Envelope(
        payload=envelope.base64("payload"),
        payload_type=envelope.text("payloadType"),
        signature=signature.base64("sig"),
        stored=stored,
    )


def _content(top: Fields) -> Content:
    if top.has("dsseEnvelope") == top.has("messageSignature"):
        raise malformed("the bundle has not exactly one of dsseEnvelope and messageSignature")
    if top.has("dsseEnvelope"):
        known = ("payload", "payloadType", "signatures")
        return parse_envelope(top.object("dsseEnvelope", known))
    message = top.object("messageSignature", ("messageDigest", "signature"))
    signature = message.base64("signature")
    if not message.has("messageDigest"):
        return MessageSignature(signature)
    hint = message.object("messageDigest", ("algorithm", "digest"))
    algorithm = HASHES.get(hint.text("algorithm"))
    if algorithm is None:
        raise malformed("the bundle's message digest is of a kind that is not read")
    return MessageSignature(signature, algorithm, hint.base64("digest"))


def _certificates(material: Fields, version: tuple[int, int]) -> tuple[bytes, ...]:
    kinds = ("x509CertificateChain", "certificate", "publicKey")
    found = [kind for kind in kinds if material.has(kind)]
    if len(found) != 1:
        raise malformed("the bundle has not exactly one of a certificate, a chain and a key")
    match found[0]:
        case "publicKey":
            key = material.object("publicKey", ("hint",))
            if key.has("hint"):
                key.text("hint")
            return ()
        case "certificate":
            return (_der(material.object("certificate", ("rawBytes",))),)
        case _:
            if version >= _ONE_CERTIFICATE_FROM:
                raise malformed("a bundle of version 0.3 has one certificate, and no chain")
            chain = material.object("x509CertificateChain", ("certificates",))
            items = chain.items("certificates", MAX_CERTIFICATES)
            if not items:
                raise malformed("the bundle's certificate chain is empty")
            return tuple(_der(Fields(i, "a certificate", ("rawBytes",))) for i in items)


def _der(certificate: Fields) -> bytes:
    return bounded_der(certificate.base64("rawBytes"))


def bounded_der(der: bytes) -> bytes:
    """Return the DER of a certificate or timestamp, if it is not too long. Raises Refusal."""
    if len(der) > MAX_DER:
        message = f"a certificate or timestamp has {len(der)} bytes, and at most {MAX_DER} are read"
        raise Refusal(Reason.TOO_LARGE, message)
    return der


def _timestamps(material: Fields) -> tuple[bytes, ...]:
    if not material.has("timestampVerificationData"):
        return ()
    data = material.object("timestampVerificationData", ("rfc3161Timestamps",))
    items = data.items("rfc3161Timestamps", MAX_TIMESTAMPS)
    fields = (Fields(item, "a timestamp", ("signedTimestamp",)) for item in items)
    found = tuple(bounded_der(field.base64("signedTimestamp")) for field in fields)
    if len(set(found)) != len(found):
        raise malformed("the bundle has one timestamp twice")
    return found
