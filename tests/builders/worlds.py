"""Images with evidence drawn by chance on a real registry, and policies that ask for some of it.

Evidence is of keys, each in cosign's older form and in a bundle, because no one form is read by
every enforcer. Only where `stricter` asks for it is drawn what some targets demand
more of than gate: patterns that overlap, and two of three signers. No age decides.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.release import ReleaseImage, release_of
from gate.model.verdict import Cleared, Passed, Plan, Question, Result
from gate.predicates.types import IMAGE_SIGNATURE
from gate.predicates.verification_summary import TYPES as PASS_TYPES
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.write.publish import RepositoryPublisher
from gate.signing.declared import declared_of
from gate.signing.envelope import envelope_of
from gate.signing.key import sign_statement
from gate.signing.statement import statements
from gate.signing.summary import Issuer
from tests.acceptance.debian_registry import debian_registry
from tests.builders.sboms import CYCLONEDX
from tests.fakes.registry import OCI_CONFIG, OCI_MANIFEST, descriptor, encode

SIGNERS: Final = ("ci", "lab", "ops")
REPOSITORIES: Final = ("acme/shop", "acme/shop/web", "acme/base", "other/tool")
CYCLONEDX_TYPE: Final = "https://cyclonedx.org/bom"
_VERIFIERS: Final = ("https://acme.example/gate", "https://acme.example/other")
_ENVIRONMENTS: Final = ("production", "staging")
_POLICIES: Final = (Digest("1" * 64), Digest("2" * 64))
_APART: Final = (("**",), ("acme/*",), ("acme/**",), ("acme/base", "other/**"))
_OVERLAPPING: Final = (("acme/shop", "acme/**"), ("acme/**", "**"), ("acme/shop", "**"))
_SIGNATURE: Final = "dev.cosignproject.cosign/signature"


@dataclass(frozen=True, slots=True)
class World:
    """One policy, and images that are judged by it."""

    policy: str
    """In the folder of the keys."""
    images: tuple[str, ...]
    """By their digests."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """A registry with images, the keys of their signers, and what draws policies."""

    folder: Path
    host: str
    images: tuple[str, ...]

    def drawn(self, number: int, seed: int, *, stricter: bool = False) -> Iterator[World]:
        """Yield so many worlds of five images, always the same ones for a seed."""
        chance = random.Random(seed)  # noqa: S311  # a seed, and no secret
        for _ in range(number):
            policy = self._policy(chance, stricter=stricter)
            yield World(policy, tuple(chance.sample(self.images, 5)))

    def _policy(self, chance: random.Random, *, stricter: bool) -> str:
        signers = ", ".join(f"{name}: {{key: {name}.pub}}" for name in SIGNERS)
        patterns = list(chance.choice(_OVERLAPPING if stricter else _APART))
        lines = ["version: 1", f"signers: {{{signers}}}", "images:"]
        for pattern in patterns:
            match = pattern if pattern == "**" else f"{self.host}/{pattern}"
            lines += [f'  - match: "{match}"', *_demands(chance, stricter=stricter)]
        return "\n".join([*lines, ""])


def _demands(chance: random.Random, *, stricter: bool) -> Iterator[str]:
    checks = chance.sample(("signature", "sbom", "pass"), chance.choice((1, 1, 1, 2)))
    for check in checks:
        if check == "pass":
            digests = [str(d) for d in _POLICIES[: chance.choice((1, 2))]]
            yield (
                f"    pass: {{by: [{chance.choice(SIGNERS)}], "
                f"verifier: {chance.choice(_VERIFIERS)}, "
                f"environment: {chance.choice(_ENVIRONMENTS)}, policies: {json.dumps(digests)}, "
                "max-age: 24h, manifests: images}"
            )
            continue
        by = sorted(chance.sample(SIGNERS, 3 if stricter else chance.choice((1, 2))))
        least = 2 if stricter else chance.choice((1, len(by)))
        more = ", minimum-elements: none" if check == "sbom" else ""
        yield f"    {check}: {{by: [{', '.join(by)}], at-least: {least}{more}}}"


@contextmanager
def worlds(folder: Path, *, images: int, seed: int) -> Iterator[Worlds]:
    """Serve a registry with so many images until the block ends."""
    chance = random.Random(seed)  # noqa: S311  # a seed, and no secret
    keys = {name: generate() for name in SIGNERS}
    for name, key in keys.items():
        (folder / f"{name}.pub").write_bytes(public_pem(key.public_key()))
    (folder / "registry").mkdir()
    with debian_registry(folder / "registry") as registry:
        hosts = RegistryConfiguration(insecure_hosts=frozenset((registry.host,)))
        client = RegistryClient(hosts)
        try:
            made = [_image(client, registry.host, number, keys, chance) for number in range(images)]
        finally:
            client.close()
        yield Worlds(folder, registry.host, tuple(made))


def _image(
    client: RegistryClient, host: str, number: int, keys: dict[str, Any], chance: random.Random
) -> str:
    """Push an image and what was drawn for it; return its name with its digest."""
    repository = REPOSITORIES[number % len(REPOSITORIES)]
    reference = ImageReference.parse(f"{host}/{repository}:{number}")
    config = encode(
        {"os": "linux", "architecture": "amd64", "config": {"Labels": {"n": str(number)}}}
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(OCI_CONFIG, config),
        "layers": [],
    }
    stored = client.repository(reference)
    stored.put_blob(config)
    assert stored.put_tag(str(number), encode(manifest), OCI_MANIFEST, over=None)
    image = client.resolve(reference)
    publisher = RepositoryPublisher(client)
    for key in keys.values():
        if chance.random() < 0.5:  # as often as not
            _sign(publisher, image, key)
            _attest(publisher, image, key, IMAGE_SIGNATURE[0], _statement(image, *IMAGE_SIGNATURE))
        if chance.random() < 0.4:  # less often
            _attest(
                publisher, image, key, CYCLONEDX_TYPE, _statement(image, CYCLONEDX_TYPE, CYCLONEDX)
            )
        if chance.random() < 0.5:  # as often as not
            _attest(publisher, image, key, PASS_TYPES[0], _pass(image, chance))
    return f"{image.reference.name}@{image.digest}"


def _sign(publisher: RepositoryPublisher, image: ResolvedImage, key: Any) -> None:  # noqa: ANN401
    said = {
        "critical": {
            "identity": {"docker-reference": image.reference.name},
            "image": {"docker-manifest-digest": str(image.digest)},
            "type": "cosign container image signature",
        },
        "optional": None,
    }
    payload = json.dumps(said).encode()
    signature = base64.b64encode(key.sign(payload, ECDSA(hashes.SHA256()))).decode()
    publisher.push_signature_legacy(image, payload, annotations={_SIGNATURE: signature})


def _attest(
    publisher: RepositoryPublisher,
    image: ResolvedImage,
    key: Any,  # noqa: ANN401  # a private key
    predicate_type: str,
    statement: bytes,
) -> None:
    bundle = sign_statement(statement, key)
    now = datetime.now(UTC)
    publisher.push_bundle(image, bundle, predicate_type=predicate_type, created=now)
    publisher.push_attestation_legacy(image, envelope_of(bundle), predicate_type=predicate_type)


def _statement(image: ResolvedImage, predicate_type: str, predicate: object = None) -> bytes:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": image.reference.name, "digest": {"sha256": image.digest.hex}}],
        "predicateType": predicate_type,
        "predicate": predicate or {},
    }
    return json.dumps(statement).encode()


def _pass(image: ResolvedImage, chance: random.Random) -> bytes:
    question = Question("signature", str(image.reference))
    release = release_of([ReleaseImage(image.reference.name, image.digest)], [])
    at = datetime.now(UTC).replace(microsecond=0)
    plan = Plan((question,), (image,), release, chance.choice(_POLICIES), at)
    issuer = Issuer(
        verifier=chance.choice(_VERIFIERS),
        environment=chance.choice(_ENVIRONMENTS),
        valid_for=timedelta(hours=24),
        tool_version="0.0.0",
        manifests_bound=True,
        declared=declared_of(release),
    )
    (statement,) = statements(Cleared(plan, (Result(question, Passed()),)), issuer)
    return statement.payload
