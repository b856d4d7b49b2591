"""The server's certificate: taken anew when the files change, and never half of a pair."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path
from typing import Any

import pytest

from gate.admission.certificate import MAX_BYTES, FilePairs, Pair, new_context, take
from gate.errors import UsageError
from tests.interop.kubernetes.certificates import Authority


def written(folder: Path, name: str) -> tuple[Path, Path]:
    certificate, key = Authority.new().issue(name, server=True)
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(certificate)
    paths[1].write_bytes(key)
    return paths


def read_pair(certificate: Path, key: Path) -> Pair:
    pair = FilePairs(certificate, key).changed()
    assert pair is not None
    return pair


def shown_by(context: ssl.SSLContext) -> bytes:
    """Return the certificate that a handshake in memory shows."""
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.verify_mode = ssl.CERT_NONE
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server)
    server = context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    shown = client.getpeercert(binary_form=True)
    assert shown is not None
    return shown


def test_a_context_shows_the_pair_that_it_took_last(tmp_path: Path) -> None:
    first, second = (read_pair(*written(tmp_path, name)) for name in ("first", "second"))
    context = new_context(first)
    before = shown_by(context)
    take(context, second)
    after = shown_by(context)
    assert [ssl.DER_cert_to_PEM_cert(c).encode().strip() for c in (before, after)] == [
        first.certificate.strip(),
        second.certificate.strip(),
    ]


def test_a_key_of_another_certificate_is_refused(tmp_path: Path) -> None:
    certificate, _ = written(tmp_path, "first")
    _, key = written(tmp_path, "second")
    with pytest.raises(UsageError, match="the key is not the key of the certificate"):
        read_pair(certificate, key)


@pytest.mark.parametrize("content", [b"", b"x", b"-----BEGIN CERTIFICATE-----\n", b"x" * 300_000])
def test_what_is_no_pair_of_pem_files_is_refused(tmp_path: Path, content: bytes) -> None:
    certificate, key = written(tmp_path, "first")
    other = tmp_path / "other"
    other.write_bytes(content)
    for pair in ((other, key), (certificate, other), (certificate, tmp_path / "absent")):
        with pytest.raises(UsageError) as caught:
            read_pair(*pair)
        assert caught.value.code == "serve-certificate"


def test_a_certificate_of_a_version_that_there_is_not_is_refused(tmp_path: Path) -> None:
    certificate, key = written(tmp_path, "first")
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    assert der.count(b"\xa0\x03\x02\x01\x02") == 1
    odd = der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x0a")
    certificate.write_text(ssl.DER_cert_to_PEM_cert(odd))
    with pytest.raises(UsageError) as caught:
        read_pair(certificate, key)
    assert caught.value.code == "serve-certificate"


def test_a_pair_does_not_print_its_key(tmp_path: Path) -> None:
    assert "KEY" not in repr(read_pair(*written(tmp_path, "first")))


def test_files_are_parsed_only_where_they_changed_and_each_fault_is_told_once(
    tmp_path: Path,
) -> None:
    certificate, key = written(tmp_path, "first")
    other, other_key = written(tmp_path, "second")
    pairs = FilePairs(certificate, key)
    first = pairs.changed()
    assert first is not None
    assert pairs.changed() is None
    certificate.write_bytes(other.read_bytes())
    with pytest.raises(UsageError, match="the key is not the key of the certificate"):
        pairs.changed()
    assert pairs.changed() is None
    key.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        pairs.changed()
    assert pairs.changed() is None
    key.write_bytes(other_key.read_bytes())
    second = pairs.changed()
    assert second is not None
    assert second.certificate == other.read_bytes()


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_pair_is_given_to_tls_in_memory_or_else_in_a_file_of_its_owner(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_memory: bool,  # noqa: FBT001  # whether the system can
) -> None:
    pair = read_pair(*written(tmp_path, "first"))
    files: list[str] = []
    made = tempfile.NamedTemporaryFile

    def temporary() -> Any:  # noqa: ANN401  # an open file
        file = made()
        files.append(file.name)
        return file

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", temporary)
    if in_memory:
        if not hasattr(os, "memfd_create"):
            pytest.skip("this system has no files in memory")
    else:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    shown = shown_by(new_context(pair))
    assert ssl.DER_cert_to_PEM_cert(shown).encode().strip() == pair.certificate.strip()
    assert [Path(name).exists() for name in files] == [False] * (not in_memory)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are told by Linux alone")
def test_a_pair_that_was_taken_leaves_no_file_open(tmp_path: Path) -> None:
    pair = read_pair(*written(tmp_path, "first"))
    context = new_context(pair)
    before = sorted(Path("/proc/self/fd").iterdir())
    take(context, pair)
    with pytest.raises(UsageError) as caught:
        take(context, Pair(pair.certificate, b"none", pair.not_after))
    assert caught.value.problem == "the certificate or the key cannot be used for TLS"
    assert sorted(Path("/proc/self/fd").iterdir()) == before


@pytest.mark.parametrize("more", [0, 1])
def test_a_file_is_read_to_its_bound(tmp_path: Path, more: int) -> None:
    certificate, key = written(tmp_path, "first")
    data = certificate.read_bytes()
    certificate.write_bytes(data + b"\n" * (MAX_BYTES + more - len(data)))
    if not more:
        assert read_pair(certificate, key).key == key.read_bytes()
        return
    with pytest.raises(UsageError) as caught:
        read_pair(certificate, key)
    assert caught.value.problem == f"{certificate} has more than {MAX_BYTES} bytes"


def test_a_server_speaks_tls_of_today(tmp_path: Path) -> None:
    context = new_context(read_pair(*written(tmp_path, "first")))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_the_first_of_a_chain_is_the_one_whose_key_is_taken(tmp_path: Path) -> None:
    certificate, key = written(tmp_path, "first")
    other, _ = written(tmp_path, "second")
    alone = read_pair(certificate, key)
    certificate.write_bytes(alone.certificate + other.read_bytes())
    assert read_pair(certificate, key).not_after == alone.not_after
    certificate.write_bytes(other.read_bytes() + alone.certificate)
    with pytest.raises(UsageError, match="the key is not the key of the certificate"):
        read_pair(certificate, key)
