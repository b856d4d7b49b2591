"""A TUF repository that tests write: for whom a trusted root is fetched from it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from gate.trust.refresh import TARGET

CONTENT: Final = b'{"mediaType": "any"}'
ROLES: Final = ("root", "timestamp", "snapshot", "targets")


class Repository:
    """A TUF repository in a folder, all roles with keys of their own."""

    def __init__(self, folder: Path, content: bytes = CONTENT) -> None:
        """Take where to write, and the trusted root that is fetched."""
        self.folder, self.content = folder, content
        self.signers = {role: CryptoSigner.generate_ecdsa() for role in ROLES}
        self.root = Root(version=1, expires=_in(days=30), consistent_snapshot=True)
        for role, signer in self.signers.items():
            self.root.add_key(signer.public_key, role)
        self.first = self._signed(self.root, self.signers["root"])
        self.publish()

    def publish(
        self, *, expires_in: int = 30, by: CryptoSigner | None = None, path: str = TARGET
    ) -> None:
        """Write every file; `by` signs the targets in place of the role's own key."""
        hashed = hashlib.sha256(self.content).hexdigest()
        target = TargetFile(len(self.content), {"sha256": hashed}, path)
        targets = Targets(expires=_in(days=30), targets={target.path: target})
        snapshot = Snapshot(expires=_in(days=30), meta={"targets.json": MetaFile(1)})
        timestamp = Timestamp(expires=_in(days=expires_in), snapshot_meta=MetaFile(1))
        self._write("1.root.json", self.first)
        self._write("1.targets.json", self._signed(targets, by or self.signers["targets"]))
        self._write("1.snapshot.json", self._signed(snapshot, self.signers["snapshot"]))
        self._write("timestamp.json", self._signed(timestamp, self.signers["timestamp"]))
        (self.folder / "targets").mkdir(exist_ok=True)
        self._write(f"targets/{hashed}.trusted_root.json", self.content)

    def rotate(self, *, by: CryptoSigner) -> None:
        """Write a second root, signed by somebody."""
        second = Root.from_dict(self.root.to_dict())
        second.version = 2
        self._write("2.root.json", self._signed(second, by))

    def _signed(self, signed: Any, signer: CryptoSigner) -> bytes:  # noqa: ANN401  # any role
        metadata = Metadata(signed)
        metadata.sign(signer)
        return metadata.to_bytes()

    def _write(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)


def _in(*, days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
