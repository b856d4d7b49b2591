"""What is proven about each image, and the Protocols of what is asked for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from gate.errors import PartlyReadError, RegistryError
from gate.model.evidence import (
    Attached,
    ImageEvidence,
    Rejection,
    Unavailable,
    Unread,
    VerifiedAttestation,
)
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.predicates import Predicate
from gate.model.release import NO_RELEASE
from gate.model.review import ReviewedImage
from gate.pipeline.evaluate import crash

MAX_PARALLEL = 8
"""Images looked at together. More only moves the wait to the registry."""


class Registry(Protocol):
    """Where images are, and what is attached to them. Used from several threads."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that the registry holds. Raises RegistryError."""

    def attached(self, image: ResolvedImage) -> tuple[Attached, ...]:
        """Return all that hangs on the image and its platforms, each content once.

        The answer is complete: where something could not be read, PartlyReadError is raised,
        with what could.
        """

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of each platform. Raises RegistryError."""


class Verifier(Protocol):
    """Turns unverified bytes into something proven."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        """Verify what is attached to an image. Never raises on any bytes."""


def gather_all(
    images: Iterable[ReviewedImage],
    stopped: Collection[str],
    configured: Collection[str],
    registry: Registry,
    verifier: Verifier,
) -> list[ReviewedImage]:
    """Gather the evidence of every image that its name does not already block."""

    def look(image: ReviewedImage) -> ReviewedImage:
        if image.reference is None or image.name in stopped:
            return image
        found = gather(
            image.name,
            image.reference,
            registry,
            verifier,
            configured=image.name in configured,
        )
        return replace(image, evidence=found)

    with ThreadPoolExecutor(MAX_PARALLEL) as pool:
        return list(pool.map(look, images))


def gather(
    name: str,
    reference: ImageReference,
    registry: Registry,
    verifier: Verifier,
    *,
    configured: bool = False,
) -> ImageEvidence | Unavailable:
    """Collect what is proven about one image. Whatever goes wrong ends as Unavailable.

    With `configured`, its configurations are fetched too; they are part of what a digest
    says, and nobody signs them apart.
    """
    image: ResolvedImage | None = None
    try:
        image = registry.resolve(reference)
        attached, unread = _attached(image, registry)
        judged = []
        while attached:
            # Taken out before it is looked at: an SBOM of 64 MiB is not held beside the next.
            judged.append(verifier.verify(attached.pop(0), image))
        configurations = registry.configurations(image) if configured else None
    except RegistryError as error:
        return Unavailable(name, error.code, error.problem, error.remedy, image)
    except Exception as error:  # noqa: BLE001  # one image's crash must not hide another's verdict
        return Unavailable(name, *crash(error), image)
    return ImageEvidence(
        image,
        NO_RELEASE,
        in_one_order(v for v in judged if isinstance(v, VerifiedAttestation)),
        tuple(sorted((v for v in judged if isinstance(v, Rejection)), key=lambda v: v.order)),
        configurations,
        unread=unread,
    )


def _attached(
    image: ResolvedImage, registry: Registry
) -> tuple[list[Attached], tuple[Unread, ...]]:
    """Return what is attached, and what of it could not be read."""
    try:
        return list(registry.attached(image)), ()
    except PartlyReadError as part:
        return list(part.found), part.unread


def in_one_order(
    attestations: Iterable[VerifiedAttestation[Predicate]],
) -> tuple[VerifiedAttestation[Predicate], ...]:
    """Return attestations as every run lists them, whatever order they were found in."""
    return tuple(sorted(attestations, key=_order))


def _order(attestation: VerifiedAttestation[Predicate]) -> tuple[object, ...]:
    """Return what attestations are sorted by: all that tells two of them apart.

    The bytes alone do not: the same envelope can be stored twice, with a log entry and without.
    """
    return (
        attestation.predicate_type,
        attestation.attached,
        attestation.subject,
        attestation.signers,
        str(attestation.identity),
        [(t.at, t.clock, t.authority) for t in attestation.times],
        attestation.logs,
        attestation.storage,
    )
