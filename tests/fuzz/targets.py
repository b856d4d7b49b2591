"""The parsers, each with its oracle and the bytes that a search begins with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding

from gate.keys.public import public_pem
from tests.builders.admission import encoded, pinned, pod, request
from tests.builders.artifacts import packed, tar_of
from tests.builders.policies import GOOD
from tests.builders.sboms import CYCLONEDX, SPDX
from tests.builders.scan_forms import FORMS
from tests.builders.scans import REPORTS
from tests.fakes.sigstore import new_key
from tests.fuzz import oracles, signed
from tests.trust import given


@dataclass(frozen=True, slots=True)
class Target:
    """A parser of foreign bytes."""

    oracle: oracles.Oracle
    seeds: Callable[[], list[bytes]]
    most: int = 8192
    """The most bytes of an input: a search learns nothing from more of the same."""


def _json(*values: object) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


def _checkpoint() -> str:
    entry = json.loads(signed.BUNDLES[0])["verificationMaterial"]["tlogEntries"][0]
    return str(entry["inclusionProof"]["checkpoint"]["envelope"])


def _scans() -> list[bytes]:
    return _json(*(report for report, _ in [*REPORTS.values(), *FORMS.values()]))


DIGEST: Final = "sha256:" + "a" * 64
_LAYER: Final = {
    "mediaType": "application/vnd.oci.image.layer.v1.tar",
    "size": 1,
    "digest": DIGEST,
}
_MANIFEST: Final = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {**_LAYER, "mediaType": "application/vnd.oci.image.config.v1+json"},
    "layers": [_LAYER],
    "annotations": {"a": "b"},
}
_INDEX: Final = {
    "schemaVersion": 2,
    "mediaType": "application/vnd.oci.image.index.v1+json",
    "manifests": [
        {
            **_LAYER,
            "mediaType": _MANIFEST["mediaType"],
            "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"},
            "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    ],
}
_YAML: Final = [
    b"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: a}]}\n",
    b"%YAML 1.1\n---\n&a [0x1F, 0o7, 1_000, .inf, ~, 'x', \"\\u0041\", |\n b\n, >-\n c\n]\n...\n",
    b"a: &x {<<: *y, ? b : c}\n--- # d\n!!binary aGk=\n",
    b'{"kind": "List", "items": [{"kind": "Pod"}]}\n{"a": "\\ud83d\\ude00"}',
]
_KUBECONFIG: Final = (
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
_REVOCATIONS: Final = {
    "schema": "gate/revocations/v1",
    "serial": 1,
    "made": "2026-11-20T10:00:00Z",
    "expires": "2026-11-21T10:00:00Z",
    "ended": [{"image": DIGEST, "reason": "x", "at": "2026-11-20T10:00:00Z"}],
}

TARGETS: Final[dict[str, Target]] = {
    "archive": Target(oracles.archive, lambda: [tar_of({"a/b.yaml": b"x"}), packed({"c": b"y"})]),
    "admission-review": Target(
        oracles.admission_review, lambda: [encoded(request(pod(pinned("shop"))))]
    ),
    "baseline": Target(oracles.baseline, lambda: _json({"schema": "gate/baseline/v1"})),
    "bundle": Target(oracles.bundle, lambda: [*signed.BUNDLES]),
    "certificate": Target(
        oracles.certificate,
        lambda: [
            certificate.public_bytes(Encoding.DER)
            for certificate in [given.sigstore().holder(given.AT).certificate]
            if certificate
        ],
    ),
    "challenge": Target(
        oracles.challenge,
        lambda: [b'Bearer realm="https://a.example/token",service="a",scope="b"', b"Basic"],
    ),
    "checkpoint": Target(oracles.checkpoint, lambda: [_checkpoint().encode()]),
    "cosign-layer": Target(oracles.cosign_layer, lambda: [b"{}\0a\0b\0{}"]),
    "docker-config": Target(
        oracles.docker_config,
        lambda: _json({"auths": {"a.example": {"auth": "YTpi"}}, "credsStore": "x"}),
    ),
    "documents": Target(oracles.documents, lambda: _YAML),
    "image-configuration": Target(
        oracles.image_configuration,
        lambda: _json({"os": "linux", "config": {"User": "1", "Env": ["A=b"], "Labels": {}}}),
    ),
    "imported": Target(
        oracles.imported,
        lambda: [
            bytes([oracles.IMPORTED.index(name)]) + text.encode()
            for name, text in _IMPORTED.items()
        ],
    ),
    "kubeconfig": Target(oracles.kubeconfig, lambda: [_KUBECONFIG]),
    "large-json": Target(
        oracles.large_json,
        lambda: [b'{"a": [1.5e3, {"b": "\\ud83d\\ude00"}], "b": {"a": [-0, "\xc3\xa9"]}}'],
    ),
    "location": Target(
        oracles.location,
        lambda: [b"https://a.example:1/b/../c?d=%2f", b"//[::1]/", b"/v2/?n=1", b"../x"],
        most=512,
    ),
    "log-entry": Target(
        oracles.log_entry,
        lambda: _json({"SignedEntryTimestamp": "YQ==", "Payload": {"body": "e30=", "logIndex": 1}}),
    ),
    "manifest": Target(oracles.manifest, lambda: _json(_MANIFEST, _INDEX)),
    "manifests": Target(oracles.manifests, lambda: _YAML),
    "policy": Target(oracles.policy, lambda: [GOOD.encode()]),
    "predicate": Target(
        oracles.predicate,
        lambda: [bytes([n]) + d for n, d in enumerate(_json(CYCLONEDX, SPDX) + _scans())],
    ),
    "public-key": Target(oracles.public_key, lambda: [public_pem(new_key().public_key())]),
    "recorded-report": Target(oracles.recorded_report, lambda: _json({"schema": "gate/report/v1"})),
    "reference": Target(
        oracles.reference, lambda: [b"nginx", f"ghcr.io:443/acme/shop:1.4@{DIGEST}".encode()]
    ),
    "referrers": Target(
        oracles.referrers, lambda: [b'</v2/a?n=1>; rel="next"\0' + _json(_INDEX)[0]]
    ),
    "revocation-list": Target(oracles.revocation_list, lambda: _json(_REVOCATIONS)),
    "scan-report": Target(oracles.scan_report, _scans),
    "statement": Target(oracles.statement, lambda: [given.statement()]),
    "strict-json": Target(
        oracles.strict_json, lambda: [b'{"a": [1.5e3, -0, true, null, "\\ud83d\\ude00"]}']
    ),
    "trusted-root": Target(oracles.trusted_root, lambda: _json(given.root_document()), most=16384),
    "verified": Target(oracles.verified, lambda: [*signed.BUNDLES], most=16384),
}
