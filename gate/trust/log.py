"""Whether a transparency log of the trusted root holds an entry, and since when.

https://github.com/sigstore/rekor, https://github.com/sigstore/rekor-tiles
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from gate.keys.public import signed_by
from gate.model.records import dataclass
from gate.trust.checkpoint import parse_checkpoint
from gate.trust.entry import InclusionProof, LogEntry
from gate.trust.merkle import leaf_hash, root_of
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import Log


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry that a trusted log holds."""

    log: Log
    at: datetime | None
    """When the log took it in, UTC; None where the log does not say."""


def find_logged(entry: LogEntry, logs: Iterable[Log], *, proof_required: bool) -> Logged:
    """Return which log holds the entry, by all the proof that it has. Raises Refusal.

    A promise and an inclusion proof must both hold where both are there.
    """
    candidates = [log for log in logs if log.id == entry.log_id]
    if not candidates:
        message = "the transparency log of the entry is not in the trusted root"
        raise Refusal(Reason.LOG_NOT_TRUSTED, message)
    proven = entry.proof is not None and entry.proof.checkpoint is not None
    if not proven and (proof_required or entry.promise is None):
        raise _invalid("the log entry has no inclusion proof with a checkpoint")
    refusal = _invalid("no log")
    for log in candidates:
        try:
            return Logged(log, _check(entry, log))
        except Refusal as error:
            refusal = error
    raise refusal


def _check(entry: LogEntry, log: Log) -> datetime | None:
    if entry.proof is not None:
        _check_inclusion(entry.body, entry.proof, log)
    if entry.promise is None or entry.integrated is None:
        return None
    if not signed_by(log.key, entry.promise, _promised(entry)):
        raise _invalid(f"the log {log.origin} did not make the entry's inclusion promise")
    try:
        return datetime.fromtimestamp(entry.integrated, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _invalid("the entry's integrated time is out of range") from error


def _check_inclusion(body: bytes, proof: InclusionProof, log: Log) -> None:
    root = root_of(leaf_hash(body), proof.index, proof.size, proof.hashes)
    if root != proof.root:
        raise _invalid("the inclusion proof does not lead to its root hash")
    if proof.checkpoint is None:
        return
    checkpoint = parse_checkpoint(proof.checkpoint)
    signed = any(
        line.name == checkpoint.name
        and line.key_id == log.id[: len(line.key_id)]
        and signed_by(log.key, line.signature, checkpoint.note)
        for line in checkpoint.signatures
    )
    if not signed:
        raise _invalid(f"the log {log.origin} did not sign the entry's checkpoint")
    if (checkpoint.root, checkpoint.size) != (root, proof.size):
        raise _invalid("the checkpoint is about another tree than the inclusion proof")


def _promised(entry: LogEntry) -> bytes:
    """Return what a signed entry timestamp is over, in RFC 8785 form."""
    return json.dumps(
        {
            "body": base64.b64encode(entry.body).decode(),
            "integratedTime": entry.integrated,
            "logID": entry.log_id.hex(),
            "logIndex": entry.index,
        },
        separators=(",", ":"),
    ).encode()


def _invalid(message: str) -> Refusal:
    return Refusal(Reason.LOG_ENTRY_INVALID, message)
