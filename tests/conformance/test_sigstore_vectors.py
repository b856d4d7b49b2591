"""Sigstore's conformance vectors, each by path and by digest, through the suite's own protocol."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Final

import pytest

from tests.builders.sigstore_vectors import BEACON
from tests.conformance.sigstore_recorded import GITHUB, VECTORS, recorded
from tests.fakes.sigstore import LocalSigstore, SigstoreServer, trusted_root

CLIENT: Final = Path(__file__).with_name("sigstore_client")
NAMES: Final = sorted(p.name for p in VECTORS.iterdir() if p.is_dir()) if VECTORS.is_dir() else []


def _client() -> Callable[[list[str]], int]:
    loader = SourceFileLoader("sigstore_client", str(CLIENT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[loader.name] = module
    loader.exec_module(module)
    main: Callable[[list[str]], int] = module.main
    return main


MAIN: Final = _client()


def _call(vector: Path, *, by_digest: bool) -> list[str]:
    artifact = vector / "artifact"
    if not artifact.is_file():
        artifact = VECTORS / "a.txt"
    digest = f"sha256:{hashlib.sha256(artifact.read_bytes()).hexdigest()}"
    root, key = vector / "trusted_root.json", vector / "key.pub"
    if key.is_file():
        who = ["--key", str(key)]
    else:
        who = ["--certificate-identity", _text(vector / "identity", BEACON)]
        who += ["--certificate-oidc-issuer", _text(vector / "issuer", GITHUB)]
    trusted = ["--trusted-root", str(root)] if root.is_file() else []
    bundle = ["--bundle", str(vector / "bundle.sigstore.json")]
    return ["verify-bundle", *bundle, *who, *trusted, digest if by_digest else str(artifact)]


def _text(path: Path, default: str) -> str:
    return path.read_text().strip() if path.is_file() else default


@recorded
@pytest.mark.parametrize("by_digest", [False, True], ids=["path", "digest"])
@pytest.mark.parametrize("name", NAMES)
def test_r055_a_vector_gets_the_verdict_in_its_name(
    name: str,
    by_digest: bool,  # noqa: FBT001  # a column of the table
) -> None:
    expected = 1 if name.endswith("_fail") else 0
    assert MAIN(_call(VECTORS / name, by_digest=by_digest)) == expected


@recorded
def test_all_140_vectors_are_there() -> None:
    assert 2 * len(NAMES) == 140


@recorded
def test_the_entry_point_runs_by_itself() -> None:
    good, bad = ("happy-path-v0.3", "signature-mismatch_fail")
    codes = [
        subprocess.run(  # noqa: S603  # our own program, and a list of arguments
            [sys.executable, CLIENT, *_call(VECTORS / name, by_digest=True)],
            check=False,
            capture_output=True,
        )
        for name in (good, bad)
    ]
    assert [done.returncode for done in codes] == [0, 1]
    assert codes[1].stderr.startswith(b"signature-invalid: ")


@pytest.mark.parametrize("in_toto", [[], ["--in-toto"]])
def test_what_the_entry_point_signs_it_verifies(tmp_path: Path, in_toto: list[str]) -> None:
    payload = tmp_path / "subject"
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "a", "digest": {"sha256": hashlib.sha256(b"a").hexdigest()}}],
        "predicateType": "https://example.com/predicate/v1",
        "predicate": {},
    }
    payload.write_text(json.dumps(statement) if in_toto else "a")
    sigstore = LocalSigstore()
    root, config, bundle = tmp_path / "root", tmp_path / "config", tmp_path / "bundle"
    root.write_text(json.dumps(trusted_root(sigstore)))
    with SigstoreServer(sigstore) as server:
        trust = json.loads(server.trust_config())
        config.write_text(json.dumps(trust["signingConfig"]))
        token = server.oidc.token(datetime.now(UTC))
        call = ["sign-bundle", "--identity-token", token, "--bundle", str(bundle)]
        where = ["--trusted-root", str(root), "--signing-config", str(config)]
        assert MAIN([*call, *in_toto, *where, str(payload)]) == 0
        issuer = server.oidc.issuer
        subject = server.oidc.identity(token).subject
    who = ["--certificate-identity", subject, "--certificate-oidc-issuer", issuer]
    of = f"sha256:{hashlib.sha256(b'a').hexdigest()}"
    trusted = ["--trusted-root", str(root)]
    assert MAIN(["verify-bundle", "--bundle", str(bundle), *who, *trusted, of]) == 0
    assert MAIN(["verify-bundle", "--bundle", str(bundle), *who, *trusted, f"sha256:{'0' * 64}"])
