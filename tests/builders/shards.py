"""A release on a registry in memory that is judged in parts."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from gate.cli.reads.places import Access
from gate.cli.runs.check import Checked, run_check
from gate.cli.runs.prepare import Options
from gate.cli.runs.shards import read_shard, run_shard, shards_in
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import Digest, ImageReference
from gate.pipeline.shard import shard_of
from gate.reports import json_v1
from gate.signing.key import sign_statement
from tests.fakes.registry import FakeRegistry

AT = "2026-11-21T10:00:00Z"
SIGN = "https://sigstore.dev/cosign/sign/v1"
POLICY = """\
version: 1
verifier: https://acme.example/gate
signers: {ci: {key: ci.pub}, shard: {key: shard.pub}}
images:
  - match: "**"
    signature: {by: [ci]}
    configuration: {labels: {is: "*"}}
manifests: {profile: baseline}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
SHARDS = "shards: {by: [shard], max-age: 1h, sign: {key: shard.key}}\n"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: pod-NUMBER, namespace: shop}
spec:
  containers: [{name: main, image: "IMAGE"}]
"""


@dataclass(frozen=True, kw_only=True)
class ShardedRelease:
    folder: Path
    registry: FakeRegistry
    ci: EllipticCurvePrivateKey

    @classmethod
    def make(cls, folder: Path, registry: FakeRegistry, images: int = 6) -> ShardedRelease:
        made = cls(folder=folder, registry=registry, ci=generate())
        (folder / "ci.pub").write_bytes(public_pem(made.ci.public_key()))
        for name in ("shard", "gate"):
            key = generate()
            (folder / f"{name}.key").write_bytes(private_pem(key))
            (folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
        (folder / "policy.yaml").write_text(POLICY + SHARDS)
        (folder / "manifests").mkdir()
        for number in range(images):
            made.add(f"shop{number}", number)
        return made

    def add(self, name: str, number: int, *, signed: bool = True) -> None:
        """Hold an image that a Pod runs."""
        digest = self.registry.image(f"acme/{name}", "1.0")
        if signed:
            self.sign(name, digest)
        self.run(name, number)

    def run(self, name: str, number: int) -> None:
        """Write the manifest of a Pod that runs a held image."""
        pod = POD.replace("NUMBER", str(number)).replace("IMAGE", str(self.reference(name)))
        (self.folder / "manifests" / f"{number}.yaml").write_text(pod)

    def fill(self, of: int) -> None:
        """Add an image to each of so many shards."""
        for index in range(1, of + 1):
            names = (f"more{number}" for number in itertools.count())
            name = next(n for n in names if shard_of(self.reference(n), of) == index)
            self.add(name, 100 + index)

    def reference(self, name: str) -> ImageReference:
        return ImageReference.parse(f"{self.registry.host}/acme/{name}:1.0")

    def sign(self, name: str, digest: Digest) -> None:
        """Attach a signature to an image."""
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": name, "digest": {"sha256": digest.hex}}],
            "predicateType": SIGN,
            "predicate": {},
        }
        bundle = sign_statement(json.dumps(statement).encode(), self.ci)
        self.registry.attach(f"acme/{name}", digest, bundle)

    def options(self, policy: str = "policy.yaml") -> Options:
        return Options(
            paths=[str(self.folder / "manifests")],
            policy=str(self.folder / policy),
            access=Access(plain_http=[self.registry.host]),
        )

    def single(self) -> bytes:
        """Return the report of one run over everything, as JSON."""
        return json_v1.render(run_check(self.options(), as_of=AT).report).encode()

    def shard(
        self,
        text: str,
        records: Path,
        name: str = "",
        policy: str = "policy.yaml",
        at: str | None = AT,
    ) -> Checked:
        records.mkdir(exist_ok=True)
        shard = read_shard(text)
        file = records / (name or f"{shard.index}.jsonl")
        return run_shard(self.options(policy), shard, str(file), as_of=at)

    def all_shards(self, of: int, records: Path) -> Path:
        for index in range(1, of + 1):
            self.shard(f"{index}/{of}", records)
        return records

    def merge(self, records: Path, policy: str = "policy.yaml", at: str | None = AT) -> Checked:
        timed = at is not None
        merge = partial(shards_in, folder=records, dry=timed, as_of=timed)
        return run_check(self.options(policy), as_of=at, merge=merge)
