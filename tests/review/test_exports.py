"""Ways for an exported policy to be milder than gate without a word: none is."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

import pytest

from gate.checks import CHECKS
from gate.export.account import Fate
from gate.export.targets import TARGETS, header
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.lint.settings import check_rules
from gate.policy.document import Policy
from gate.policy.load import load_policy

KEY: Final = public_pem(generate().public_key())
GITHUB: Final = "https://token.actions.githubusercontent.com"
GITLAB: Final = "https://gitlab.com"
FLOW: Final = "https://github.com/acme/flows/.github/workflows/release.yml@refs/heads/main"
CI: Final = "https://gitlab.com/acme/flows//ci.yml@refs/heads/main"
ASKED: Final = (
    "verifier: https://acme.example/gate, environment: production, "
    f'policies: ["sha256:{"0" * 64}"], max-age: 24h, manifests: images'
)
CALLS: Final = "another repository calls"
EVIDENCE: Final = ("cosign", "kyverno", "nri", "policy-controller")
"""Targets that ask for evidence."""


def policy(signer: str, *, asks: str = f"pass: {{by: [a], {ASKED}}}", name: str = "a") -> Policy:
    text = (
        f"version: 1\nsigners: {{{name}: {{{signer}}}}}\n"
        f"images: [{{match: ghcr.io/acme/shop, {asks.replace('[a]', f'[{name}]')}}}]\n"
    )
    return load_policy(
        text.encode(),
        "p.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda _: KEY,
    )


def identity(target: str, signer: str) -> tuple[Fate, str]:
    """Return what becomes of a signer's identity in a target, and how."""
    (found,) = [
        e for e in TARGETS[target](policy(signer)).entries if e.demand.endswith("by.a.identity")
    ]
    return found.fate, found.how


@pytest.mark.parametrize("target", ["kyverno", "nri", "policy-controller"])
@pytest.mark.parametrize(("issuer", "who"), [(GITHUB, FLOW), (GITLAB, CI)])
def test_that_another_repository_may_call_the_workflow_is_told(
    target: str, issuer: str, who: str
) -> None:
    signer = f"issuer: {issuer}, identity: {who}, trigger: push"
    fate, how = identity(target, signer)
    assert (fate, CALLS in how) == (Fate.APPROXIMATED, True)
    named = f"{signer}, source-repository: https://github.com/acme/flows"
    # It is a demand of its own then, and told as one that is not made.
    assert identity(target, named) == (Fate.EXPRESSED, "")


def test_cosign_compares_the_repository_of_github_and_of_nobody_else() -> None:
    assert identity("cosign", f"issuer: {GITHUB}, identity: {FLOW}, trigger: push") == (
        Fate.EXPRESSED,
        "",
    )
    fate, how = identity("cosign", f"issuer: {GITLAB}, identity: {CI}, trigger: push")
    assert (fate, CALLS in how) == (Fate.APPROXIMATED, True)


def test_an_identity_without_a_repository_is_made_as_it_is() -> None:
    person = "issuer: https://accounts.example, identity: ann@acme.example, trigger: x"
    assert {identity(target, person)[0] for target in EVIDENCE} == {Fate.EXPRESSED}


@pytest.mark.parametrize("target", ["kyverno", "nri", "policy-controller"])
def test_that_image_volumes_are_not_seen_is_told(target: str) -> None:
    exported = policy("key: a.pub")
    assert any("mounts as a volume" in line for line in header(TARGETS[target](exported), exported))


@pytest.mark.parametrize("target", ["cosign", "vap"])
def test_what_sees_each_image_says_nothing_of_volumes(target: str) -> None:
    exported = policy("key: a.pub")
    told = "".join(header(TARGETS[target](exported), exported))
    assert "volume" not in told


@pytest.mark.parametrize("target", ["cosign", "kyverno", "policy-controller"])
def test_an_entry_of_which_nothing_can_be_made_lets_nothing_in(target: str) -> None:
    body = TARGETS[target](policy("key: a.pub", asks="configuration: {user: not-root}")).body
    refused = {
        "cosign": "its entry demands nothing that cosign can verify",
        "kyverno": "asks for nothing that Kyverno can verify",
        "policy-controller": 'no-match-policy: "deny"',
    }
    assert refused[target] in body
    assert "ClusterImagePolicy" not in body
    assert refused["cosign"] not in TARGETS[target](policy("key: a.pub")).body


@pytest.mark.parametrize("name", ['"a\\nrm -rf x"', "\"'; rm -rf x; '\"", '"$(rm -rf x)"'])
def test_a_name_of_a_signer_is_no_command_of_the_script(name: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("kept")
    exported = policy("key: a.pub", name=name)
    made = TARGETS["cosign"](exported)
    above = "".join(f"{line}\n" for line in header(made, exported))
    (tmp_path / "cosign").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "cosign").chmod(0o755)
    done = subprocess.run(  # noqa: S603  # the script that gate wrote
        ["/bin/sh", "-s", f"ghcr.io/acme/shop@sha256:{'0' * 64}"],
        input=above + made.body,
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, (tmp_path / "x").is_file()) == (1, True)
    assert "no pass by" in done.stderr


@pytest.mark.parametrize(
    "image",
    [
        *("ghcr.io/acme/shop\nghcr.io/acme/shop", "-h", "$(id)", "ghcr.io/acme/shop;id", ""),
        *("ghcr.io/acme/shop/x", "ghcr.io/acme/shopx", "evil.example/ghcr.io/acme/shop", "shop"),
        *("ghcrXio/acme/shop", "ghcr.io/acme/shop@sha256:0", "ghcr.io/acme/shop:1@x"),
    ],
)
def test_the_script_verifies_no_image_that_the_entry_does_not_name(
    image: str, tmp_path: Path
) -> None:
    body = TARGETS["cosign"](policy("key: a.pub", asks="signature: {by: [a]}")).body
    (tmp_path / "cosign").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "cosign").chmod(0o755)
    ended = [
        subprocess.run(  # noqa: S603  # the script that gate wrote
            ["/bin/sh", "-s", "--", each],
            input=body,
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        ).returncode
        for each in (image, "ghcr.io/acme/shop:1")
    ]
    assert ended == [1, 0]
