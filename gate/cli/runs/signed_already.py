"""What is verified on images before there is a policy: who signed which kind of evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from gate.errors import RegistryError
from gate.keys.public import PublicKey
from gate.model.evidence import Attached, PlaceNote, Unread, VerifiedAttestation
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import (
    ImageSignature,
    Predicate,
    Provenance,
    Sbom,
    VulnerabilityScan,
)
from gate.policy.match_identity import IdentityPattern
from gate.policy.propose import Seen, SeenImage, SeenKey, SeenSigner
from gate.registry.interface import Registry
from gate.trust.claims import Claims
from gate.trust.identify import identify
from gate.trust.refusal import Reason, Refusal
from gate.trust.root import TrustedRoot
from gate.trust.signer import TrustedKey, runs_unmerged
from gate.trust.verify import AttachedVerifier

_NAME_KEY: Final = (
    "put the public key beside the policy, or name it with `gate init --key FILE`, and run it again"
)


def look(
    reference: ImageReference,
    registry: Registry,
    root: TrustedRoot,
    now: datetime,
    keys: Mapping[str, PublicKey],
) -> SeenImage:
    """Return what is proven on one image, by certificates and by `keys`, each by its path.

    A registry that does not answer becomes the note.
    """
    try:
        image = registry.resolve(reference)
    except RegistryError as error:
        return _not_looked_at(reference, error.code, error.remedy)
    verifier = AttachedVerifier(tuple(_trusted(path, key, root) for path, key in keys.items()), now)
    evidence: dict[str, set[Seen]] = {}
    builds: set[tuple[str, str]] = set()
    attached = keyed = False
    for one in registry.attached(image):
        if isinstance(one, PlaceNote):
            continue
        if isinstance(one, Unread):
            return _not_looked_at(reference, one.code, one.remedy)
        attached = True
        proven, nameless = _proven(one, image, root, now, verifier)
        keyed = keyed or nameless
        for kind, signer, predicate in proven:
            evidence.setdefault(kind, set()).add(signer)
            if isinstance(predicate, Provenance):
                builds.add((predicate.builder, predicate.source))
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
    return SeenImage(repository=reference.name, note="Nothing that is attached to it verifies")


def _not_looked_at(reference: ImageReference, code: str, remedy: str) -> SeenImage:
    note = f"It could not be looked at: {code}"
    return SeenImage(repository=reference.name, note=note, remedy=remedy)


def _trusted(path: str, key: PublicKey, root: TrustedRoot) -> TrustedKey:
    return TrustedKey(name=path, key=key, root=root, log_required=False, timestamp_required=False)


_Proven = tuple[str, Seen, Predicate]


def _proven(
    one: Attached,
    image: ResolvedImage,
    root: TrustedRoot,
    now: datetime,
    verifier: AttachedVerifier,
) -> tuple[list[_Proven], bool]:
    """Return who signed which kind of evidence, and whether a key did that nobody has here."""
    try:
        found = identify(one, image, root, now)
    except Refusal as refusal:
        judged = verifier.verify(one, image)
        if not isinstance(judged, VerifiedAttestation):
            return [], refusal.reason is Reason.SIGNER_MISMATCH
        return list(_kinds(map(SeenKey, judged.signers), judged.predicate)), False
    signer = _signer(found.claims)
    return list(_kinds([signer] if signer else [], found.predicate)), False


def _kinds(signers: Iterable[Seen], predicate: Predicate) -> Iterator[_Proven]:
    kind = _kind(predicate)
    if kind is not None:
        yield from ((kind, signer, predicate) for signer in signers)


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
    if runs_unmerged(claims.trigger or ""):
        return None
    try:
        IdentityPattern(claims.identity.subject)
    except ValueError:
        return None
    if "*" in claims.identity.subject:
        return None
    return SeenSigner(claims.identity.issuer, claims.identity.subject, claims.source_repository)
