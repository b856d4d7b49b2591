"""What a command costs from the start of its process to its end.

    python -m benchmarks.start [--rounds 10] [--gate PATH ...] [--only NAME ...]

Each command is a process of its own: the version, help, a lint of one manifest, a check of one
manifest, a check of one image (signature, SBOM and scan, by key), `sign` with a key, and `admit`
of one image, on a registry in memory on loopback. Beside them a bare interpreter that imports two
modules of the standard library, and `cosign verify` where it is installed. The programs take
turns, and the least CPU and wall time of all rounds count: other work on the machine only
adds. Name several programs with `--gate` to compare releases; modules must be compiled
(`python -m compileall gate`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.figures import tell
from benchmarks.nights import scan
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.words import timestamp
from tests.fakes.registry import FakeRegistry

_CHECK: Final = """\
version: 1
verifier: https://acme.example/gate
signers: {ci: {key: ci.pub}}
images:
  - match: "**"
    signature: {by: [ci]}
    sbom: {by: [ci]}
    scan-age: {by: [ci], max-age: 2d}
    vulnerabilities: {by: [ci], fail-on: high}
"""
_SIGNED: Final = "pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}\n"
_ADMIT: Final = """\
version: 1
signers: {gate: {key: gate.pub}}
images:
  - match: "**"
    pass:
      by: [gate]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: images
"""
_MANIFEST_POLICY: Final = """\
version: 1
registries: {allow: [example.org]}
images: [{match: "**", digest: required}]
manifests: {profile: baseline}
"""
_MANIFEST: Final = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n"
_SBOM: Final = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "components": [
        {"type": "library", "name": "demo", "version": "1", "purl": "pkg:pypi/demo@1"},
    ],
}
_MADE_BY: Final = {"tools": {"components": [{"type": "application", "name": "syft"}]}}


@dataclass
class Times:
    """The least that one command took, in seconds."""

    cpu: float = field(default=float("inf"))
    wall: float = field(default=float("inf"))


def once(command: Sequence[str], folder: Path, code: int) -> tuple[float, float]:
    """Return CPU and wall seconds of a command; stop where it ends with another code."""
    began = time.perf_counter()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # a benchmark runs programs
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != code:
        sys.exit(f"{command} ended with {process.returncode}:\n{(folder / 'output').read_text()}")
    return used.ru_utime + used.ru_stime, wall


def prepare(folder: Path, gate: str, fake: FakeRegistry) -> str:
    """Write keys, policies and a manifest; sign what is checked, and its pass; return the image.

    Each program does so for itself: a pass of one release is not always one of another's.
    """
    folder.mkdir()
    for name in ("ci", "gate"):
        key = generate()
        (folder / f"{name}.key").write_bytes(private_pem(key))
        (folder / f"{name}.key").chmod(0o600)
        (folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
    (folder / "check.yaml").write_text(_CHECK)
    (folder / "pass.yaml").write_text(_CHECK + _SIGNED)
    (folder / "manifest.yaml").write_text(_MANIFEST_POLICY)
    (folder / "m.yaml").write_text(_MANIFEST)
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=2)
    sbom = _SBOM | {"metadata": {"timestamp": timestamp(made), **_MADE_BY}}
    (folder / "sbom.json").write_text(json.dumps(sbom))
    (folder / "scan.json").write_text(json.dumps(scan(made)["scanner"]["result"]))
    name = f"acme/{folder.name}"
    image = f"{fake.host}/{name}@{fake.image(name, '1.0')}"

    def run(*words: str) -> None:
        once([gate, *words, "--plain-http", fake.host], folder, 0)

    run("sign", "--key", "ci.key", image)
    run("attest", "--key", "ci.key", "--type", "sbom", "sbom.json", image)
    run("attest", "--key", "ci.key", "--type", "vulnerabilities", "scan.json", image)
    run("check", "--policy", "pass.yaml", "--image", image, "--format", "json")
    report = json.loads((folder / "output").read_text())
    (folder / "admit.yaml").write_text(_ADMIT.replace("DIGEST", report["policy"]["digest"]))
    return image


def calls(image: str, fresh: str, host: str) -> Mapping[str, tuple[str, ...]]:
    """Return what is measured, by name; `fresh` is an image that nobody signed yet."""
    plain = ("--plain-http", host)
    outside = "other.example.org/a:1"  # refused by its name: nothing is fetched
    return {
        "--version": ("--version",),
        "--help": ("--help",),
        "lint": ("lint", "m.yaml"),
        "check of a manifest": ("check", "--policy", "manifest.yaml", "--image", outside, "m.yaml"),
        "check of an image": ("check", "--policy", "check.yaml", "--image", image, *plain),
        "admit": ("admit", "--policy", "admit.yaml", "--image", image, *plain),
        "sign": ("sign", "--key", "ci.key", fresh, *plain),
    }


def measure(gates: Sequence[str], rounds: int, only: Sequence[str]) -> dict[str, dict[str, Times]]:
    """Return the times of each command with each program."""
    times: dict[str, dict[str, Times]] = {}
    bare = (sys.executable, "-c", "import ssl, json")
    cosign = shutil.which("cosign")
    with tempfile.TemporaryDirectory() as made, FakeRegistry() as fake:
        folders = {gate: Path(made) / f"shop{at}" for at, gate in enumerate(gates)}
        images = {gate: prepare(folder, gate, fake) for gate, folder in folders.items()}

        def count(call: str, program: str, words: Sequence[str], folder: Path) -> None:
            if not only or call in (*only, "bare interpreter"):
                # The one image of the manifest's check is refused: nothing is fetched for it.
                code = 1 if call == "check of a manifest" else 0
                cpu, wall = once((program, *words), folder, code)
                least = times.setdefault(call, {}).setdefault(program, Times())
                least.cpu, least.wall = min(least.cpu, cpu), min(least.wall, wall)

        for number in range(rounds):
            count("bare interpreter", bare[0], bare[1:], Path(made))
            if cosign:
                verify = ["verify", "--key", "ci.pub", "--insecure-ignore-tlog"]
                verify += ["--allow-http-registry", images[gates[0]]]
                count("cosign verify", cosign, verify, folders[gates[0]])
            for gate, folder in folders.items():
                name = f"acme/{folder.name}-{number}"
                fresh = f"{fake.host}/{name}@{fake.image(name, '1.0')}"
                for call, words in calls(images[gate], fresh, fake.host).items():
                    count(call, gate, words, folder)
    return times


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Process start to exit of each command.")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--gate", action="append", default=[], help="a program; repeat to compare")
    parser.add_argument("--only", action="append", default=[], help="measure only this")
    asked = parser.parse_args()
    gates = [str(Path(gate).absolute()) for gate in asked.gate]
    gates = gates or [str(Path(sys.executable).with_name("gate"))]
    found = measure(gates, asked.rounds, asked.only)
    bare = next(iter(found["bare interpreter"].values()))
    least = {call: next(iter(programs.values())) for call, programs in found.items()}
    for row, call in (("check", "check of an image"), ("admit", "admit"), ("sign", "sign")):
        if call in least:
            tell(f"start-{row}", least[call].wall, bare.wall)
    if "check of an image" in least:
        cosign = least.get("cosign verify")
        tell("start-cosign", least["check of an image"].wall, cosign.wall if cosign else None)
    sys.stdout.write("| command | CPU, s | to bare | wall, s | to bare | program |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for call, programs in found.items():
        for program, times in programs.items():
            cpu = f"{times.cpu:.3f} | {times.cpu / bare.cpu:.1f}"
            wall = f"{times.wall:.3f} | {times.wall / bare.wall:.1f}"
            sys.stdout.write(f"| {call} | {cpu} | {wall} | {program} |\n")


if __name__ == "__main__":
    main()
