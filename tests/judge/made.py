"""A world as gate meets it: keys, signed bytes, a policy's text, a registry in memory, a run."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from gate.checks import CHECKS
from gate.errors import RegistryError
from gate.keys.public import public_pem
from gate.lint.settings import check_rules, lint_settings
from gate.manifests.load import load_manifests
from gate.model.evidence import (
    Attached,
    AttachedKind,
    Rejection,
    Storage,
    Unread,
    VerifiedAttestation,
)
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.predicates import Predicate
from gate.model.review import Review
from gate.model.revocations import Revocations
from gate.model.verdict import Result
from gate.pipeline.review import review
from gate.policy.document import Policy
from gate.policy.load import load_policy
from gate.registry.interface import Registry
from gate.trust.policy import verifier_of
from gate.trust.verify import AttachedVerifier
from tests.fakes.sigstore import LocalSigstore, new_key, trusted_root
from tests.judge.world import (
    HOLDERS,
    PLATFORMS,
    SIGNERS,
    Built,
    Found,
    Holder,
    Image,
    Item,
    Part,
    Sbom,
    Scan,
    Vex,
    World,
)

START: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
"""Hour 0 of every world."""
HOUR: Final = timedelta(hours=1)
Verified: TypeAlias = VerifiedAttestation[Predicate] | Rejection
VERIFIER: Final = "https://acme.example/gate"
STATEMENT: Final = "application/vnd.in-toto+json"
_TYPES: Final = {
    type(None): "https://sigstore.dev/cosign/sign/v1",
    Sbom: "https://cyclonedx.org/bom",
    Scan: "https://cosign.sigstore.dev/attestation/vuln/v1",
    Vex: "https://openvex.dev/ns/v0.2.0",
    Built: "https://slsa.dev/provenance/v1",
}
_KEYS: Final = ("1", "2", "3", "9", "gate", "security")
_MOST: Final = 40_000
"""Signed things, and judgements, that are remembered at once."""
_POD: Final = """\
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop}
spec: {containers: [{name: main, image: "IMAGE"}]}
"""


def when(hour: int) -> datetime:
    """Return an hour of a world as a time."""
    return START + hour * HOUR


def text_of(hour: int) -> str:
    """Return an hour of a world as documents write a time."""
    return f"{when(hour):%Y-%m-%dT%H:%M:%SZ}"


_stored: dict[tuple[str, Part], Digest] = {}


@contextlib.contextmanager
def stored_as(digests: Mapping[tuple[str, Part], Digest]) -> Iterator[None]:
    """Let images have the digests of manifests that are stored, while this is entered."""
    _stored.update(digests)
    try:
        yield
    finally:
        _stored.clear()


def digest_of(name: str, part: Part) -> Digest:
    """Return the digest of an image, or of a platform of it: some names have the same image."""
    said = f"image {len(name) % 2} {part}"
    return _stored.get((name, part)) or Digest.of(said.encode())


def pinned(name: str) -> str:
    """Return an image's pinned name."""
    return f"{name}@{digest_of(name, 'index')}"


@functools.cache
def sigstore() -> LocalSigstore:
    """Return the one private Sigstore of all worlds."""
    return LocalSigstore()


@functools.cache
def key(name: str) -> Any:  # noqa: ANN401  # cryptography's own class
    """Return a key, by the name that HOLDERS gives it."""
    return new_key() if name else None


@functools.cache
def files() -> dict[str, bytes]:
    """Return the files that every policy refers to."""
    held = {f"{n}.pub": public_pem(key(n).public_key()) for n in _KEYS}
    return {**held, "root.json": json.dumps(trusted_root(sigstore())).encode()}


def load(document: dict[str, Any]) -> Policy:
    """Load a policy, as JSON, which is YAML too. Raises PolicyError."""
    root = {"file": "root.json", "sha256": hashlib.sha256(files()["root.json"]).hexdigest()}
    signers = {name: {**said, "root": "own"} for name, said in document.pop("signers").items()}
    whole = {"version": 1, "trusted-roots": {"own": root}, "signers": signers, **document}
    return load_policy(
        json.dumps(whole).encode(),
        "policy.yaml",
        checks={name: check.params for name, check in CHECKS.items()},
        check_rules=check_rules,
        read=lambda path: files()[path],
    )


def policy_of(world: World, signers: Mapping[str, Mapping[str, str]] = SIGNERS) -> Policy:
    """Load the policy of a world."""
    document: dict[str, Any] = {
        "signers": signers,
        "verifier": VERIFIER,
        "images": world.entries,
        "pass": {
            "environment": "production",
            "valid-for": f"{world.valid_for}h",
            "sign": {"key": "gate.key"},
        },
    }
    if world.allow:
        document["registries"] = {"allow": world.allow}
    if world.bound:
        document["manifests"] = {"profile": "baseline"}
    if world.waivers:
        document["waivers"] = [
            {
                "check": w.check,
                "finding": w.finding,
                "image": pinned(w.image) if w.pinned else w.image,
                "owner": "team",
                "reason": "known",
                "expires": f"{START + timedelta(days=w.last_day):%Y-%m-%d}",
            }
            for w in world.waivers
        ]
    return load(document)


def _predicate(said: object, image: str) -> dict[str, Any]:
    match said:
        case Sbom():
            return _cyclonedx(said)
        case Scan():
            return _scan(said)
        case Vex():
            return _openvex(said, image)
        case Built():
            return _provenance(said)
        case _:
            return {}


def _cyclonedx(said: Sbom) -> dict[str, Any]:
    if not said.readable:
        return {"bomFormat": "CycloneDX", "specVersion": 1}
    metadata: dict[str, Any] = {}
    if said.made is not None:
        metadata["timestamp"] = text_of(said.made)
    if said.tool:
        metadata["tools"] = {"components": [{"type": "application", "name": "t"}]}
    packages = [(*p.split(" ")[0].split("@"), p.split(" ")[1]) for p in said.packages]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": [
            {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:npm/{name}@{version}",
                "licenses": [{"license": {"id": licence}}],
            }
            for name, version, licence in packages
        ],
    }


def _scan(said: Scan) -> dict[str, Any]:
    scanner: dict[str, Any] = {"uri": f"pkg:github/x/{said.scanner}", "version": "1"}
    scanner["result"] = _trivy(said) if said.scanner == "trivy" else _grype(said)
    if said.form == "no-scan":
        scanner["result"] = {"error": "the database cannot be read"}
    if said.database is not None:
        scanner["db"] = {"lastUpdate": text_of(said.database)}
    ended = text_of(said.finished)
    return {"scanner": scanner, "metadata": {"scanStartedOn": ended, "scanFinishedOn": ended}}


def _trivy(said: Scan) -> dict[str, Any]:
    target = {"Target": "shop", "Class": "os-pkgs", "Type": "debian"}
    found = [_trivy_finding(one) for one in said.found]
    report: dict[str, Any] = {
        "SchemaVersion": 2,
        "ArtifactName": "shop",
        "ArtifactType": "container_image",
    }
    if said.form == "read":
        report["Results"] = [{**target, "Vulnerabilities": found}]
    if said.reported is not None:
        report["CreatedAt"] = text_of(said.reported)
    return report


def _trivy_finding(one: Found) -> dict[str, Any]:
    told = {
        "VulnerabilityID": one.id,
        "PkgName": "p",
        "InstalledVersion": "1",
        "Severity": one.severity,
        "Status": "fixed" if one.fixed else "affected",
    }
    if one.fixed:
        told["FixedVersion"] = "2"
    if one.published is not None:
        told["PublishedDate"] = text_of(one.published)
    return told


def _grype(said: Scan) -> dict[str, Any]:
    matches = [
        {
            "vulnerability": {
                "id": one.id,
                "severity": one.severity.title(),
                "fix": {"state": "fixed", "versions": ["2"]} if one.fixed else {"state": "unknown"},
            },
            "artifact": {"name": "p", "version": "1"},
        }
        for one in said.found
    ]
    descriptor: dict[str, Any] = {"name": "grype"}
    if said.reported is not None:
        descriptor["timestamp"] = text_of(said.reported)
    return {"matches": matches, "descriptor": descriptor}


def _openvex(said: Vex, image: str) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "vulnerability": {"name": said.id},
        "products": [{"@id": f"pkg:oci/shop@sha256%3A{digest_of(image, said.about).hex}"}],
        "status": said.status,
    }
    if said.status == "not_affected":
        statement["justification"] = "component_not_present"
    if said.status == "affected":
        statement["action_statement"] = "update"
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://acme.example/vex/1",
        "author": "a",
        "timestamp": text_of(said.made) if said.readable else "soon",
        "version": 1,
        "statements": [statement],
    }


def _provenance(said: Built) -> dict[str, Any]:
    workflow = {"repository": said.source, "ref": said.ref, "path": ".github/workflows/b.yml"}
    return {
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": {"workflow": workflow},
            "internalParameters": {},
            "resolvedDependencies": [],
        },
        "runDetails": {"builder": {"id": said.builder}, "metadata": {}},
    }


def _statement(item: Item, image: str) -> bytes:
    kind = _TYPES[type(item.said)]
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "shop", "digest": {"sha256": digest_of(image, item.about).hex}}],
        "predicateType": kind + "x" if item.broken == "predicate-type" else kind,
        "predicate": _predicate(item.said, image),
    }
    return json.dumps(value).encode()


_bundles: dict[object, bytes] = {}
_signing: Final = threading.Lock()
"""Two signatures of one thing differ, and images are looked at side by side."""


def signed(item: Item, image: str) -> bytes:
    """Return the bundle of an item of an image; the same one each time."""
    asked = (item, digest_of(image, "index"))
    with _signing:
        if asked not in _bundles:
            if len(_bundles) >= _MOST:
                _bundles.clear()
            _bundles[asked] = _made(_statement(item, image), item)
        return _bundles[asked]


def _made(content: bytes, item: Item) -> bytes:
    holder = HOLDERS[item.by]
    proof: dict[str, Any] = {"rekor": None}
    at = when(item.signed or 0)
    if item.signed is not None:
        proof = {"rekor": 1} if item.clock == "log" else {"rekor": None, "tsa": True}
    if item.broken == "payload-type":
        proof["payload_type"] = "application/json"
    if holder.key:
        bundle = sigstore().keyed_bundle(content, key(holder.key), at=at, **proof)
    else:
        bundle = sigstore().keyless_bundle(content, at=at, **_certified(holder), **proof)
    return _spoiled(bundle) if item.broken == "signature" else bundle


def _certified(holder: Holder) -> dict[str, Any]:
    extensions = {}
    if holder.repository:
        extensions = {12: holder.repository, 20: holder.trigger}
    return {"subject": holder.subject, "issuer": holder.issuer, "extensions": extensions}


def _spoiled(bundle: bytes) -> bytes:
    """Return the bundle with one bit of its payload changed."""
    document = json.loads(bundle)
    payload = bytearray(base64.b64decode(document["dsseEnvelope"]["payload"]))
    payload[-2] ^= 1
    document["dsseEnvelope"]["payload"] = base64.b64encode(payload).decode()
    return json.dumps(document).encode()


@dataclass(frozen=True)
class Shelves:
    """The registry of a world, in memory."""

    images: dict[str, Image]
    passes: dict[str, list[bytes]]
    """Further bundles, by the image's name."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        image = self._image(reference.name)
        children = [
            PlatformManifest(Platform("linux", part), digest_of(image.name, part))
            for part in PLATFORMS
            if image.platforms
        ]
        return ResolvedImage(reference, digest_of(image.name, "index"), tuple(children))

    def attached(
        self, image: ResolvedImage, wanted: frozenset[str] | None = None
    ) -> tuple[Attached | Unread, ...]:
        del wanted
        return tuple(self._all(image))

    def _all(self, image: ResolvedImage) -> Iterator[Attached | Unread]:
        held = self._image(image.reference.name)
        yield from self.attached_in_order(image)
        if held.unread:
            yield Unread(
                storage=Storage.REFERRERS,
                subject=image.digest,
                digest=None,
                kind="a list of referrers",
                code="denied",
                reason="it may not be read",
                remedy="log in",
            )

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        held = self._image(image.reference.name)
        for content in self.passes.get(held.name, ()):
            yield _bundle(content, image.digest)
        for item in held.items:
            about = "index" if item.about == "other" else item.about
            yield _bundle(signed(item, held.name), digest_of(held.name, about))

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        held = self._image(image.reference.name)
        if held.unread_configuration:
            raise RegistryError("missing-blob", "the configuration is gone", remedy="push again")
        return tuple(
            ImageConfiguration(
                manifest=digest_of(held.name, part),
                platform=Platform("linux", part),
                user=held.user,
                created=when(held.created),
            )
            for part in (PLATFORMS if held.platforms else ("index",))
        )

    def _image(self, name: str) -> Image:
        image = self.images[name]
        if image.silent:
            raise RegistryError("timeout", f"{name} cannot be asked", remedy="try again")
        return image


def _bundle(content: bytes, subject: Digest) -> Attached:
    return Attached(AttachedKind.BUNDLE, content, Storage.REFERRERS, subject)


def shelves(world: World) -> Shelves:
    """Return the registry of a world, without passes."""
    return Shelves({image.name: image for image in world.images}, {})


def pod(number: int, image: str, *, changed: bool = False) -> tuple[str, bytes]:
    """Return a file with a Pod that runs an image."""
    text = _POD.replace("NAME", f"pod-{number}").replace("IMAGE", image)
    if changed:
        text = text.replace("name: main", "name: renamed")
    return f"{number}.yaml", text.encode()


def written(image: Image) -> str:
    """Return how manifests name an image."""
    return pinned(image.name) if image.pinned else f"{image.name}:1"


@dataclass(frozen=True)
class Remembering:
    """A verifier that judges each thing once: the same bytes, signers and time give the same."""

    of: AttachedVerifier
    judged: dict[object, Verified] = field(default_factory=dict)

    def verify(self, attached: Attached, image: ResolvedImage) -> Verified:
        asked = (attached.digest, attached.subject, image.digest, image.platforms)
        if asked not in self.judged:
            if len(self.judged) >= _MOST:
                self.judged.clear()
            self.judged[asked] = self.of.verify(attached, image)
        return self.judged[asked]


_verifiers: dict[object, Remembering] = {}


def verifier(policy: Policy, at: int) -> Remembering:
    """Return the verifier of a policy's signers at an hour."""
    asked = (json.dumps({n: repr(s) for n, s in policy.signers.items()}), at)
    if asked not in _verifiers:
        _verifiers[asked] = Remembering(verifier_of(policy, when(at), None))
    return _verifiers[asked]


def checked(
    world: World, registry: Registry, policy: Policy, beside: Sequence[Result] = ()
) -> Review:
    """Run `gate check` over a world."""
    names = [(number, written(image)) for number, image in enumerate(world.images)]
    return reviewed(names, registry, policy, at=world.at, bound=world.bound, beside=beside)


def reviewed(
    names: list[tuple[int, str]],
    registry: Registry,
    policy: Policy,
    *,
    at: int,
    bound: bool,
    deploys: bool = False,
    changed: int | None = None,
    ended: Revocations | None = None,
    beside: Sequence[Result] = (),
) -> Review:
    """Review images, each in the Pod of its number where the manifests are bound too."""
    pods = [pod(n, name, changed=n == changed) for n, name in names] if bound else []
    return review(
        load_manifests(pods),
        [] if bound else [name for _, name in names],
        policy,
        registry=registry,
        verifier=verifier(policy, at),
        rules=lint_settings(policy.manifests) if policy.manifests else None,
        now=when(at),
        digests_required=deploys,
        sparing=deploys,
        revocations=ended,
        beside=beside,
    )
