"""Trusted roots from a TUF repository on loopback."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner

from gate.errors import TrustRootError
from gate.trust.refresh import fetch_trusted_root
from tests.builders.authorities import Authority, authority, context
from tests.builders.tuf import CONTENT, Repository
from tests.fakes.fault_registry import FaultRegistry, stalls

__all__ = ["authority"]  # a fixture


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Odd(_Quiet):
    """Answers for one file as `told` says, in front of what the file holds."""

    odd = ""
    told: tuple[str, str] = ("", "")

    def end_headers(self) -> None:
        """Say one thing more of the file."""
        if self.path.endswith(self.odd):
            self.send_header(*self.told)
        super().end_headers()

    def send_header(self, keyword: str, value: str) -> None:
        """Leave the true length out where another is said."""
        if self.path.endswith(self.odd) and keyword == self.told[0] and value != self.told[1]:
            return
        super().send_header(keyword, value)


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


@pytest.mark.parametrize("name", ["timestamp.json", "1.targets.json", ".trusted_root.json"])
@pytest.mark.parametrize("header", [("Content-Length", "9000"), ("Content-Encoding", "gzip")])
def test_an_answer_that_breaks_off_or_cannot_be_read_is_none(
    repository: Repository, name: str, header: tuple[str, str]
) -> None:
    odd = type("Told", (_Odd,), {"odd": name, "told": header})
    handler = partial(odd, directory=str(repository.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    assert _refused(url, repository.first) == "trust-root-unreachable"
    server.shutdown()
    server.server_close()


def test_a_root_of_the_most_bytes_is_fetched_and_one_more_is_not(
    url: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gate.trust.refresh.MAX_ROOT", len(CONTENT))
    assert fetch_trusted_root(url, repository.first) == CONTENT
    monkeypatch.setattr("gate.trust.refresh.MAX_ROOT", len(CONTENT) - 1)
    assert _refused(url, repository.first) == "trust-root-unverified"


def test_a_repository_without_a_trusted_root_is_told_as_that(
    url: str, repository: Repository
) -> None:
    repository.publish(path="another.json")
    with pytest.raises(TrustRootError, match="it has no trusted_root.json of at most"):
        fetch_trusted_root(url, repository.first)


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


def test_a_repository_that_does_not_answer_is_given_up_in_time(repository: Repository) -> None:
    with FaultRegistry(stalls()) as server, pytest.raises(TrustRootError) as caught:
        fetch_trusted_root(f"http://{server.host}", repository.first, seconds=0.05)
    assert caught.value.code == "trust-root-unreachable"
    assert caught.value.problem.endswith("did not answer: no answer within 0.05 seconds")
