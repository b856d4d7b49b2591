"""The bytes that searches begin with: at least one that each parser reads.

They are the same bytes each time, so that a search with a seed goes the same way.
"""

from __future__ import annotations

import base64
import json
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from gate.lint.baseline import Baseline, Known, render_baseline
from gate.model.evidence import AttachedKind
from gate.model.verdict import Severity
from gate.predicates import types
from gate.reports import json_v1
from gate.signing.statement import statements
from gate.trust.cosign import CERTIFICATE, ENTRY, SIGNATURE
from tests.builders.in_toto import BUILD, layout
from tests.builders.predicates import WHOLE
from tests.builders.revocations import GOOD as REVOCATIONS
from tests.builders.sboms import SYFT
from tests.builders.scan_forms import FORMS
from tests.builders.scans import REPORTS
from tests.builders.shard_records import WRITTEN
from tests.builders.statements import ISSUER, cleared
from tests.fuzz import oracles, packages, proofs, signed
from tests.reports.sample import report

DIGEST: Final = "sha256:" + "a" * 64
_LAYER: Final = {
    "mediaType": "application/vnd.oci.image.layer.v1.tar",
    "size": 1,
    "digest": DIGEST,
}
MANIFEST: Final = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {**_LAYER, "mediaType": "application/vnd.oci.image.config.v1+json"},
    "layers": [_LAYER],
    "annotations": {"a": "b"},
}
INDEX: Final = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.index.v1+json",
    "manifests": [
        {
            **_LAYER,
            "mediaType": MANIFEST["mediaType"],
            "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"},
            "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    ],
}
YAML: Final = [
    b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: a}]}\n",
    b"%YAML 1.1\n---\n&a [0x1F, 0o7, 1_000, .inf, ~, 'x', \"\\u0041\", |\n b\n, >-\n c\n]\n...\n",
    b"a: &x {<<: *y, ? b : c}\n--- # d\n!!binary aGk=\n",
    b'{"kind": "List", "items": [{"kind": "Pod"}]}\n{"a": "\\ud83d\\ude00"}',
]
KUBECONFIG: Final = (
    b"apiVersion: v1\nkind: Config\ncurrent-context: a\n"
    b"contexts: [{name: a, context: {cluster: a, user: a}}]\n"
    b"clusters: [{name: a, cluster: {server: 'https://127.0.0.1:6443'}}]\n"
    b"users: [{name: a, user: {token: b}}]\n"
)
_ISSUER: Final = "https://token.actions.githubusercontent.com"
_FLOW: Final = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v1"
_IMPORTED: Final[dict[str, str]] = {
    "verify.sh": f"""F={_FLOW}
cosign verify --certificate-oidc-issuer {_ISSUER} \\
  --certificate-identity "$F" ghcr.io/acme/shop@$D >/dev/null
""",
    "objects.yaml": f"""apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
spec:
  images: [{{glob: "ghcr.io/acme/**"}}]
  authorities: [{{keyless: {{identities: [{{issuer: "{_ISSUER}", subject: "{_FLOW}"}}]}}}}]
---
apiVersion: kyverno.io/v1
kind: ClusterPolicy
spec:
  rules:
    - verifyImages:
        - imageReferences: ["ghcr.io/*"]
          attestors:
            - count: 1
              entries: [{{keyless: {{issuer: "{_ISSUER}", subject: "{_FLOW}"}}}}]
---
apiVersion: config.ratify.sh/v2alpha1
kind: Executor
spec:
  scopes: [ghcr.io]
  verifiers:
    - name: a
      type: cosign
      parameters:
        trustPolicies:
          - {{certificateIdentity: "{_FLOW}", certificateOIDCIssuer: "{_ISSUER}"}}
""",
    "values.yaml": f"""application:
  validators:
    - {{name: allow, type: static, approve: true}}
    - name: default
      type: cosign
      trustRoots: [{{name: default, keyless: {{issuer: "{_ISSUER}", subject: "{_FLOW}"}}}}]
  policy:
    - {{pattern: "ghcr.io/a/*:*", with: {{trustRoot: "*"}}}}
    - {{pattern: "*:*", validator: allow}}
""",
    ".kube-linter.yaml": "checks: {exclude: [latest-tag], ignorePaths: [a/**]}\n",
    ".checkov.yaml": "skip-check: [CKV_K8S_43]\nsoft-fail-on: [CKV_K8S_8]\nskip-path: [a/]\n",
    "trivy.yaml": "scan: {scanners: [misconfig], skip-dirs: [a]}\nseverity: HIGH\n",
    ".trivyignore": "CVE-2026-1 exp:2026-12-01\nKSV011 # no\n",
    ".trivyignore.yaml": "vulnerabilities: [{id: A, statement: a, expired_at: 2026-12-01}]\n",
    ".grype.yaml": "ignore: [{vulnerability: CVE-2026-1, reason: a}]\n",
    "osv-scanner.toml": '[[IgnoredVulns]]\nid = "GO-1"\nreason = "a"\nignoreUntil = 2026-12-01\n',
}

_SCAN: Final = {
    "scanner": {"uri": "pkg:x", "result": [{"id": "CVE-2026-1", "severity": [{"score": "7.5"}]}]},
    "metadata": {"scanFinishedOn": "2026-11-20T10:00:00Z"},
}


def _json(*values: object) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


def bundles() -> list[bytes]:
    """Return the bundles that count, and those with one thing wrong."""
    return [v["content"].encode() for v in signed.VECTORS.values() if "bundle" in v["kind"]]


def verified() -> list[bytes]:
    """Return what counts, and what has one thing wrong, in each form that needs no annotation."""
    kinds = [form.value for form in oracles.FORMS]
    found = [(v["kind"], v["content"]) for v in signed.VECTORS.values() if v["kind"] in kinds]
    keyed = json.loads(signed.ACCEPTED["accepted-keyed"]["content"])["dsseEnvelope"]
    found.append((AttachedKind.COSIGN_ATTESTATION.value, json.dumps(keyed)))
    return [bytes([kinds.index(kind)]) + content.encode() for kind, content in found]


def layers() -> list[bytes]:
    """Return cosign's older layers, each with its annotations behind it."""
    names = (SIGNATURE, CERTIFICATE, ENTRY)
    found = [v for v in signed.VECTORS.values() if v["kind"] == "cosign-signature"]
    parts = [[v["content"], *(v["annotations"].get(name, "") for name in names)] for v in found]
    return ["\0".join(part).encode() for part in parts]


def log_entries() -> list[bytes]:
    """Return annotations in which cosign keeps log entries."""
    return [part.split(b"\0")[3] for part in layers() if part.split(b"\0")[3]]


def checkpoints() -> list[bytes]:
    """Return the checkpoints of both kinds of log."""
    entries = [
        json.loads(signed.ACCEPTED[f"accepted-keyless-rekor-{n}"]["content"])[
            "verificationMaterial"
        ]["tlogEntries"][0]
        for n in (1, 2)
    ]
    return [e["inclusionProof"]["checkpoint"]["envelope"].encode() for e in entries]


def _certificate() -> x509.Certificate:
    bundle = json.loads(signed.ACCEPTED["accepted-keyless-rekor-1"]["content"])
    raw = bundle["verificationMaterial"]["certificate"]["rawBytes"]
    return x509.load_der_x509_certificate(base64.b64decode(raw))


def certificates() -> list[bytes]:
    """Return a certificate."""
    return [_certificate().public_bytes(Encoding.DER)]


def extensions() -> list[bytes]:
    """Return the extensions of a certificate."""
    return [proofs.written((e.oid, e.value.public_bytes()) for e in _certificate().extensions)]


def predicates() -> list[bytes]:
    """Return a predicate of each type that gate reads, with each scanner's report in one."""
    (passed, *_) = statements(cleared(), ISSUER)
    read = [
        (types.IMAGE_SIGNATURE[0], {}),
        (types.VERIFICATION_SUMMARY[0], json.loads(passed.payload)["predicate"]),
        (types.LAYOUT[0], {"layout": layout(), "links": [BUILD]}),
        (types.SYFT[0], SYFT),
        (types.SCAN_IN_TOTO[0], _SCAN),
        *WHOLE.values(),
    ]
    return [
        bytes([oracles.PREDICATES.index(kind)]) + text
        for (kind, _), text in zip(read, _json(*(value for _, value in read)), strict=True)
    ]


def scans() -> list[bytes]:
    """Return a report of each scanner."""
    return _json(*(document for document, _ in [*REPORTS.values(), *FORMS.values()]))


def revocation_lists() -> list[bytes]:
    """Return lists with a line of each kind."""
    why = {"reason": "x", "at": "2026-11-29T10:00:00Z"}
    digests = [{name: DIGEST, **why} for name in ("image", "release", "policy", "key")]
    person = {"subject": "https://a.example", "issuer": "https://b.example", **why}
    lines = [*digests, person, {**digests[-1], "since": "2026-11-28T10:00:00Z"}]
    return _json(REVOCATIONS, {**REVOCATIONS, "ended": lines})


def baselines() -> list[bytes]:
    """Return a baseline."""
    one = Known("latest-tag", "shop/Pod/web", "web", "spec.a[*]", Severity.HIGH, ("0" * 12,))
    return [render_baseline(Baseline((one, one))).encode()]


def recorded_reports() -> list[bytes]:
    """Return reports of a run that is cleared and of one that is blocked."""
    return [json_v1.render(report(cleared=said)).encode() for said in (True, False)]


def shard_records() -> list[bytes]:
    """Return the record of a shard."""
    return [WRITTEN]


def imported() -> list[bytes]:
    """Return a configuration of each kind."""
    names = oracles.IMPORTED
    return [bytes([names.index(name)]) + text.encode() for name, text in _IMPORTED.items()]


def versions() -> list[bytes]:
    """Return two versions of each type of package."""
    return [bytes([n]) + b"1.2.3-1\x001.2.3-r2" for n in range(len(packages.KINDS))] + [
        bytes([n]) + b"1.2.3\x001.10.0" for n in range(len(packages.KINDS))
    ]
