"""A signer of passes that signs evidence too is told of before anything is signed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.pass_signer import same_identity
from gate.keys.cosign import encrypted_pem
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.signing.ambient import IdentityToken

POLICY = """\
version: 1
verifier: https://acme.example/gate
signers:
  build: {key: build.pub}
  workflow:
    issuer: https://token.actions.githubusercontent.com
    identity: https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/*
  pipeline:
    issuer: https://gitlab.com
    identity: https://gitlab.com/acme/shop//.gitlab-ci.yml@refs/tags/*
images:
  - match: ghcr.io/acme/**
    signature: {by: [build, workflow, pipeline]}
pass: {environment: production, valid-for: 24h, sign: {key: SIGN}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GATE_KEY_PASSWORD", raising=False)
    key = generate()
    Path("build.key").write_bytes(private_pem(key))
    Path("build.pub").write_bytes(public_pem(key.public_key()))
    Path("gate.key").write_bytes(private_pem(generate()))
    return tmp_path


def said(sign: str) -> str:
    Path("p.yaml").write_text(POLICY.replace("SIGN", sign))
    done = CliRunner().invoke(app, ["policy", "p.yaml"])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.usefixtures("folder")
def test_the_key_of_a_signer_under_any_name_is_told_of() -> None:
    Path("other.key").write_bytes(Path("build.key").read_bytes())
    for name in ("build.key", "other.key"):
        output = said(name)
        assert f"{name} signs passes, and it is the signer 'build'" in output
        assert "[pass-same-signer]" in output


@pytest.mark.usefixtures("folder")
def test_a_key_of_its_own_is_not_told_of() -> None:
    assert "pass-same-signer" not in said("gate.key")


@pytest.mark.usefixtures("folder")
def test_a_key_that_cannot_be_read_here_is_known_by_the_public_one_beside_it() -> None:
    Path("build.key").write_bytes(encrypted_pem(generate(), b"secret"))
    assert "pass-same-signer" in said("build.key")
    Path("build.key").unlink()
    assert "pass-same-signer" in said("build.key")


@pytest.mark.usefixtures("folder")
def test_a_key_that_is_elsewhere_and_of_another_name_is_not_told_of() -> None:
    assert "pass-same-signer" not in said("vault.key")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", ["check", "doctor"])
def test_a_run_tells_of_it_before_it_signs(command: str) -> None:
    Path("p.yaml").write_text(POLICY.replace("SIGN", "build.key"))
    Path("m.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n")
    call = {
        "check": ["check", "--dry-run", "-p", "p.yaml", "-i", "localhost:1/acme/shop:1"],
        "doctor": ["doctor", "-p", "p.yaml"],
    }[command]
    output = CliRunner().invoke(app, call, env={"GITHUB_ACTIONS": ""}).output
    assert "`gate admit` will refuse the pass as pass-same-signer" in " ".join(output.split())


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("claims", "signer"),
    [
        (
            {
                "iss": "https://token.actions.githubusercontent.com",
                "job_workflow_ref": "acme/shop/.github/workflows/release.yml@refs/tags/v1",
            },
            "workflow",
        ),
        (
            {
                "iss": "https://token.actions.githubusercontent.com",
                "job_workflow_ref": "acme/gate/.github/workflows/release-gate.yml@refs/heads/main",
            },
            None,
        ),
        (
            {
                "iss": "https://gitlab.com",
                "ci_config_ref_uri": "gitlab.com/acme/shop//.gitlab-ci.yml@refs/tags/v1",
            },
            "pipeline",
        ),
        ({"iss": "https://gitlab.com", "sub": "project_path:acme/shop"}, None),
    ],
)
def test_the_identity_of_a_job_is_held_against_every_signer(
    claims: dict[str, str], signer: str | None
) -> None:
    Path("p.yaml").write_text(POLICY.replace("SIGN", "gate.key"))
    assert same_identity(find_policy("p.yaml", None), IdentityToken("", claims)) == signer
