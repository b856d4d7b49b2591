"""A project of GitHub Actions for which `gate init` proposes policies."""

from __future__ import annotations

from gate.policy.propose import Project, SeenSigner

GITHUB = "https://token.actions.githubusercontent.com"
WORKFLOW = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v1.2.3"
CI = SeenSigner(GITHUB, WORKFLOW, "https://github.com/acme/shop")
EXPECTED = SeenSigner(
    GITHUB, "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/*"
)
PROJECT = Project(
    verifier="https://github.com/acme/shop/gate", expected=EXPECTED, owns="acme", keyless=True
)
