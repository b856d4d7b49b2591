"""Transparency log entries, as bundles and legacy annotations carry them.

https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_rekor.proto
"""

from __future__ import annotations

from typing import Final

from gate.model.records import dataclass
from gate.trust.proto_json import Fields, parse_object
from gate.trust.refusal import malformed

MAX_BODY: Final = 4 * 1024 * 1024
MAX_HASHES: Final = 64
_HASH_BYTES: Final = 32
_ENTRY: Final = (
    *("logIndex", "logId", "kindVersion", "integratedTime"),
    *("inclusionPromise", "inclusionProof", "canonicalizedBody"),
)


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That a leaf is in a tree, and what the log says about the tree."""

    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str | None
    """None in bundles of version 0.1, whose proofs showed a tree that nobody signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """What a log is said to hold. Nothing is believed before `gate.trust.log` has looked."""

    log_id: bytes
    kind: str
    version: str
    body: bytes
    """The canonicalised body: exactly the bytes that the log hashed."""
    index: int
    integrated: int | None = None
    """Seconds since 1970. Only a promise vouches for it."""
    promise: bytes | None = None
    """The signed entry timestamp (SET)."""
    proof: InclusionProof | None = None


def parse_entry(value: object) -> LogEntry:
    """Read an entry of a bundle. Raises Refusal."""
    entry = Fields(value, "a log entry", _ENTRY)
    kind = entry.object("kindVersion", ("kind", "version"))
    promise = None
    if entry.has("inclusionPromise"):
        field = entry.object("inclusionPromise", ("signedEntryTimestamp",))
        promise = field.base64("signedEntryTimestamp")
    integrated = entry.whole("integratedTime") if entry.has("integratedTime") else 0
    if promise is not None and not integrated:
        raise malformed("a log entry has an inclusion promise and no integrated time")
    return LogEntry(
        log_id=entry.object("logId", ("keyId",)).base64("keyId"),
        kind=kind.text("kind"),
        version=kind.text("version"),
        body=entry.base64("canonicalizedBody"),
        index=entry.whole("logIndex") if entry.has("logIndex") else 0,
        integrated=integrated or None,
        promise=promise,
        proof=_proof(entry) if entry.has("inclusionProof") else None,
    )


def parse_cosign_entry(text: str) -> LogEntry:
    """Read the annotation `dev.sigstore.cosign/bundle`: an entry with a promise only.

    Raises Refusal.
    """
    outer = parse_object(text.encode(), "the layer's log entry", most=MAX_BODY)
    outer.only(("SignedEntryTimestamp", "Payload"))
    payload = outer.object("Payload", ("body", "integratedTime", "logIndex", "logID"))
    body = payload.base64("body")
    inner = parse_object(body, "the logged body", most=MAX_BODY)
    try:
        log_id = bytes.fromhex(payload.text("logID"))
    except ValueError:
        raise malformed("the layer's log entry names its log in another form than hex") from None
    return LogEntry(
        log_id=log_id,
        kind=inner.text("kind"),
        version=inner.text("apiVersion"),
        body=body,
        index=payload.whole("logIndex"),
        integrated=payload.whole("integratedTime"),
        promise=outer.base64("SignedEntryTimestamp"),
    )


def _proof(entry: Fields) -> InclusionProof:
    known = ("logIndex", "rootHash", "treeSize", "hashes", "checkpoint")
    proof = entry.object("inclusionProof", known)
    hashes = tuple(
        Fields({"hash": value}, "the inclusion proof").base64("hash")
        for value in proof.items("hashes", MAX_HASHES)
    )
    root = proof.base64("rootHash")
    if any(len(value) != _HASH_BYTES for value in (root, *hashes)):
        raise malformed("the inclusion proof has a hash that is not SHA-256")
    checkpoint = None
    if proof.has("checkpoint"):
        checkpoint = proof.object("checkpoint", ("envelope",)).text("envelope")
    return InclusionProof(
        index=proof.whole("logIndex") if proof.has("logIndex") else 0,
        size=proof.whole("treeSize"),
        root=root,
        hashes=hashes,
        checkpoint=checkpoint,
    )
