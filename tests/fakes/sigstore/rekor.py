"""Rekor v1 and v2: transparency logs that answer with a proof of inclusion.

https://github.com/sigstore/rekor/blob/main/openapi.yaml
https://github.com/sigstore/rekor-tiles/blob/main/api/proto/rekor/v2/entry.proto
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.fakes.sigstore.encoding import b64, canonical, sha256, spki
from tests.fakes.sigstore.merkle import Inclusion, Tree

_SHARD: Final = " - 1193050959916656506"
"""What Rekor v1 adds to its origin: the id of one of its trees."""
_FIRST_INDEX: Final = 100_000
"""Entries of older trees: a log index of Rekor v1 counts those of all trees, a proof's not."""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as a log has kept it."""

    body: bytes
    inclusion: Inclusion
    checkpoint: str
    index: int

    @property
    def proof(self) -> dict[str, Any]:
        """The proof as bundles carry it."""
        return {
            "logIndex": str(self.inclusion.index),
            "rootHash": b64(self.inclusion.root),
            "treeSize": str(self.inclusion.size),
            "hashes": [b64(one) for one in self.inclusion.path],
            "checkpoint": {"envelope": self.checkpoint},
        }


class _Log:
    """A tree whose heads are signed as C2SP notes. https://c2sp.org/signed-note"""

    def __init__(
        self, origin: str, name: str, log_id: bytes, sign: Callable[[bytes], bytes]
    ) -> None:
        self._origin, self._name, self.log_id, self.sign = origin, name, log_id, sign
        self._tree, self._lock = Tree(), threading.Lock()

    def append(self, body: bytes, *, first: int = 0) -> Logged:
        """Keep an entry."""
        with self._lock:
            inclusion = self._tree.append(body)
        head = f"{self._origin}\n{inclusion.size}\n{b64(inclusion.root)}\n"
        note = b64(self.log_id[:4] + self.sign(head.encode()))
        checkpoint = f"{head}\n\N{EM DASH} {self._name} {note}\n"
        return Logged(body, inclusion, checkpoint, first + inclusion.index)


class RekorV1:
    """A log that says itself when it kept an entry."""

    def __init__(self, name: str = "rekor1.local.test") -> None:
        """Make a new log."""
        key = self._key = ec.generate_private_key(ec.SECP256R1())
        self.public_key = key.public_key()
        self.log_id = sha256(spki(self.public_key))
        self._log = _Log(name + _SHARD, name, self.log_id, self.sign)

    def entry(self, body: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Keep an entry, and return it as bundles carry it."""
        logged, promise = self._keep(body, at)
        return {
            "logIndex": str(logged.index),
            "logId": {"keyId": b64(self.log_id)},
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "integratedTime": str(int(at.timestamp())),
            "inclusionPromise": {"signedEntryTimestamp": b64(promise)},
            "inclusionProof": logged.proof,
            "canonicalizedBody": b64(logged.body),
        }

    def response(self, body: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Keep an entry, and return it as the log's own API does."""
        logged, promise = self._keep(body, at)
        inclusion = logged.inclusion
        proof = {
            "logIndex": inclusion.index,
            "rootHash": inclusion.root.hex(),
            "treeSize": inclusion.size,
            "hashes": [one.hex() for one in inclusion.path],
            "checkpoint": logged.checkpoint,
        }
        said = self._promised(logged, at)
        verification = {"signedEntryTimestamp": b64(promise), "inclusionProof": proof}
        return {sha256(logged.body).hex(): {**said, "verification": verification}}

    def _keep(self, body: dict[str, Any], at: datetime) -> tuple[Logged, bytes]:
        logged = self._log.append(canonical(body), first=_FIRST_INDEX)
        return logged, self.sign(canonical(self._promised(logged, at)))

    def _promised(self, logged: Logged, at: datetime) -> dict[str, Any]:
        return {
            "body": b64(logged.body),
            "integratedTime": int(at.timestamp()),
            "logID": self.log_id.hex(),
            "logIndex": logged.index,
        }

    def sign(self, data: bytes) -> bytes:
        """Sign what the log says."""
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class RekorV2:
    """A log that knows no time: entries need a timestamp of somebody else."""

    def __init__(self, name: str = "rekor2.local.test") -> None:
        """Make a new log."""
        key = ed25519.Ed25519PrivateKey.generate()
        self.public_key = key.public_key()
        raw = self.public_key.public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self.log_id = sha256(name.encode() + b"\n\x01" + raw)
        self._log = _Log(name, name, self.log_id, key.sign)

    def entry(self, body: dict[str, Any]) -> dict[str, Any]:
        """Keep an entry, and return it as bundles carry it and the API answers."""
        logged = self._log.append(canonical(body))
        return {
            "logIndex": str(logged.index),
            "logId": {"keyId": b64(self.log_id)},
            "kindVersion": {"kind": body["kind"], "version": body["apiVersion"]},
            "integratedTime": "0",
            "inclusionProof": logged.proof,
            "canonicalizedBody": b64(logged.body),
        }
