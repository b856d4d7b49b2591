"""The whole flow, from manifests to verdict, and the Protocols that it needs."""

from __future__ import annotations

from typing import Protocol

from gate.model.evidence import Attached, Rejection, VerifiedAttestation
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import Predicate


class Registry(Protocol):
    """Where images are, and what is attached to them. Used from several threads."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that the registry holds. Raises RegistryError."""

    def attached(self, image: ResolvedImage) -> tuple[Attached, ...]:
        """Return all that hangs on the image and its platforms, each content once.

        The answer is complete: whatever could not be asked raises RegistryError.
        """


class Verifier(Protocol):
    """Turns unverified bytes into something proven."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        """Verify what is attached to an image. Never raises on any bytes."""
