"""Real evidence for one index of two platforms: made and signed once, and verified for real."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from gate.checks import CHECKS
from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.lint.settings import check_rules, lint_settings
from gate.manifests.load import load_manifests
from gate.model.evidence import Attached, AttachedKind, Storage, Unread
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.report import Report
from gate.model.review import Review
from gate.pipeline.review import review
from gate.policy.document import Policy
from gate.policy.load import load_policy
from gate.registry.interface import Registry
from gate.reports.assemble import assemble
from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore.local import LocalSigstore
from tests.fakes.sigstore.trust import trusted_root

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
INDEX, AMD64, ARM64, OTHER = (Digest(c * 64) for c in "abcd")
NAME = "registry.example/acme/shop"
SIGN = "https://sigstore.dev/cosign/sign/v1"
CYCLONEDX, SPDX = "https://cyclonedx.org/bom", "https://spdx.dev/Document"
SCAN = "https://cosign.sigstore.dev/attestation/vuln/v1"
VEX = "https://openvex.dev/ns/v0.2.0"
SLSA = "https://slsa.dev/provenance/v1"
ENTRY = """\
    signature: {by: [build, person]AT}
    sbom: {by: [build], forbid-packages: ["pkg:npm/event-stream@3.3.6"]AT}
    scan-age: {by: [scanner], max-age: 7dAT}
    vulnerabilities: {by: [scanner], fail-on: high, vex: [build]AT}
    provenance: {by: [build], builder: "https://builder.example/1"AT}
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to hang on the image."""

    name: str
    attached: Attached = field(repr=False)
    positive: bool = False
    """By a demanded signer, about the image, and it finds nothing."""
    future: bool = False
    found: bool = False
    """By a demanded signer, about the image, and it finds something that the policy forbids."""


def _at(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def _statement(subject: Digest, kind: str, predicate: object) -> bytes:
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": NAME, "digest": {"sha256": subject.hex}}],
        "predicateType": kind,
        "predicate": predicate,
    }
    return json.dumps(value).encode()


def cyclonedx(when: datetime, *names: str) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": _at(when),
            "tools": {"components": [{"type": "application", "name": "t"}]},
        },
        "components": [
            {"type": "library", "name": n, "version": "3.3.6", "purl": f"pkg:npm/{n}@3.3.6"}
            for n in names
        ],
    }


def scan(when: datetime, *ids: str, scanner: str = "trivy") -> dict[str, Any]:
    found = [
        {
            "VulnerabilityID": i,
            "PkgName": "p",
            "InstalledVersion": "1",
            "Severity": "HIGH",
            "Status": "affected",
        }
        for i in ids
    ]
    target = {"Target": "shop", "Class": "os-pkgs", "Type": "debian", "Vulnerabilities": found}
    report = {
        "SchemaVersion": 2,
        "CreatedAt": _at(when),
        "ArtifactName": "shop",
        "ArtifactType": "container_image",
        "Results": [target],
    }
    matches = [{"vulnerability": {"id": i, "severity": "High"}, "artifact": {}} for i in ids]
    grype = {"matches": matches, "descriptor": {"name": scanner}}
    result: Any = report if scanner == "trivy" else grype
    return {
        "scanner": {"uri": f"pkg:github/x/{scanner}", "version": "1", "result": result},
        "metadata": {"scanStartedOn": _at(when), "scanFinishedOn": _at(when)},
    }


def provenance(builder: str) -> dict[str, Any]:
    return {
        "buildDefinition": {
            "buildType": "https://t.example/1",
            "externalParameters": {},
            "resolvedDependencies": [],
        },
        "runDetails": {"builder": {"id": builder}},
    }


def vex(status: str, when: datetime) -> dict[str, Any]:
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://acme.example/vex/1",
        "author": "a",
        "timestamp": _at(when),
        "version": 1,
        "statements": [
            {
                "vulnerability": {"name": "CVE-2026-1"},
                "products": [{"@id": f"pkg:oci/shop@sha256%3A{INDEX.hex}"}],
                "status": status,
                "justification": "component_not_present",
            }
        ],
    }


@dataclass(frozen=True)
class Pool:
    """The keys, the policy's files, and everything that can hang on the image."""

    build: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    scanner: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    stranger: ec.EllipticCurvePrivateKey = field(default_factory=generate)
    sigstore: LocalSigstore = field(default_factory=LocalSigstore)

    def policy(
        self,
        more: str = "",
        *,
        match: str = "registry.example/**",
        besides: str = "",
        entry: str = ENTRY,
    ) -> Policy:
        """Load the policy; `more` stands in every check of `entry`, as in `, on: index`."""
        root = json.dumps(trusted_root(self.sigstore)).encode()
        files = {
            "build.pub": public_pem(self.build.public_key()),
            "scanner.pub": public_pem(self.scanner.public_key()),
            "root.json": root,
        }
        text = f"""\
version: 1
trusted-roots: {{own: {{file: root.json, sha256: {hashlib.sha256(root).hexdigest()}}}}}
signers:
  build: {{key: build.pub, root: own}}
  scanner: {{key: scanner.pub, root: own}}
  person: {{issuer: "https://accounts.example", identity: dev@acme.example, root: own}}
images:
  - match: "{match}"
{entry.replace("AT", more)}{besides}\
manifests: {{profile: all}}
"""
        return load_policy(
            text.encode(),
            "policy.yaml",
            checks={name: check.params for name, check in CHECKS.items()},
            check_rules=check_rules,
            read=lambda path: files[path],
        )

    def items(self, index: Digest = INDEX) -> tuple[Item, ...]:
        """Make and sign everything; `index` is the digest of the image."""
        made = []
        for subject, where in ((index, "index"), (AMD64, "amd64"), (ARM64, "arm64")):
            good = {
                "signature": (SIGN, {}, self.build),
                "sbom": (CYCLONEDX, cyclonedx(NOW - DAY, "left-pad"), self.build),
                "trivy": (SCAN, scan(NOW - DAY), self.scanner),
                "older trivy": (SCAN, scan(NOW - 3 * DAY), self.scanner),
                "grype": (SCAN, scan(NOW - 2 * DAY, scanner="grype"), self.scanner),
                "provenance": (SLSA, provenance("https://builder.example/1"), self.build),
            }
            made += [
                self.item(f"{name} of {where}", subject, *said, positive=True)
                for name, said in good.items()
            ]
            person = self.sigstore.keyless_bundle(
                _statement(subject, SIGN, {}),
                at=NOW - DAY,
                subject="dev@acme.example",
                issuer="https://accounts.example",
            )
            made.append(Item(f"person of {where}", _bundle(person, subject), positive=True))
        timed = self.sigstore.keyed_bundle(
            _statement(index, SCAN, scan(NOW - DAY)), self.scanner, at=NOW - DAY, rekor=1
        )
        made.append(Item("timed trivy", _bundle(timed, index), positive=True))
        made.append(
            self.item("fixed", index, VEX, vex("fixed", NOW - DAY), self.build, positive=True)
        )
        return (*made, *self._bad(index), *self._layers(index))

    def _bad(self, index: Digest) -> Iterable[Item]:
        for name, kind, said, key in (
            ("signature of a stranger", SIGN, {}, self.stranger),
            ("sbom of the scanner", CYCLONEDX, cyclonedx(NOW - DAY, "x"), self.scanner),
            ("empty sbom", CYCLONEDX, cyclonedx(NOW - DAY), self.build),
            ("unreadable sbom", SPDX, {"spdxVersion": 1}, self.build),
            ("old scan", SCAN, scan(NOW - 30 * DAY, "CVE-2026-9"), self.scanner),
            ("wrong builder", SLSA, provenance("https://evil.example"), self.build),
            ("mistyped", "https://cyclonedx.org/bomb", {}, self.build),
        ):
            yield self.item(name, index, kind, said, key)
        yield self.item("about something else", OTHER, SIGN, {}, self.build)
        yield Item("garbage", _bundle(b"{", index))
        for name, kind, said, key in (
            ("found", SCAN, scan(NOW - DAY / 2, "CVE-2026-1"), self.scanner),
            ("found by grype", SCAN, scan(NOW - DAY, "CVE-2026-2", scanner="grype"), self.scanner),
            ("forbidden", CYCLONEDX, cyclonedx(NOW - DAY, "event-stream"), self.build),
        ):
            yield self.item(name, index, kind, said, key, found=True)
        for name, kind, said, key in (
            ("clean scan of tomorrow", SCAN, scan(NOW + DAY), self.scanner),
            ("scan of tomorrow", SCAN, scan(NOW + DAY, "CVE-2026-3"), self.scanner),
            ("grype of tomorrow", SCAN, scan(NOW + DAY, scanner="grype"), self.scanner),
        ):
            for subject, where in ((index, "index"), (AMD64, "amd64")):
                yield self.item(f"{name} of {where}", subject, kind, said, key, future=True)

    def _layers(self, index: Digest) -> Iterable[Item]:
        """Yield cosign's older form: the same bytes with a log entry and without."""
        statement = _statement(index, CYCLONEDX, cyclonedx(NOW - DAY, "left-pad"))
        bundle = json.loads(
            self.sigstore.keyed_bundle(statement, self.build, at=NOW - DAY, rekor=1)
        )
        envelope = json.dumps(bundle["dsseEnvelope"]).encode()
        (entry,) = bundle["verificationMaterial"]["tlogEntries"]
        promise = {
            "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
            "Payload": {
                "body": entry["canonicalizedBody"],
                "integratedTime": int(entry["integratedTime"]),
                "logIndex": int(entry["logIndex"]),
                "logID": base64.b64decode(entry["logId"]["keyId"]).hex(),
            },
        }
        for name, proof in (
            ("layer", {}),
            ("logged layer", {"dev.sigstore.cosign/bundle": json.dumps(promise)}),
        ):
            layer = Attached(
                AttachedKind.COSIGN_ATTESTATION,
                envelope,
                Storage.ATT_TAG,
                index,
                {"dev.cosignproject.cosign/signature": "", **proof},
                "application/vnd.dsse.envelope.v1+json",
            )
            yield Item(name, layer, positive=True)

    def item(
        self,
        name: str,
        subject: Digest,
        kind: str,
        predicate: object,
        key: ec.EllipticCurvePrivateKey,
        **is_: bool,
    ) -> Item:
        """Sign a statement about a digest with a key, without any trusted time."""
        bundle = self.sigstore.keyed_bundle(
            _statement(subject, kind, predicate), key, at=NOW, rekor=None
        )
        return Item(name, _bundle(bundle, subject), **is_)


def _bundle(content: bytes, subject: Digest) -> Attached:
    return Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, subject)


@dataclass(frozen=True)
class Held:
    """A registry in memory: every image is the same index, with these things attached."""

    attached_: tuple[Attached, ...]

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        children = (
            PlatformManifest(Platform("linux", "amd64"), AMD64),
            PlatformManifest(Platform("linux", "arm64"), ARM64),
        )
        return ResolvedImage(reference, INDEX, children)

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Attached | Unread, ...]:
        del image, wanted
        return self.attached_

    def attached_in_order(self, image: ResolvedImage) -> tuple[Attached, ...]:
        raise AssertionError(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        raise AssertionError(image)


def judged(
    items: Collection[Item],
    policy: Policy,
    verifier: AttachedVerifier,
    *,
    files: Iterable[tuple[str, bytes]] = (),
    names: Iterable[str] = (f"{NAME}:1.0",),
) -> Report:
    """Judge the image with these things attached, by the real flow."""
    return report_of(
        Held(tuple(i.attached for i in items)), policy, verifier, files=files, names=names
    )


def report_of(
    registry: Registry,
    policy: Policy,
    verifier: AttachedVerifier,
    *,
    files: Iterable[tuple[str, bytes]] = (),
    names: Iterable[str],
) -> Report:
    """Judge images, and the manifests of files, by the real flow."""
    done = reviewed(registry, policy, verifier, files=files, names=names)
    return assemble(done, command="check", tool_version="0", policy_path=policy.path)


def reviewed(
    registry: Registry,
    policy: Policy,
    verifier: AttachedVerifier,
    *,
    files: Iterable[tuple[str, bytes]] = (),
    names: Iterable[str] = (f"{NAME}:1.0",),
) -> Review:
    """Judge as `report_of` does, and return what every report is made of."""
    return review(
        load_manifests(list(files)),
        list(names),
        policy,
        registry=registry,
        verifier=verifier,
        rules=lint_settings(policy.manifests) if policy.manifests else None,
        now=NOW,
    )
