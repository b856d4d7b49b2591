"""The page docs/quick-start.md, run as it is from an empty folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.debian_registry import debian_registry
from tests.acceptance.own_program import environment
from tests.acceptance.quick_start import FILES, HOST, KEYED, KEYLESS, PAGE, Folder
from tests.acceptance.release import write_layout
from tests.fakes.sigstore import SigstoreServer, trusted_root

SCRIPT = "".join(body for language, body in KEYED if language == "sh")
BUILD, RELEASE = (body for language, body in KEYLESS if language == "sh")
SIGNING, SIGNER = (body for language, body in KEYLESS if language == "yaml")
ISSUER = "https://token.acme.example"


def commands(script: str) -> int:
    return sum(line.startswith("gate ") for line in script.splitlines())


def lines(*texts: str) -> int:
    return sum(len(text.splitlines()) for text in texts)


def test_the_quick_start_is_as_short_as_it_says() -> None:
    assert (commands(SCRIPT), lines(*FILES.values())) == (6, 14)
    assert "Six commands of gate and 14 lines that you write" in PAGE.read_text()
    # The digest in admit.yaml is one more line.
    assert (commands(BUILD + RELEASE), lines(*FILES.values(), SIGNING, SIGNER) + 1) == (5, 19)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    (tmp_path / "work").mkdir()
    (tmp_path / "root").mkdir()
    (tmp_path / "root/program").write_text("#!/bin/sh\n")
    write_layout(tmp_path / "image", tmp_path / "root")
    with debian_registry(tmp_path) as registry:
        registry.copy(f"oci:{tmp_path / 'image'}:1.0", "acme/shop:1.0")
        host = registry.host.replace("127.0.0.1", "localhost")
        for name, text in FILES.items():
            (tmp_path / "work" / name).write_text(text.replace(HOST, host))
        yield Folder(tmp_path / "work", host, environment(tmp_path))


def test_the_quick_start_leads_from_an_empty_folder_to_an_admitted_release(folder: Folder) -> None:
    printed = folder.run(SCRIPT)
    assert (printed.count("CLEARED"), "pass signed" in printed) == (2, True)
    assert re.fullmatch(rf"{folder.host}/acme/shop(:1\.0)?@sha256:[0-9a-f]{{64}}", folder.applied())


def test_the_quick_start_needs_no_key_where_jobs_have_identities(folder: Folder) -> None:
    with SigstoreServer() as sigstore:
        job = sigstore.github_environment()
        (folder.path / "trust_config.json").write_bytes(sigstore.trust_config())
        root = json.dumps(trusted_root(sigstore.sigstore))
        (folder.path / "trusted_root.json").write_text(root)
        (folder.path / ".git").mkdir()  # a checkout of github.com/acme/shop
        remote = '[remote "origin"]\n  url = https://github.com/acme/shop.git\n'
        (folder.path / ".git/config").write_text(remote)
        sigstore.oidc.claims["job_workflow_ref"] = (
            "acme/shop/.github/workflows/release.yml@refs/heads/main"
        )
        folder.run(BUILD, **job)
        folder.edit(".gate.yaml", r"  sign: .*\n", SIGNING)
        printed = folder.run("gate policy")
        (digest,) = re.findall(r"sha256:[0-9a-f]{64}", printed)
        own = SIGNER.replace(ISSUER, sigstore.url)
        asked = r"    issuer: .*\n    identity: .*\n    source-repository: .*\n"
        folder.edit("admit.yaml", asked, own)
        folder.edit("admit.yaml", r"sha256:[0-9a-f]{64}(?=\"\])", digest)
        sigstore.oidc.claims["job_workflow_ref"] = (
            "acme/gate/.github/workflows/release-gate.yml@refs/heads/main"
        )
        printed = folder.run(RELEASE, GATE_REGISTRIES="registries.yaml", **job)
    assert (printed.count("CLEARED"), "pass signed" in printed) == (2, True)
    assert "@sha256:" in folder.applied()
