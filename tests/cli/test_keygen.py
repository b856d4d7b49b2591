"""`gate keygen`: a pair of files that nobody else can read, and none that is written over."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from typer.testing import CliRunner

from gate.cli.app import app
from gate.cli.runs.keygen import SERVICES
from gate.keys.private import load_private_key
from gate.keys.public import MalformedKey, load_public_key, spki
from gate.signing.kms import _KEYS


def keygen(*arguments: str, password: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(app, ["keygen", *arguments], env={"GATE_KEY_PASSWORD": password})
    return done.exit_code, done.output


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("password", ["", "secret"])
def test_the_two_files_are_one_pair_and_the_private_one_is_closed(password: str) -> None:
    code, output = keygen("release", password=password)
    assert code == 0
    assert ("wrote release.key" in output, "wrote release.pub" in output) == (True, True)
    private, public = Path("release.key"), Path("release.pub")
    key = load_private_key(private.read_bytes(), password.encode() or None)
    assert spki(key.public_key()) == spki(load_public_key(public.read_bytes()))
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_a_key_with_a_password_does_not_open_without_it() -> None:
    keygen("release", password="secret")
    with pytest.raises(MalformedKey, match="wrong password"):
        load_private_key(Path("release.key").read_bytes(), None)


@pytest.mark.parametrize("there", ["gate.key", "gate.pub"])
def test_a_file_that_is_there_stays_and_no_other_is_made(there: str) -> None:
    Path(there).write_text("mine")
    code, output = keygen()
    assert (code, "[key-exists]" in output) == (2, True)
    assert [path.name for path in Path().iterdir()] == [there]
    assert Path(there).read_text() == "mine"


def test_a_link_is_not_followed() -> None:
    Path("gate.key").symlink_to("elsewhere.key")
    code, output = keygen()
    assert (code, "[output-unwritable]" in output) == (2, True)
    assert not Path("elsewhere.key").exists()


@pytest.mark.parametrize("scheme", sorted(_KEYS))
def test_a_key_of_a_service_is_made_there_and_no_file_is_written(scheme: str) -> None:
    code, output = keygen("--kms", f"{scheme}:acme")
    assert (code, SERVICES[scheme][0] in output) == (0, True)
    assert list(Path().iterdir()) == []


def test_a_service_that_gate_does_not_sign_with_is_refused() -> None:
    code, output = keygen("--kms", "pkcs11:token")
    assert (code, "[keygen-service]" in output) == (2, True)


@pytest.mark.skipif(
    not shutil.which("openssl") or not shutil.which("jq"), reason="openssl or jq is not there"
)
def test_the_command_for_vault_writes_a_public_key_that_gate_reads() -> None:
    key = ed25519.Ed25519PrivateKey.generate().public_key()
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    answer = {"data": {"keys": {"1": {"public_key": base64.b64encode(raw).decode()}}}}
    vault = Path("vault")
    vault.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(answer)}\nEND\n")
    vault.chmod(0o755)
    subprocess.run(  # noqa: S603  # our own text
        ["/bin/sh", "-c", SERVICES["hv"][1]],
        check=True,
        env={**os.environ, "PATH": f"{Path.cwd()}:{os.environ['PATH']}"},
        timeout=30,
    )
    assert spki(load_public_key(Path("gate.pub").read_bytes())) == spki(key)
