"""What is verified on images before there is a policy: who signed which kind of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from gate.errors import RegistryError
from gate.model.evidence import Attached, Unread
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
from gate.trust.identify import identify
from gate.trust.refusal import Reason, Refusal
from gate.trust.trusted_root import TrustedRoot

_NAME_KEY: Final = (
    "put the public key beside the policy, and name it as the signer: `release: {key: cosign.pub}`"
)


class Looked(Protocol):
    """Where images are looked at."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms. Raises RegistryError."""

    def attached(self, image: ResolvedImage) -> Iterable[Attached | Unread]:
        """Return all that hangs on the image, and what could not be read."""


def look(
    reference: ImageReference, registry: Looked, root: TrustedRoot, now: datetime
) -> SeenImage:
    """Return what is proven on one image. A registry that does not answer becomes the note."""
    try:
        image = registry.resolve(reference)
    except RegistryError as error:
        return _not_looked_at(reference, error.code, error.remedy)
    evidence: dict[str, set[SeenSigner]] = {}
    builds: set[tuple[str, str]] = set()
    attached = keyed = False
    for one in registry.attached(image):
        if isinstance(one, Unread):
            return _not_looked_at(reference, one.code, one.remedy)
        attached = True
        try:
            found = identify(one, image, root, now)
        except Refusal as refusal:
            keyed = keyed or refusal.reason is Reason.SIGNER_MISMATCH
            continue
        kind, signer = _kind(found.predicate), _signer(found.claims)
        if kind is not None and signer is not None:
            evidence.setdefault(kind, set()).add(signer)
            if isinstance(found.predicate, Provenance):
                builds.add((found.predicate.builder, found.predicate.source))
    if evidence:
        sorted_ = {
            kind: tuple(sorted(signers, key=lambda signer: signer.order))
            for kind, signers in evidence.items()
        }
        return SeenImage(repository=reference.name, evidence=sorted_, builds=tuple(sorted(builds)))
    if not attached:
        return SeenImage(repository=reference.name, note="Nothing is attached to it")
    if keyed:
        note, remedy = "It is signed with a key, which tells no name", _NAME_KEY
        return SeenImage(repository=reference.name, note=note, remedy=remedy)
    return SeenImage(repository=reference.name, note="Nothing that hangs on it verifies")


def _not_looked_at(reference: ImageReference, code: str, remedy: str) -> SeenImage:
    note = f"It could not be looked at: {code}"
    return SeenImage(repository=reference.name, note=note, remedy=remedy)


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
