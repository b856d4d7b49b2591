"""`gate check` of many images at a distance, beside a loop of cosign and beside the floor.

    python -m benchmarks.latency [--images 40] [--round-trip 40] [--jitter 0] [--cut 0]
        [--refused 0] [--rounds 3] [--no-cosign]

Debian's docker-registry serves images on loopback; each has a signature, an SBOM and a scan by one
key, stored as `gate sign` and `gate attest` store them. A proxy puts the registry so many
milliseconds away. Each command is a process of its own, measured from outside. The floor is five
round trips, which depend on one another (connect, tag, list, manifest, content), and the CPU
seconds of the loopback run. cosign verifies the signature and the two attestations of each image,
in three processes one after the other. Nothing is asserted: figures are for people.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import child
from benchmarks.figures import tell
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.words import timestamp
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.envelope import envelope_of
from gate.signing.key import sign_statement
from tests.acceptance.debian_registry import debian_registry
from tests.fakes.registry import OCI_CONFIG, OCI_MANIFEST, descriptor, encode
from tests.fakes.slow_proxy import Distance, far_away

SIGN: Final = "https://sigstore.dev/cosign/sign/v1"
SBOM: Final = "https://cyclonedx.org/bom"
SCAN: Final = "https://cosign.sigstore.dev/attestation/vuln/v1"
ROUND_TRIPS: Final = 5
"""That depend on one another: connect, tag, list, manifest, content."""
POLICY: Final = """\
version: 1
signers: {ci: {key: ci.pub}}
images:
  - match: "**"
    signature: {by: [ci]}
    sbom: {by: [ci], forbid-packages: ["pkg:npm/event-stream@3.3.6"]}
    scan-age: {by: [ci], max-age: 7d}
    vulnerabilities: {by: [ci], fail-on: high}
"""


def predicates(name: str, now: datetime) -> dict[str, dict[str, Any]]:
    """Return the three things that are attached to each image, by predicate type."""
    components = [
        {
            "type": "library",
            "name": f"p{n}",
            "version": "1.0",
            "purl": f"pkg:npm/p{n}@1.0",
            "bom-ref": f"p{n}",
        }
        for n in range(40)
    ]
    result = {"Target": "debian 12", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": []}
    report = {
        "SchemaVersion": 2,
        "CreatedAt": timestamp(now),
        "ArtifactName": name,
        "ArtifactType": "container_image",
        "Results": [result],
    }
    scanner = {"uri": "pkg:github/aquasecurity/trivy@0.57.0", "version": "0.57.0", "result": report}
    times = {"scanStartedOn": timestamp(now), "scanFinishedOn": timestamp(now)}
    return {
        SIGN: {},
        SBOM: {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "metadata": {
                "timestamp": timestamp(now),
                "tools": [{"vendor": "acme", "name": "syft", "version": "1.0"}],
            },
            "components": components,
        },
        SCAN: {"scanner": scanner, "metadata": times},
    }


def fill(host: str, folder: Path, images: int) -> list[str]:
    """Push images with all that is attached to them; return their names."""
    key, now = generate(), datetime.now(UTC).replace(microsecond=0)
    (folder / "ci.pub").write_bytes(public_pem(key.public_key()))
    (folder / "ci.key").write_bytes(private_pem(key))
    (folder / ".gate.yaml").write_text(POLICY)
    (folder / "signing.json").write_text("{}")
    configuration = RegistryConfiguration(insecure_hosts=frozenset((host,)))
    names = [f"acme/shop{number}:1.0" for number in range(images)]
    with RegistryClient(configuration) as client:
        publisher = RepositoryPublisher(client)
        for name in names:
            reference = ImageReference.parse(f"{host}/{name}")
            repository = client.own_repository(reference)
            config = encode({"os": "linux", "architecture": "amd64", "config": {"User": name}})
            repository.put_blob(config)
            held = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": []}
            manifest = encode({**held, "config": descriptor(OCI_CONFIG, config)})
            repository.put_tag("1.0", manifest, OCI_MANIFEST, over=None)
            image = ResolvedImage(reference, Digest.of(manifest))
            for kind, predicate in predicates(name, now).items():
                subject = [{"name": name, "digest": {"sha256": image.digest.hex}}]
                head = {"_type": "https://in-toto.io/Statement/v1", "subject": subject}
                bundle = sign_statement(
                    json.dumps({**head, "predicateType": kind, "predicate": predicate}).encode(),
                    key,
                )
                publisher.push_bundle(image, bundle, predicate_type=kind, created=now)
                if kind != SIGN:
                    publisher.push_attestation_legacy(
                        image, envelope_of(bundle), predicate_type=kind
                    )
    return names


def run(folder: Path, *command: str) -> dict[str, float]:
    """Run a command, and return its wall and CPU seconds, MiB and exit code."""
    with (folder / "out").open("wb") as out:
        used = child.run(command, folder=folder, output=out)
    if used.code:
        sys.stderr.write((folder / "out").read_text()[-2000:])
    return {
        "seconds": used.wall,
        "cpu": used.user + used.system,
        "mib": used.peak / 1024 / 1024,
        "exit": used.code,
    }


def gate(folder: Path, host: str, names: list[str], rounds: int) -> dict[str, float]:
    """Return the median figures of `gate check --dry-run` of every image."""
    program = str(Path(sys.executable).with_name("gate"))
    given = [word for name in names for word in ("--image", f"{host}/{name}")]
    command = (program, "check", "--dry-run", "--plain-http", host, *given)
    every = [run(folder, *command) for _ in range(rounds)]
    return {key: statistics.median(one[key] for one in every) for key in every[0]}


def cosign(folder: Path, host: str, names: list[str]) -> dict[str, float]:
    """Return how long a loop of cosign takes for the same three questions of each image."""
    program = shutil.which("cosign") or str(Path.home() / "go/bin/cosign")
    known = ("--key", "ci.pub", "--insecure-ignore-tlog", "--allow-http-registry")
    began, worst = time.perf_counter(), 0.0
    for name in names:
        for verb, more in (
            ("verify", ()),
            ("verify-attestation", ("--type", SBOM)),
            ("verify-attestation", ("--type", SCAN)),
        ):
            worst = max(worst, run(folder, program, verb, *known, *more, f"{host}/{name}")["exit"])
    return {"seconds": time.perf_counter() - began, "exit": worst}


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description="Many images at a distance.")
    parser.add_argument("--images", type=int, default=40)
    parser.add_argument("--round-trip", type=float, default=40, help="milliseconds")
    parser.add_argument("--jitter", type=float, default=0, help="milliseconds, one way")
    parser.add_argument("--cut", type=float, default=0, help="share of answers")
    parser.add_argument("--refused", type=float, default=0, help="share of requests")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-cosign", action="store_true")
    asked = parser.parse_args()
    trip = asked.round_trip / 1000
    distance = Distance(
        one_way=trip / 2, jitter=asked.jitter / 1000, cut=asked.cut, refused=asked.refused
    )
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, debian_registry(Path(name)) as registry:
        folder = Path(name)
        names = fill(registry.host, folder, asked.images)
        with far_away(int(registry.host.rpartition(":")[2]), distance) as port:
            far = f"127.0.0.1:{port}"
            figures["loopback"] = near = gate(folder, registry.host, names, asked.rounds)
            figures["far"] = away = gate(folder, far, names, asked.rounds)
            floor = ROUND_TRIPS * trip + near["cpu"]
            figures["floor_seconds"] = floor
            figures["far_to_floor"] = away["seconds"] / floor
            away_from = f"{asked.images} images, {asked.round_trip:g} ms away"
            tell("latency-floor", away["seconds"], floor, much=away_from)
            if not asked.no_cosign:
                few = names[: max(1, len(names) // 10)]
                for place, host, ours in (
                    ("loopback", registry.host, near),
                    ("far", far, away),
                ):
                    loop = cosign(folder, host, few if place == "far" else names)
                    share = len(names) / len(few if place == "far" else names)
                    loop["seconds"] *= share
                    figures[f"cosign_{place}"] = loop
                    if place == "far":
                        tell("latency-far", ours["seconds"], loop["seconds"], much=away_from)
                    else:
                        much = f"{asked.images} images"
                        tell("latency-near", ours["seconds"], loop["seconds"], much=much)
                    figures[f"cosign_to_gate_{place}"] = loop["seconds"] / ours["seconds"]
    print(json.dumps(figures, indent=2, default=str, sort_keys=False))  # noqa: T201  # for people


if __name__ == "__main__":
    main()
