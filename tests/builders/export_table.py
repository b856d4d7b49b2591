"""What each target of `gate export` makes of each key of a policy, as a table for its page.

Nobody writes it: policies that set every key are exported, and the accounts are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from gate.cli.reads.find_policy import find_policy
from gate.export.account import DemandFate, Fate
from gate.export.targets import TARGETS
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.model.image import Digest
from gate.policy.document import Policy
from gate.policy.signers import KeySigner
from tests.fakes.sigstore import LocalSigstore, trusted_root

_HEAD: Final = """\
version: 1
signers:
  keyed: {key: a.pub, root: public-good, log: required, timestamp: required}
  other: {key: b.pub}
  flow:
    issuer: https://token.actions.githubusercontent.com
    identity: https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v1
    source-repository: https://github.com/acme/shop
    repository-id: "1"
    owner-id: "2"
    ref: refs/tags/v1
    trigger: [push]
    runner-environment: github-hosted
    visibility: public
    root: public-good
    log: required
    timestamp: required
  ours: {issuer: "https://id.acme.example", identity: release@acme.example, root: ours}
trusted-roots: {ours: {file: root.json, sha256: ROOT}}
"""
_SIGNED: Final = "by: [keyed, other, flow], at-least: 1, on: index"
_WHOLE: Final = f"""\
registries: {{allow: [ghcr.io/acme]}}
images:
  - match: ghcr.io/acme/**
    digest: required
    signature: {{{_SIGNED}}}
    sbom:
      by: [keyed, flow]
      at-least: 2
      on: index
      minimum-packages: 2
      minimum-elements: none
      describes-image: true
      forbid-packages: ["pkg:npm/left-pad"]
      forbid-licenses: [MIT]
      base-image: {{allow: [docker.io/library], max-age: 7d}}
      schema: strict
    scan-age: {{{_SIGNED}, max-age: 7d, max-database-age: 2d, scanners: [trivy]}}
    vulnerabilities:
      by: [keyed]
      at-least: 1
      on: index
      fail-on: high
      fail-on-unfixable: never
      fail-on-cvss: 7.5
      deny: [CVE-2026-1]
      grace: 2d
      vex: [other]
    provenance:
      by: [flow]
      at-least: 1
      on: index
      builder: https://b/1
      source: https://s/1
      ref: refs/tags/v1
      entry-point: e
      build-type: https://t/1
    layout: {{by: [keyed], at-least: 1, on: index, keys: [PEM]}}
    configuration:
      user: not-root
      secrets: forbid
      ports: [8080/tcp]
      entrypoint: required
      labels: {{is: shop}}
      max-age: 7d
    pass:
      by: [flow]
      at-least: 1
      on: index
      verifier: https://acme.example/gate
      environment: production
      policies: ["sha256:{"1" * 64}"]
      max-age: 24h
      manifests: exact
      managed: [{{kind: Deployment, path: spec.replicas}}]
      same-signer: accepted
      waivers: refused
manifests: {{profile: baseline}}
revocations: {{from: "ghcr.io/acme/ended:production", by: [keyed], max-age: 1h}}
"""
_MORE: Final = f"""\
images:
  - match: ghcr.io/acme/a
    signature: {{by: [keyed, other, ours], at-least: 2, on: platforms}}
    sbom: {{by: [ours], allow-licenses: [MIT]}}
    provenance:
      by: [flow]
      levels: {{"https://b/1": 2}}
      minimum-level: 2
      source-from: resolved-dependencies
  - match: ghcr.io/acme/b
    pass:
      by: [keyed]
      verifier: https://acme.example/gate
      environment: production
      policies: ["sha256:{"1" * 64}"]
      max-age: 24h
      manifests: images
"""
_SHORT: Final = {
    Fate.EXPRESSED: "yes",
    Fate.APPROXIMATED: "other",
    Fate.LOST: "no",
}


@dataclass(slots=True)
class Row:
    """What became of one key, by target."""

    fates: dict[str, list[DemandFate]] = field(default_factory=dict)


def exported() -> Iterator[Policy]:
    """Yield policies that set every key that a target could make."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name in ("a", "b"):
            (folder / f"{name}.pub").write_bytes(public_pem(generate().public_key()))
        root = json.dumps(trusted_root(LocalSigstore())).encode()
        (folder / "root.json").write_bytes(root)
        head = _HEAD.replace("ROOT", Digest.of(root).hex)
        pem = json.dumps((folder / "a.pub").read_text())
        for text in (_WHOLE, _MORE):
            (folder / "policy.yaml").write_text(head + text.replace("PEM", pem))
            yield find_policy(str(folder / "policy.yaml"), None)


def rows() -> dict[str, Row]:
    """Return the row of each key, in the order of the policies."""
    found: dict[str, Row] = {}
    for policy in exported():
        for target, export in TARGETS.items():
            entries = export(policy).entries
            lost = {entry.demand for entry in entries if entry.fate is Fate.LOST}
            for entry in entries:
                row = found.setdefault(key_of(entry.demand, policy), Row())
                # Who signs what the target does not ask for says nothing of signers.
                check, by, _ = entry.demand.partition(".by.")
                if not by or check not in lost:
                    row.fates.setdefault(target, []).append(entry)
    return found


def key_of(demand: str, policy: Policy) -> str:
    """Return a demand's key: without the pattern of its entry and the name of its signer."""
    kind, _, rest = demand.partition(" ")
    if kind == "manifests":
        return f"manifests: {rest}"
    if kind != "images":
        return demand
    said = rest.rpartition(" ")[2]
    check, by, signer = said.partition(".by.")
    if not by:
        return check
    name, _, key = signer.partition(".")
    held = isinstance(policy.signers[name], KeySigner)
    return f"a signer with {'a key' if held else 'an identity'}: {key}"


def table() -> str:
    """Return the table and its notes, as Markdown."""
    notes: dict[str, int] = {}
    lines = [f"| key | {' | '.join(f'`{target}`' for target in TARGETS)} |"]
    lines.append("| --- " * (len(TARGETS) + 1) + "|")
    unsaid = []
    for key, row in rows().items():
        if not any(e.fate is not Fate.LOST for made in row.fates.values() for e in made):
            unsaid.append(key)
            continue
        cells = [_cell(row.fates.get(target, []), notes) for target in TARGETS]
        lines.append(f"| {_shown(key)} | {' | '.join(cells)} |")
    numbered = [f"{number}. {how}" for how, number in notes.items()]
    rules = [key for key in unsaid if key.startswith("manifests: ")]
    others = ", ".join(_shown(key) for key in unsaid if key not in rules)
    said = f"No target makes these: {others}, and every other rule of `manifests`."
    return "\n".join(["", "", *lines, "", *numbered, "", said, "", ""])


def _shown(key: str) -> str:
    head, colon, name = key.rpartition(": ")
    return f"{head}{colon}`{name}`"


def _cell(made: list[DemandFate], notes: dict[str, int]) -> str:
    """Return how a target makes a key; where it depends on the policy, each way."""
    words = []
    for fate in (Fate.EXPRESSED, Fate.APPROXIMATED, Fate.LOST):
        hows = sorted({entry.how for entry in made if entry.fate is fate})
        if fate is Fate.APPROXIMATED and hows:
            numbers = ", ".join(str(notes.setdefault(how, len(notes) + 1)) for how in hows)
            words.append(f"otherwise ({numbers})")
        elif hows:
            words.append(_SHORT[fate])
    return " or ".join(words) or "no"
