"""A release whose pass the pipeline's own identity signs, through a Sigstore on loopback."""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from pathlib import Path

from tests.acceptance.debian_registry import LoopbackRegistry
from tests.acceptance.release import DEPLOYMENT, Release, make_release
from tests.fakes.sigstore import SigstoreServer, trusted_root

GATE = "https://github.com/acme/ci/.github/workflows/gate.yml@refs/heads/main"
"""The identity that the local issuer's tokens name."""


def make_keyless_release(
    folder: Path,
    registry: LoopbackRegistry,
    sigstore: SigstoreServer,
    identity: str = GATE,
) -> Release:
    """Write a release that is ready: its image pushed, signed and attested by the build's key.

    Beside the manifest that is in order stands `unsigned/`, whose image nobody attested.
    `admit.yaml` has the word POLICY in place of the digest that it accepts.
    """
    release = make_release(folder, registry)
    release.attest_all(release.push("first"), "first")
    release.push("second", "2.0")
    (folder / "unsigned").mkdir()
    unsigned = DEPLOYMENT.replace("IMAGE", release.name.replace(":1.0", ":2.0"))
    (folder / "unsigned/shop.yaml").write_text(unsigned)
    (folder / "trust.json").write_bytes(sigstore.trust_config())
    root = json.dumps(trusted_root(sigstore.sigstore)).encode()
    (folder / "root.json").write_bytes(root)
    source = f"https://{urllib.parse.urlsplit(identity).hostname}/acme/shop"
    policy = (folder / "policy.yaml").read_text()
    keyed, keyless = "{key: keys/gate.key}", "{keyless: true, trust-config: trust.json}"
    assert keyed in policy
    (folder / ".gate.yaml").write_text(policy.replace(keyed, keyless))
    (folder / "policy.yaml").unlink()
    (folder / "keys/gate.key").unlink()
    (folder / "admit.yaml").write_text(
        f"""\
version: 1
signers:
  gate:
    issuer: {sigstore.url}
    identity: {identity}
    source-repository: {source}
    root: local
trusted-roots:
  local: {{file: root.json, sha256: {hashlib.sha256(root).hexdigest()}}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["POLICY"]
      max-age: 24h
      manifests: exact
"""
    )
    return release
