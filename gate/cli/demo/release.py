"""The small release that `gate demo` makes: real images, keys and signatures, nothing recorded.

Two images in OCI layout folders, signed by the build's key, with a CycloneDX and an SPDX
document and a vulnerability scan each, a manifest that runs both, and the two policies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from gate.cli.demo.evidence import DemoStatement, cyclonedx, scan, signature, spdx
from gate.cli.demo.image import push_image
from gate.cli.demo.texts import MANIFEST, POLICY
from gate.keys.private import generate, private_pem
from gate.keys.public import public_pem
from gate.model.image import ImageReference, ResolvedImage
from gate.model.records import dataclass
from gate.registry.route import LayoutRegistry
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.key import sign_statement

REGISTRY: Final = "registry.example/acme"
SHOP, WORKER = "shop", "worker"


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
    images = {
        name: push_image(registry, _reference(tampering, name), now) for name in (SHOP, WORKER)
    }
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


def _reference(tampering: Tampering, name: str) -> ImageReference:
    return ImageReference.parse(f"{tampering.image_registry}/{name}:1.0")


def _evidence(
    name: str,
    image: ResolvedImage,
    other: ResolvedImage,
    keys: Keys,
    *,
    now: datetime,
    tampering: Tampering,
) -> Iterator[tuple[ec.EllipticCurvePrivateKey, DemoStatement]]:
    """Yield who signs what about an image."""
    if tampering.signed:
        signer = keys.stranger if tampering.signed_by_stranger else keys.build
        yield signer, signature(image)
    about = other if tampering.sbom_of_other_image else image
    if name == SHOP:
        yield keys.build, cyclonedx(about, name, now)
    else:
        yield keys.build, spdx(about, name, now)
    yield keys.scanner, scan(image, now - tampering.scan_age)
