"""Private keys that cosign and gate make for each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from gate.keys.cosign import encrypted_pem
from gate.keys.private import generate, load_private_key
from gate.keys.public import public_pem
from tests.interop.tools import COSIGN, required, run


@pytest.mark.parametrize("password", ["", "a password", "pässwörd"])
def test_gate_opens_a_key_that_cosign_made(tmp_path: Path, password: str) -> None:
    prefix = ("--output-key-prefix", tmp_path / "made")
    program = (required("cosign", COSIGN), "generate-key-pair")
    answer = run(*program, *prefix, COSIGN_PASSWORD=password, HOME=str(tmp_path))
    assert answer.accepted, answer.output
    key = load_private_key((tmp_path / "made.key").read_bytes(), password.encode())
    assert public_pem(key.public_key()) == (tmp_path / "made.pub").read_bytes()


@pytest.mark.parametrize("password", ["", "a password", "pässwörd"])
def test_cosign_opens_a_key_that_gate_made(tmp_path: Path, password: str) -> None:
    key, file = generate(), tmp_path / "gate.key"
    file.write_bytes(encrypted_pem(key, password.encode()))
    out = ("--outfile", tmp_path / "gate.pub")
    program = (required("cosign", COSIGN), "public-key", "--key", file)
    answer = run(*program, *out, COSIGN_PASSWORD=password, HOME=str(tmp_path))
    assert answer.accepted, answer.output
    assert (tmp_path / "gate.pub").read_bytes() == public_pem(key.public_key())
