"""Images with evidence drawn by chance on a real registry, and policies that ask for some of it.

Evidence is of keys, each in cosign's older form and in a bundle, because no one form is read by
every enforcer. Only where `stricter` asks for it is drawn what some targets demand more of than
gate: patterns that overlap, two of three signers, entries that demand what a target does not
know, images by their tag or in another spelling, and odd evidence. No age decides.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gate.keys.private import generate
from gate.keys.public import public_pem
from gate.model.image import ImageReference, ResolvedImage
from gate.predicates.types import IMAGE_SIGNATURE
from gate.predicates.verification_summary import TYPES as PASS_TYPES
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from tests.acceptance.debian_registry import debian_registry
from tests.builders.cosign_publisher import CosignPublisher
from tests.builders.drawn_evidence import (
    CYCLONEDX_TYPE,
    ENVIRONMENTS,
    POLICIES,
    VERIFIERS,
    attest,
    drawn_pass,
    sign,
    statement_of,
)
from tests.builders.odd_evidence import KINDS, Odd
from tests.builders.sboms import CYCLONEDX
from tests.fakes.registry import OCI_CONFIG, OCI_MANIFEST, descriptor, encode

SIGNERS: Final = ("ci", "lab", "ops")
REPOSITORIES: Final = ("acme/shop", "acme/shop/web", "acme/base", "other/tool")
_APART: Final = (("**",), ("acme/*",), ("acme/**",), ("acme/base", "other/**"))
_OVERLAPPING: Final = (("acme/shop", "acme/**"), ("acme/**", "**"), ("acme/shop", "**"))
_UNKNOWN: Final = ("configuration: {entrypoint: required}", "digest: required")
"""What a target does not know, or makes of an image by its tag."""


@dataclass(frozen=True, slots=True)
class World:
    """One policy, and images that are judged by it."""

    policy: str
    """In the folder of the keys."""
    images: tuple[str, ...]
    """By their digests, and of odd ones some by their tags."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """A registry with images, the keys of their signers, and what draws policies."""

    folder: Path
    host: str
    images: tuple[str, ...]
    odd: tuple[str, ...]
    """More images, each with odd evidence."""

    def drawn(self, number: int, seed: int, *, stricter: bool = False) -> Iterator[World]:
        """Yield so many worlds of five images, always the same ones for a seed."""
        chance = random.Random(seed)  # noqa: S311  # a seed, and no secret
        images = (*self.images, *self.odd) if stricter else self.images
        for _ in range(number):
            policy = self._policy(chance, stricter=stricter)
            yield World(policy, tuple(chance.sample(images, 5)))

    def _policy(self, chance: random.Random, *, stricter: bool) -> str:
        signers = ", ".join(f"{name}: {{key: {name}.pub}}" for name in SIGNERS)
        patterns = list(chance.choice(_OVERLAPPING if stricter else _APART))
        lines = ["version: 1", f"signers: {{{signers}}}"]
        if stricter and chance.random() < 0.2:  # now and then
            lines.append(f"registries: {{allow: [{self.host}/acme]}}")
        lines.append("images:")
        for pattern in patterns:
            match = pattern if pattern == "**" else f"{self.host}/{pattern}"
            lines += [f'  - match: "{match}"', *_demands(chance, stricter=stricter)]
        return "\n".join([*lines, ""])


def _demands(chance: random.Random, *, stricter: bool) -> Iterator[str]:
    unknown = stricter and chance.random() < 0.3  # not so often
    if unknown:
        yield f"    {chance.choice(_UNKNOWN)}"
    numbers = (0, 1, 2) if unknown else (1, 1, 1, 2)
    checks = chance.sample(("signature", "sbom", "pass"), chance.choice(numbers))
    for check in checks:
        if check == "pass":
            digests = [str(d) for d in POLICIES[: chance.choice((1, 2))]]
            yield (
                f"    pass: {{by: [{chance.choice(SIGNERS)}], "
                f"verifier: {chance.choice(VERIFIERS)}, "
                f"environment: {chance.choice(ENVIRONMENTS)}, policies: {json.dumps(digests)}, "
                "max-age: 24h, manifests: images}"
            )
            continue
        by = sorted(chance.sample(SIGNERS, 3 if stricter else chance.choice((1, 2))))
        least = chance.choice((1, 2)) if stricter else chance.choice((1, len(by)))
        more = ", minimum-elements: none" if check == "sbom" else ""
        yield f"    {check}: {{by: [{', '.join(by)}], at-least: {least}{more}}}"


@contextmanager
def worlds(folder: Path, *, images: int, odd: int, seed: int) -> Iterator[Worlds]:
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
            numbers = range(images, images + odd)
            more = [_odd(client, made[-1], number, keys, seed) for number in numbers]
        finally:
            client.close()
        yield Worlds(folder, registry.host, tuple(map(_by_digest, made)), tuple(more))


def _image(
    client: RegistryClient, host: str, number: int, keys: dict[str, Any], chance: random.Random
) -> ResolvedImage:
    """Push an image and what was drawn for it."""
    image = _pushed(client, host, number)
    publisher = CosignPublisher(client)
    for key in keys.values():
        if chance.random() < 0.5:  # as often as not
            sign(publisher, image, key)
            signed = statement_of(image, *IMAGE_SIGNATURE)
            attest(publisher, image, key, IMAGE_SIGNATURE[0], signed)
        if chance.random() < 0.4:  # less often
            listed = statement_of(image, CYCLONEDX_TYPE, CYCLONEDX)
            attest(publisher, image, key, CYCLONEDX_TYPE, listed)
        if chance.random() < 0.5:  # as often as not
            attest(publisher, image, key, PASS_TYPES[0], drawn_pass(image, chance))
    return image


def _odd(
    client: RegistryClient, other: ResolvedImage, number: int, keys: dict[str, Any], seed: int
) -> str:
    """Push an image with odd evidence of two or three kinds; return its name."""
    chance = random.Random(seed + number)  # noqa: S311  # a seed, and no secret
    image = _pushed(client, other.reference.registry, number)
    publisher, stranger = CosignPublisher(client), generate()
    for make in chance.sample(KINDS, chance.choice((2, 3))):
        key = keys[chance.choice(SIGNERS)]
        make(Odd(publisher, image, other, key=key, stranger=stranger, chance=chance))
    tagged, digested = str(image.reference), _by_digest(image)
    otherwise = digested.replace(":", ":0", 1)  # the same port
    return chance.choice((tagged, digested, f"{tagged}@{image.digest}", otherwise))


def _by_digest(image: ResolvedImage) -> str:
    return f"{image.reference.name}@{image.digest}"


def _pushed(client: RegistryClient, host: str, number: int) -> ResolvedImage:
    repository = REPOSITORIES[number % len(REPOSITORIES)]
    reference = ImageReference.parse(f"{host}/{repository}:{number}")
    said = {"Labels": {"n": str(number)}, "Entrypoint": ["/run"]}
    config = encode({"os": "linux", "architecture": "amd64", "config": said})
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(OCI_CONFIG, config),
        "layers": [],
    }
    stored = client.repository(reference)
    stored.put_blob(config)
    assert stored.put_tag(str(number), encode(manifest), OCI_MANIFEST, over=None)
    return client.resolve(reference)
