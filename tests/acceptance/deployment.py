"""One release, cleared, and `gate admit` held against passes that differ in a single thing."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from typer.testing import CliRunner

from gate.cli.app import app
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.signing.key import sign_statement
from tests.fakes.registry import OCI_MANIFEST, FakeRegistry
from tests.fakes.sigstore.local import GITHUB, WORKFLOW, LocalSigstore
from tests.fakes.sigstore.trust import trusted_root

EXTENSION = "urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#"
SOURCE = "https://github.com/acme/ci"
Statement = dict[str, Any]
Change = Callable[[Statement], None]

POLICY = """\
version: 1
verifier: https://acme.example/gate
signers: {build: {key: build.pub}}
images:
  - match: "HOST/**"
    signature: {by: [build]}
manifests: {profile: baseline}
pass: {environment: production, valid-for: 24h, sign: {key: gate.key}}
"""
ADMIT = """\
version: 1
trusted-roots: {local: {file: root.json, sha256: ROOT}}
signers:
  gate: {key: gate.pub}
  build: {key: build.pub}
  logged: {key: logged.pub, root: local, log: required}
  workflow: {issuer: ISSUER, identity: IDENTITY, root: local}
images:
  - match: "**"
    pass:
      by: [gate, workflow]
      verifier: https://acme.example/gate
      environment: production
      policies: ["DIGEST"]
      max-age: 24h
      manifests: exact
"""
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: acme}
spec:
  containers:
    - name: shop
      image: IMAGE
"""


@dataclass(frozen=True)
class Keys:
    """The build's key, the gate's, and one of which a log must know every use."""

    build: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    gate: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    logged: ec.EllipticCurvePrivateKey = field(default_factory=generate)


@dataclass(frozen=True)
class Told:
    """What a run printed and how it ended."""

    exit_code: int
    report: dict[str, Any]

    @property
    def codes(self) -> list[str]:
        """The reasons, those of undecided questions too."""
        blocking = [f["code"] for f in self.report["findings"] if f["action"] == "block"]
        return sorted(blocking) + sorted(u["code"] for u in self.report["undecided"])


@dataclass(frozen=True)
class Deployment:
    """A folder with policies and a manifest, a registry, and the statement of a good pass."""

    folder: Path
    fake: FakeRegistry
    keys: Keys = field(default_factory=Keys)
    sigstore: LocalSigstore = field(default_factory=LocalSigstore)

    @property
    def image(self) -> str:
        """The image as the manifest names it."""
        return (self.folder / "image").read_text()

    def prepare(self) -> None:
        """Write the image, its signature, keys, policies and the manifest."""
        self.folder.mkdir(exist_ok=True)
        for name in ("build", "gate", "logged"):
            key: ec.EllipticCurvePrivateKey = getattr(self.keys, name)
            (self.folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
            (self.folder / f"{name}.key").write_bytes(private_pem(key))
        (self.folder / "root.json").write_text(json.dumps(trusted_root(self.sigstore)))
        (self.folder / "policy.yaml").write_text(POLICY.replace("HOST", self.fake.host))
        index = self.push("1.0", "amd64", "arm64")
        (self.folder / "image").write_text(index)
        (self.folder / "pod.yaml").write_text(POD.replace("IMAGE", index))
        self.sign_image(index)
        statement = self.check("policy.yaml").report["pass"]["statements"][0]
        (self.folder / "good.json").write_text(json.dumps(statement))
        self.write_admit("admit.yaml")

    def push(self, tag: str, *architectures: str) -> str:
        """Push an index of platforms; return the image, pinned."""
        name, entries = "acme/shop", []
        for architecture in architectures:
            config = {"os": "linux", "architecture": architecture, "config": {}}
            digest = self.fake.image(name, f"{tag}-{architecture}", config=config)
            content = self.fake.tagged(name, f"{tag}-{architecture}")
            platform = {"os": "linux", "architecture": architecture}
            entry = {"mediaType": OCI_MANIFEST, "digest": str(digest), "size": len(content)}
            entries.append({**entry, "platform": platform})
        return f"{self.fake.host}/{name}@{self.fake.index(name, tag, entries)}"

    def sign_image(self, image: str) -> None:
        """Attach the build's signature to an image."""
        key = str(self.folder / "build.key")
        done = CliRunner().invoke(
            app, ["sign", image, "--key", key, "--plain-http", self.fake.host]
        )
        assert done.exit_code == 0, done.output

    def good(self) -> Statement:
        """Return the statement that a check of this release makes, as it would be signed."""
        statement: Statement = json.loads((self.folder / "good.json").read_text())
        del statement["predicate"][f"{EXTENSION}unsigned"]
        return statement

    def changed(self, *changes: Change) -> Statement:
        """Return the good statement with changes."""
        statement = copy.deepcopy(self.good())
        for change in changes:
            change(statement)
        return statement

    def keyed(self, statement: Statement, by: str = "gate") -> bytes:
        """Return a bundle that one of the keys signed."""
        return sign_statement(json.dumps(statement).encode(), getattr(self.keys, by))

    def keyless(self, statement: Statement, at: datetime | None = None, **told: Any) -> bytes:  # noqa: ANN401  # as LocalSigstore takes it
        """Return a bundle of an identity: by default the workflow that may sign passes."""
        told = {"extensions": {12: SOURCE}} | told
        when = at or datetime.now(UTC)
        return self.sigstore.keyless_bundle(json.dumps(statement).encode(), at=when, **told)

    def write_admit(self, name: str, *replaced: tuple[str, str]) -> str:
        """Write the deploy side's policy, with parts of it replaced; return its name."""
        root = hashlib.sha256((self.folder / "root.json").read_bytes()).hexdigest()
        digest = self.good()["predicate"]["policy"]["digest"]["sha256"]
        text = ADMIT.replace("ROOT", root).replace("ISSUER", GITHUB).replace("IDENTITY", WORKFLOW)
        text = text.replace("DIGEST", f"sha256:{digest}")
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        (self.folder / name).write_text(text)
        return name

    def check(self, policy: str) -> Told:
        """Judge the release without signing."""
        return self.run("check", policy, "pod.yaml", ("--dry-run",))

    def admit(
        self, *bundles: bytes, policy: str = "admit.yaml", manifest: str = "pod.yaml"
    ) -> Told:
        """Ask for the release to be let through, with these passes and no others."""
        return self.run("admit", policy, manifest, self.files(bundles))

    def files(self, bundles: Iterable[bytes]) -> list[str]:
        """Write bundles; return the options that name them."""
        options = []
        for bundle in bundles:
            path = self.folder / f"{hashlib.sha256(bundle).hexdigest()}.sigstore.json"
            path.write_bytes(bundle)
            options += ["--bundle", str(path)]
        return options

    def run(self, command: str, policy: str, manifest: str, options: Iterable[str]) -> Told:
        """Run a command and read its JSON report."""
        done = CliRunner().invoke(
            app,
            [command, str(self.folder / manifest), "--policy", str(self.folder / policy),
             "--plain-http", self.fake.host, "--format", "json", *options],
        )  # fmt: skip
        assert done.stdout, done.output
        return Told(done.exit_code, json.loads(done.stdout))


def said(key: str, value: object) -> Change:
    """Return a change of one field of the predicate; `...` takes it away."""

    def change(statement: Statement) -> None:
        if value is ...:
            del statement["predicate"][key]
        else:
            statement["predicate"][key] = value

    return change


def ours(key: str, value: object) -> Change:
    """Return a change of one of gate's own fields of the predicate."""
    return said(f"{EXTENSION}{key}", value)


def time(offset: timedelta) -> str:
    """Return the RFC 3339 time this far from now."""
    return f"{datetime.now(UTC) + offset:%Y-%m-%dT%H:%M:%SZ}"


def refused(told: Told, code: str) -> None:
    """Expect a failed check for exactly this reason, with one cause and one next step."""
    assert (told.exit_code, told.report["verdict"], told.codes) == (1, "blocked", [code])
    (finding,) = [f for f in told.report["findings"] if f["action"] == "block"]
    assert finding["message"].strip()
    assert "\n" not in finding["message"] + finding["remedy"]
    assert finding["remedy"].strip()


def admitted(told: Told) -> None:
    """Expect that the release is let through and nothing is held against it."""
    assert (told.exit_code, told.report["verdict"], told.codes) == (0, "cleared", [])
