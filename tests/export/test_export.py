"""`gate export`: nothing of a policy is dropped in silence."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gate.cli.app import app
from gate.cli.reads.find_policy import find_policy
from gate.export.account import Account, Fate
from gate.export.cosign import export_cosign
from gate.export.targets import TARGETS
from gate.export.vap import export_vap
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.policy.document import Policy

GITHUB = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags"
POLICY = f"""\
version: 1
signers:
  ci: {{key: ci.pub, log: required}}
  tags: {{issuer: {GITHUB}, identity: "{WORKFLOW}/v*", trigger: [push]}}
  main: {{issuer: {GITHUB}, identity: "{WORKFLOW}/v1", ref: "refs/tags/v*"}}
registries: {{allow: [ghcr.io/acme]}}
images:
  - match: ghcr.io/acme/**
    digest: required
    signature: {{by: [ci, tags], at-least: 2, on: platforms}}
    sbom: {{by: [main], minimum-packages: 5}}
    scan-age: {{by: [ci], max-age: 2d}}
manifests: {{profile: baseline}}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    (tmp_path / "ci.pub").write_bytes(public_pem(generate().public_key()))
    (tmp_path / "p.yaml").write_text(POLICY)
    return find_policy(str(tmp_path / "p.yaml"), None)


def fates(entries: object) -> dict[str, Fate]:
    return {e.demand.removeprefix("images ghcr.io/acme/** "): e.fate for e in entries}  # type: ignore[attr-defined]  # entries of an account


def test_vap_expresses_digests_and_rules_and_loses_all_evidence(policy: Policy) -> None:
    found = fates(export_vap(policy).entries)
    kept = {demand for demand, fate in found.items() if fate is not Fate.LOST}
    assert kept == {
        *("registries.allow", "digest", "manifests host-ipc", "manifests host-network"),
        *("manifests host-path-volume", "manifests host-pid", "manifests privileged-container"),
    }


def test_cosign_expresses_who_signed_and_says_what_it_does_in_another_way(policy: Policy) -> None:
    found = fates(export_cosign(policy).entries)
    own = {d: f for d, f in found.items() if not d.startswith("manifests")}
    assert own == {
        "registries.allow": Fate.APPROXIMATED,
        "digest": Fate.EXPRESSED,
        "signature": Fate.EXPRESSED,
        "signature.by.ci.key": Fate.EXPRESSED,
        "signature.by.ci.log": Fate.EXPRESSED,
        "signature.by.tags.issuer": Fate.EXPRESSED,
        "signature.by.tags.identity": Fate.EXPRESSED,
        "signature.by.tags.trigger": Fate.EXPRESSED,
        "signature.at-least": Fate.APPROXIMATED,
        "signature.on": Fate.APPROXIMATED,
        "sbom": Fate.APPROXIMATED,
        "sbom.by.main.issuer": Fate.EXPRESSED,
        "sbom.by.main.identity": Fate.APPROXIMATED,
        "sbom.by.main.ref": Fate.LOST,
        "sbom.minimum-packages": Fate.LOST,
        "scan-age": Fate.APPROXIMATED,
        "scan-age.by.ci.key": Fate.EXPRESSED,
        "scan-age.by.ci.log": Fate.EXPRESSED,
        "scan-age.max-age": Fate.LOST,
    }


def test_a_target_that_says_nothing_loses_everything(policy: Policy) -> None:
    silent = Account(policy).closed("silent", "")
    assert {e.fate for e in silent.entries} == {Fate.LOST}
    assert len(silent.entries) == len(export_vap(policy).entries)


def test_a_demand_that_the_policy_does_not_make_cannot_be_expressed(policy: Policy) -> None:
    with pytest.raises(KeyError):
        Account(policy).expressed("images ghcr.io/other provenance")


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_the_header_names_every_demand_that_is_not_made_as_it_is(
    policy: Policy, target: str
) -> None:
    done = CliRunner().invoke(app, ["export", target, "--policy", policy.path])
    assert done.exit_code == 0
    comment = [line for line in done.output.splitlines() if line.startswith("#   ")]
    named = {line[4:].split(": ")[0] for line in comment}
    made = TARGETS[target](policy)
    assert named == {e.demand for e in made.entries if e.fate is not Fate.EXPRESSED}


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_strict_writes_nothing_that_loses_a_demand(policy: Policy, target: str) -> None:
    done = CliRunner().invoke(app, ["export", target, "--policy", policy.path, "--strict"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "[export-loses-demands]" in done.stderr


def test_strict_writes_what_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "ci.pub").write_bytes(public_pem(generate().public_key()))
    text = (
        'version: 1\nsigners: {ci: {key: ci.pub}}\nimages: [{match: "**", signature: {by: [ci]}}]\n'
    )
    (tmp_path / "p.yaml").write_text(text)
    arguments = ["export", "cosign", "--policy", str(tmp_path / "p.yaml"), "--strict"]
    assert CliRunner().invoke(app, arguments).exit_code == 0


def test_the_script_is_one_that_a_shell_reads(policy: Policy, tmp_path: Path) -> None:
    script = tmp_path / "verify.sh"
    script.write_text(export_cosign(policy).body)
    subprocess.run(["/bin/sh", "-n", str(script)], check=True)  # noqa: S603  # our own text
