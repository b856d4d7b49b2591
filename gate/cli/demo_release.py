"""The small release that `gate demo` makes: real images, keys and signatures, nothing recorded.

Two images in OCI layout folders, signed by the build's key, with a CycloneDX and an SPDX
document and a vulnerability scan each, a manifest that runs both, and the two policies.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.registry.publish import RepositoryPublisher
from gate.registry.route import LayoutRegistry
from gate.signing.key import sign_statement

REGISTRY: Final = "registry.example/acme"
SHOP, WORKER = "shop", "worker"
_CYCLONEDX: Final = "https://cyclonedx.org/bom"
_SPDX: Final = "https://spdx.dev/Document"
_SCAN: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
_SIGNATURE: Final = "https://sigstore.dev/cosign/sign/v1"

POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers:
  build: {key: keys/build.pub}
  scanner: {key: keys/scanner.pub}
registries:
  allow: [registry.example/acme]
images:
  - match: registry.example/**
    signature: {by: [build]}
    sbom: {by: [build]}
    scan-age: {by: [scanner], max-age: 7d}
manifests:
  profile: gate
pass:
  environment: production
  valid-for: 24h
  sign: {key: keys/gate.key}
"""

ADMIT: Final = """\
version: 1
signers:
  gate: {key: keys/gate.pub}
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

MANIFEST: Final = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: acme
spec:
  replicas: 2
  selector:
    matchLabels: {app: NAME}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      serviceAccountName: NAME
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: NAME
          image: IMAGE
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {cpu: 200m, memory: 64Mi}
          readinessProbe: {httpGet: {path: /, port: http}}
          livenessProbe: {httpGet: {path: /, port: http}}
          ports:
            - {name: http, containerPort: 8080}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampering:
    """What is wrong with a release. Nothing, unless it says so."""

    signed: bool = True
    signed_by_stranger: bool = False
    sbom_of_other_image: bool = False
    scan_age: timedelta = timedelta(hours=2)
    image_registry: str = REGISTRY
    privileged: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """The three keys of the release, and one that nobody trusts."""

    build: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    scanner: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    gate: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    stranger: ec.EllipticCurvePrivateKey = field(default_factory=generate)

    def write(self, folder: Path) -> None:
        """Write what the two policies refer to, the private key of passes for its owner alone."""
        folder.mkdir(parents=True)
        for name in ("build", "scanner", "gate"):
            (folder / f"{name}.pub").write_bytes(public_pem(getattr(self, name).public_key()))
        secret = folder / "gate.key"
        secret.touch(mode=0o600)
        secret.write_bytes(private_pem(self.gate))


def make_release(folder: Path, keys: Keys, now: datetime, tampering: Tampering) -> None:
    """Write a whole release into a new folder: keys, policy, images, evidence, manifests."""
    keys.write(folder / "keys")
    (folder / "policy.yaml").write_text(POLICY)
    registry = LayoutRegistry({tampering.image_registry: folder / "images"})
    images = {name: _push_image(registry, tampering, name, now) for name in (SHOP, WORKER)}
    for name, image in images.items():
        other = images[WORKER if name == SHOP else SHOP]
        for key, statement in _evidence(name, image, other, keys, now=now, tampering=tampering):
            bundle = sign_statement(statement.payload, key)
            RepositoryPublisher(registry).push_bundle(
                image, bundle, predicate_type=statement.type, created=now
            )
    text = "---\n".join(
        MANIFEST.replace("NAME", name).replace("IMAGE", str(image))
        for name, image in images.items()
    )
    if tampering.privileged:
        text = text.replace("allowPrivilegeEscalation: false", "privileged: true", 1)
    (folder / "manifests").mkdir()
    (folder / "manifests" / "release.yaml").write_text(text)


def _push_image(
    registry: LayoutRegistry, tampering: Tampering, name: str, now: datetime
) -> ResolvedImage:
    reference = ImageReference.parse(f"{tampering.image_registry}/{name}:1.0")
    repository = registry.repository(reference)
    layer, unpacked = _layer(name)
    config = _json(
        {
            "architecture": "amd64",
            "os": "linux",
            "created": _time(now),
            "config": {"User": "65532", "Entrypoint": [f"/{name}"]},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{unpacked}"]},
        }
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": _descriptor("application/vnd.oci.image.config.v1+json", config),
            "layers": [_descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
        }
    )
    repository.put_blob(layer)
    repository.put_blob(config)
    media_type = "application/vnd.oci.image.manifest.v1+json"
    repository.put_tag("1.0", manifest, media_type, over=None)
    return registry.resolve(reference)


def _layer(name: str) -> tuple[bytes, str]:
    """Return a layer of one file, and the digest of what it unpacks to."""
    buffer = io.BytesIO()
    program = f"#!/bin/sh\necho {name}\n".encode()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(program), 0o755
        tar.addfile(entry, io.BytesIO(program))
    raw = buffer.getvalue()
    return gzip.compress(raw, mtime=0), hashlib.sha256(raw).hexdigest()


@dataclass(frozen=True, slots=True)
class _Stated:
    type: str
    payload: bytes


def _evidence(
    name: str,
    image: ResolvedImage,
    other: ResolvedImage,
    keys: Keys,
    *,
    now: datetime,
    tampering: Tampering,
) -> Iterator[tuple[ec.EllipticCurvePrivateKey, _Stated]]:
    """Yield who signs what about an image."""
    if tampering.signed:
        signer = keys.stranger if tampering.signed_by_stranger else keys.build
        yield signer, _statement(image, _SIGNATURE, {})
    about = other if tampering.sbom_of_other_image else image
    if name == SHOP:
        yield keys.build, _statement(about, _CYCLONEDX, _cyclonedx(name, now))
    else:
        yield keys.build, _statement(about, _SPDX, _spdx(name, now))
    yield keys.scanner, _statement(image, _SCAN, _scan(now - tampering.scan_age))


def _statement(subject: ResolvedImage, type_: str, predicate: object) -> _Stated:
    payload = _json(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": subject.repository, "digest": {"sha256": subject.digest.hex}}],
            "predicateType": type_,
            "predicate": predicate,
        }
    )
    return _Stated(type_, payload)


def _cyclonedx(name: str, now: datetime) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 1,
        "metadata": {
            "timestamp": _time(now),
            "tools": {"components": [{"type": "application", "name": "demo", "version": "1"}]},
            "component": {"type": "container", "name": name, "version": "1.0", "bom-ref": "root"},
        },
        "components": [
            {
                "type": "library",
                "bom-ref": "busybox",
                "name": "busybox",
                "version": "1.37.0",
                "supplier": {"name": "BusyBox"},
                "purl": "pkg:generic/busybox@1.37.0",
            }
        ],
        "dependencies": [{"ref": "root", "dependsOn": ["busybox"]}],
    }


def _spdx(name: str, now: datetime) -> dict[str, Any]:
    def package(id_: str, called: str, version: str) -> dict[str, Any]:
        return {
            "SPDXID": f"SPDXRef-{id_}",
            "name": called,
            "versionInfo": version,
            "supplier": "Organization: Acme",
            "downloadLocation": "NOASSERTION",
        }

    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://acme.example/sbom/{name}",
        "creationInfo": {"created": _time(now), "creators": ["Tool: demo-1"]},
        "packages": [package("root", name, "1.0"), package("busybox", "busybox", "1.37.0")],
        "relationships": [
            {
                "spdxElementId": "SPDXRef-DOCUMENT",
                "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-root",
            },
            {
                "spdxElementId": "SPDXRef-root",
                "relationshipType": "CONTAINS",
                "relatedSpdxElement": "SPDXRef-busybox",
            },
        ],
    }


def _scan(at: datetime) -> dict[str, Any]:
    return {
        "invocation": {"parameters": None, "uri": "", "event_id": "", "builder.id": ""},
        "scanner": {
            "uri": "https://acme.example/scanner",
            "version": "1",
            "db": {"uri": "https://acme.example/db", "version": "1"},
            "result": {},
        },
        "metadata": {"scanStartedOn": _time(at), "scanFinishedOn": _time(at)},
    }


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    digest = Digest(hashlib.sha256(content).hexdigest())
    return {"mediaType": media_type, "digest": str(digest), "size": len(content)}


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
