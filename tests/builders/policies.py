"""What several tests make of policies."""

from __future__ import annotations

from collections.abc import Collection

from gate.checks import CHECKS
from gate.lint.settings import check_rules
from gate.policy.document import Policy
from gate.policy.load import load_policy

GOOD = """\
version: 1
verifier: https://acme.example/gate
signers:
  ci:
    issuer: https://token.actions.githubusercontent.com
    identity: https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/*
  scanner: {key: keys/scanner.pub}
registries:
  allow: [ghcr.io/acme]
images:
  - match: ghcr.io/acme/**
    signature: {by: [ci]}
    scan-age: {by: [scanner], max-age: 7d}
manifests:
  profile: gate
"""


KEY = b"-----BEGIN PUBLIC KEY-----\n"


def load(
    text: str, files: dict[str, bytes] | None = None, waivable: Collection[str] | None = None
) -> Policy:
    held = {"keys/scanner.pub": KEY} if files is None else files

    def read(name: str) -> bytes:
        if name not in held:
            raise FileNotFoundError(2, "No such file or directory")
        return held[name]

    checks = {name: check.params for name, check in CHECKS.items()}
    return load_policy(
        text.encode(),
        "p.yaml",
        checks=checks,
        check_rules=check_rules,
        waivable=None if waivable is None else lambda: waivable,
        read=read,
    )
