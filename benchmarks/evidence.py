"""`gate check` and `gate admit` of one image that carries thousands of attestations.

    python -m benchmarks.evidence [--attestations 5000] [--large 200] [--bytes 2600000]

A registry in memory is served on loopback by another process. The image has one signature, so many
passes of past nights, and so many large scans, all by one key, with the annotations that gate
writes. Each command is a process of its own, measured from outside: wall time and the largest
resident memory. Nothing is asserted: figures are for people.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks import child
from benchmarks.figures import tell
from gate.keys.private import generate, private_pem
from gate.model.words import timestamp
from gate.signing.key import sign_statement
from tests.fakes.registry import FakeRegistry

_SCAN: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
_PASS: Final = "https://slsa.dev/verification_summary/v1"  # noqa: S105  # a type, no password
_SIGN: Final = "https://sigstore.dev/cosign/sign/v1"
_POLICY: Final = """\
version: 1
verifier: https://acme.example/gate
signers: {{ci: {{key: ci.pub}}}}
images:
  - match: "**"
    signature: {{by: [ci]}}
{more}pass: {{environment: production, valid-for: 24h, sign: {{key: gate.key}}}}
"""
_SCANNED: Final = """\
    scan-age: {by: [ci], max-age: 2d}
    vulnerabilities: {by: [ci], fail-on: high}
"""
_DEPLOY: Final = """\
version: 1
signers: {{gate: {{key: gate.pub}}}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["{digest}"]
      max-age: 24h
      manifests: images
"""


def serve(channel: Connection, folder: str, count: int, large: int, size: int) -> None:
    """Serve the image with all that is attached to it, until told to end."""
    ci, gate = generate(), generate()
    for name, key in (("ci", ci), ("gate", gate)):
        Path(folder, f"{name}.key").write_bytes(private_pem(key))
        Path(folder, f"{name}.pub").write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    with FakeRegistry() as fake:
        digest = fake.image("acme/shop", "1.0")
        now = datetime.now(UTC)

        def attach(kind: str, predicate: dict[str, Any], at: datetime, key: Any) -> None:  # noqa: ANN401  # a private key
            subject = [{"name": "shop", "digest": {"sha256": digest.hex}}]
            stated = {
                "_type": "https://in-toto.io/Statement/v1",
                "subject": subject,
                "predicateType": kind,
                "predicate": predicate,
            }
            told = {
                "dev.sigstore.bundle.content": "dsse-envelope",
                "dev.sigstore.bundle.predicateType": kind,
                "org.opencontainers.image.created": timestamp(at),
            }
            content = sign_statement(json.dumps(stated).encode(), key)
            fake.attach("acme/shop", digest, content, annotations=told)

        attach(_SIGN, {}, now, ci)
        for night in range(count - large - 1):
            at = now - timedelta(days=1, hours=night)
            attach(_PASS, {"timeVerified": timestamp(at), "night": night}, at, gate)
        for night in range(large):
            at = now - timedelta(minutes=1, days=night)
            attach(_SCAN, _scan(at, size), at, ci)
        channel.send((fake.host, str(digest)))
        while channel.recv() == "requests":
            channel.send(len(fake.requests))
            fake.requests.clear()


def trivy_report(at: datetime, size: int) -> dict[str, Any]:
    """Return a report of Trivy of about so many bytes, all of them findings."""
    one = {"PkgName": "demo", "InstalledVersion": "1.0", "Severity": "LOW"}
    found = [
        one | {"VulnerabilityID": f"CVE-2022-{1000 + i}", "Description": "x" * 1000}
        for i in range(max(1, size // 1110))
    ]
    result = {"Target": "debian 12", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": found}
    return {
        "SchemaVersion": 2,
        "CreatedAt": timestamp(at),
        "ArtifactName": "shop",
        "ArtifactType": "container_image",
        "Results": [result],
    }


def _scan(at: datetime, size: int) -> dict[str, Any]:
    report = trivy_report(at, size)
    scanner = {"uri": "pkg:github/aquasecurity/trivy@0.57.0", "version": "0.57.0", "result": report}
    times = {"scanStartedOn": timestamp(at), "scanFinishedOn": timestamp(at)}
    return {"scanner": scanner, "metadata": times}


def run(folder: str, *words: str) -> dict[str, float]:
    """Run a command of gate, and return its wall and CPU seconds, MiB and exit code."""
    gate = str(Path(sys.executable).with_name("gate"))
    with Path(folder, "out").open("wb") as out:
        used = child.run([gate, *words], folder=Path(folder), output=out)
    return {
        "seconds": round(used.wall, 2),
        "cpu": round(used.user + used.system, 2),
        "mib": round(used.peak / 1024 / 1024),
        "exit": used.code,
    }


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description="One image with thousands of attestations.")
    parser.add_argument("--attestations", type=int, default=5000)
    parser.add_argument("--large", type=int, default=200)
    parser.add_argument("--bytes", type=int, default=2_600_000, help="size of one large scan")
    asked = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = multiprocessing.get_context("fork").Process(
            target=serve, args=(theirs, folder, asked.attestations, asked.large, asked.bytes)
        )
        server.start()
        host, digest = ours.recv()
        Path(folder, "p.yaml").write_text(_POLICY.format(more=""))
        Path(folder, "scanned.yaml").write_text(_POLICY.format(more=_SCANNED))
        policy = subprocess.run(  # noqa: S603  # words of our own
            [Path(sys.executable).with_name("gate"), "policy", "p.yaml"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        named = next(w for w in policy.stdout.split() if w.startswith("sha256:"))
        Path(folder, "admit.yaml").write_text(_DEPLOY.format(digest=named))
        reached = ("--plain-http", host, "--image", f"{host}/acme/shop@{digest}")
        figures = {}
        for what, words in {
            "check that signs": ("check", "--policy", "p.yaml", *reached),
            "check that finds its pass": ("check", "--policy", "p.yaml", *reached),
            "admit": ("admit", "--policy", "admit.yaml", *reached),
            "check of all scans": ("check", "--dry-run", "--policy", "scanned.yaml", *reached),
        }.items():
            ours.send("requests")
            ours.recv()
            figures[what] = run(folder, *words)
            ours.send("requests")
            figures[what]["requests"] = ours.recv()
            if figures[what]["exit"]:
                sys.stderr.write(Path(folder, "out").read_text())
        ours.send("end")
        server.join()
    much = f"{asked.attestations} attestations"
    tell("evidence", figures["admit"]["seconds"], much=much)
    print(json.dumps(figures, indent=2))  # noqa: T201  # for people


if __name__ == "__main__":
    main()
