"""Trusted roots from a TUF repository on loopback."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
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

from gate.errors import TrustRootError
from gate.trust.refresh import TARGET, fetch_trusted_root
from tests.builders.authorities import Authority, authority, context

__all__ = ["authority"]  # a fixture

CONTENT: Final = b'{"mediaType": "any"}'
ROLES: Final = ("root", "timestamp", "snapshot", "targets")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Repository:
    """A TUF repository in a folder, all roles with keys of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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
        hashed = hashlib.sha256(CONTENT).hexdigest()
        target = TargetFile(len(CONTENT), {"sha256": hashed}, path)
        targets = Targets(expires=_in(days=30), targets={target.path: target})
        snapshot = Snapshot(expires=_in(days=30), meta={"targets.json": MetaFile(1)})
        timestamp = Timestamp(expires=_in(days=expires_in), snapshot_meta=MetaFile(1))
        self._write("1.root.json", self.first)
        self._write("1.targets.json", self._signed(targets, by or self.signers["targets"]))
        self._write("1.snapshot.json", self._signed(snapshot, self.signers["snapshot"]))
        self._write("timestamp.json", self._signed(timestamp, self.signers["timestamp"]))
        (self.folder / "targets").mkdir(exist_ok=True)
        self._write(f"targets/{hashed}.trusted_root.json", CONTENT)

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


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def url(repository: Repository) -> Iterator[str]:
    handler = partial(_Quiet, directory=str(repository.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _refused(url: str, first: bytes) -> str:
    with pytest.raises(TrustRootError) as error:
        fetch_trusted_root(url, first)
    return error.value.code


def test_the_root_is_fetched_and_verified_from_the_pinned_one(
    url: str, repository: Repository
) -> None:
    assert fetch_trusted_root(url, repository.first) == CONTENT


def test_another_first_root_verifies_nothing(
    url: str, repository: Repository, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = Repository(tmp_path_factory.mktemp("other"))
    assert repository.first != other.first
    assert _refused(url, other.first) == "trust-root-unverified"
    assert _refused(url, b"{}") == "trust-root-unverified"


def test_targets_by_another_key_are_refused(url: str, repository: Repository) -> None:
    repository.publish(by=CryptoSigner.generate_ecdsa())
    assert _refused(url, repository.first) == "trust-root-unverified"


def test_r102_expired_metadata_is_refused(url: str, repository: Repository) -> None:
    repository.publish(expires_in=-1)
    assert _refused(url, repository.first) == "trust-root-unverified"


def test_r107_a_rotation_that_the_old_root_did_not_sign_is_refused(
    url: str, repository: Repository
) -> None:
    repository.rotate(by=CryptoSigner.generate_ecdsa())
    assert _refused(url, repository.first) == "trust-root-unverified"
    repository.rotate(by=repository.signers["root"])
    assert fetch_trusted_root(url, repository.first) == CONTENT


def test_a_target_with_another_digest_is_refused(url: str, repository: Repository) -> None:
    name = f"{hashlib.sha256(CONTENT).hexdigest()}.trusted_root.json"
    (repository.folder / "targets" / name).write_bytes(b"x" * len(CONTENT))
    assert _refused(url, repository.first) == "trust-root-unverified"


def test_a_repository_that_does_not_answer_is_unreachable(url: str, repository: Repository) -> None:
    (repository.folder / "timestamp.json").unlink()
    assert _refused(url, repository.first) == "trust-root-unreachable"


@pytest.mark.parametrize("path", ["../trusted_root.json", "/tmp/trusted_root.json", "a/../x\0"])  # noqa: S108  # never opened
def test_r106_a_target_s_name_leads_nowhere(
    url: str, repository: Repository, tmp_path: Path, path: str
) -> None:
    repository.publish(path=path)
    before = sorted(tmp_path.parent.rglob("*"))
    assert _refused(url, repository.first) == "trust-root-unverified"
    assert sorted(tmp_path.parent.rglob("*")) == before


def test_an_authority_of_ones_own_is_trusted_where_the_call_names_it(
    repository: Repository, authority: Authority
) -> None:
    handler = partial(_Quiet, directory=str(repository.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context(authority.issue("server")).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"https://127.0.0.1:{server.server_port}/"
    assert fetch_trusted_root(url, repository.first, authority.certificate) == CONTENT
    assert _refused(url, repository.first) == "trust-root-unreachable"
    server.shutdown()
    server.server_close()
