"""What is verified on images before there is a policy: who signed which kind of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from gate.errors import RegistryError
from gate.model.evidence import Attached
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import (
    ImageSignature,
    Predicate,
    Provenance,
    Sbom,
    VulnerabilityScan,
)
from gate.policy.match_identity import IdentityPattern
from gate.policy.propose import SeenImage, SeenSigner
from gate.trust.claims import Claims
from gate.trust.identify import Identified, identify
from gate.trust.refusal import Refusal
from gate.trust.trusted_root import TrustedRoot


class Looked(Protocol):
    """Where images are looked at."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms. Raises RegistryError."""

    def attached(self, image: ResolvedImage) -> tuple[Attached, ...]:
        """Return all that hangs on the image. Raises RegistryError."""


def look(
    reference: ImageReference, registry: Looked, root: TrustedRoot, now: datetime
) -> SeenImage:
    """Return what is proven on one image. A registry that does not answer becomes the note."""
    try:
        image = registry.resolve(reference)
        attached = registry.attached(image)
    except RegistryError as error:
        return SeenImage(repository=reference.name, note=f"It could not be looked at: {error.code}")
    evidence: dict[str, set[SeenSigner]] = {}
    builds: set[tuple[str, str]] = set()
    for found in _identified(attached, image, root, now):
        kind, signer = _kind(found.predicate), _signer(found.claims)
        if kind is not None and signer is not None:
            evidence.setdefault(kind, set()).add(signer)
            if isinstance(found.predicate, Provenance):
                builds.add((found.predicate.builder, found.predicate.source))
    if evidence:
        sorted_ = {kind: tuple(sorted(signers)) for kind, signers in evidence.items()}
        return SeenImage(repository=reference.name, evidence=sorted_, builds=tuple(sorted(builds)))
    note = "Nothing is attached to it" if not attached else "No certificate signed what hangs on it"
    return SeenImage(repository=reference.name, note=note)


def _identified(
    attached: tuple[Attached, ...], image: ResolvedImage, root: TrustedRoot, now: datetime
) -> Iterator[Identified]:
    for one in attached:
        try:
            yield identify(one, image, root, now)
        except Refusal:
            continue  # what does not verify proposes nothing


def _kind(predicate: Predicate) -> str | None:
    match predicate:
        case ImageSignature():
            return "signature"
        case Sbom():
            return "sbom"
        case VulnerabilityScan():
            return "vulnerabilities"
        case Provenance():
            return "provenance"
        case _:
            return None


def _signer(claims: Claims) -> SeenSigner | None:
    """Return the signer as a policy can name it; None for a pull request's, and what it cannot."""
    if (claims.trigger or "").startswith("pull_request"):
        return None
    try:
        IdentityPattern(claims.identity.subject)
    except ValueError:
        return None
    if "*" in claims.identity.subject:
        return None
    return SeenSigner(claims.identity.issuer, claims.identity.subject, claims.source_repository)
