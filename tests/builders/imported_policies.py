"""Policies of other tools, and what `gate import` makes of them."""

from __future__ import annotations

from pathlib import Path

from gate.checks.demand.base import SignedParams
from gate.cli.reads.find_policy import find_policy
from gate.cli.runs.import_policy import run_import
from gate.export.imports.call import ImportCall
from gate.export.imports.ignored import WaiverTerms
from gate.export.imports.kinds import import_file
from gate.export.imports.known_rules import KnownRules
from gate.export.imports.proposal import ImportedPolicy
from gate.lint.rules import RULES
from gate.policy.document import Policy

GITHUB = "https://token.actions.githubusercontent.com"
FLOW = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags"
TERMS = WaiverTerms()
CIP = f"""\
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: {{name: shop}}
spec:
  images: [{{glob: "ghcr.io/acme/**"}}]
  authorities:
    - name: ci
      keyless:
        url: https://fulcio.sigstore.dev
        identities: [{{issuer: {GITHUB}, subject: "{FLOW}/v1"}}]
      ctlog: {{url: https://rekor.sigstore.dev}}
"""
KYVERNO = f"""\
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {{name: shop}}
spec:
  rules:
    - name: signed
      match: {{any: [{{resources: {{kinds: [Pod]}}}}]}}
      verifyImages:
        - imageReferences: ["ghcr.io/acme/*"]
          attestors:
            - count: 1
              entries:
                - keyless: {{issuer: {GITHUB}, subject: "{FLOW}/v1"}}
                - keyless: {{issuer: {GITHUB}, subject: "{FLOW}/v2"}}
"""
SUBJECT = f'subject: "{FLOW}/v1"'


def imported(folder: Path, *texts: str, name: str = "given.yaml") -> tuple[Policy, list[str]]:
    """Return the policy of some files, as its own reader has it, and the account."""
    files = []
    for index, text in enumerate(texts):
        path = folder / f"{index}-{name}"
        path.write_text(text)
        files.append(str(path))
    out = folder / "policy.yaml"
    out.unlink(missing_ok=True)
    printed: list[str] = []
    run_import(files, str(out))
    return find_policy(str(out), None), printed


def asks(policy: Policy) -> dict[str, dict[str, object]]:
    return {
        entry.pattern.text: {
            check: (sorted(params.by), params.at_least)
            if isinstance(params, SignedParams)
            else "required"
            for check, params in entry.checks.items()
        }
        for entry in policy.images
    }


def told(text: str, name: str = "given.yaml", key: str | None = None) -> dict[str, str]:
    """Return what the account says of each demand without an equivalent, by its last part."""
    given = ImportedPolicy()
    call = ImportCall(given, lambda _: key, KnownRules.of(RULES), TERMS)
    lines = import_file(text.encode(), name, call)
    return {line.demand.split()[0].rpartition(".")[2]: line.note for line in lines if not line.key}
