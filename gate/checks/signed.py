"""Which attestations satisfy `by`, `at-least` and `on`.

Shared by every check that asks for signed evidence. Counting is existential: one
more attestation can only help, so evidence that is added to an image never turns a
check that passed into one that fails. Why nothing counts is told by `unmet`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from gate.checks.base import Check, Level, SignedParams, distinct_identities
from gate.checks.unmet import Refused, Sought, Tally, explain
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import Predicate
from gate.model.verdict import Failed, Passed

P = TypeVar("P", bound=Predicate)


def judge(
    check: Check[Any],
    sought: Sought[P],
    image: ImageEvidence,
    asked: SignedParams,
    accept: Callable[[VerifiedAttestation[P]], Refused | None] = lambda _: None,
    *,
    distinct: Callable[[Iterable[VerifiedAttestation[P]]], int] = distinct_identities,
) -> Passed | Failed:
    """Pass when enough signers attest, where the policy wants it, something that `accept` takes.

    `distinct` counts what `at-least` is about. A pass relies on every attestation that
    counts. A failure has one finding, which says what came nearest.
    """
    good, refused = [], []
    for attestation in image.attested(sought.kind, by=asked.by):
        reason = accept(attestation)
        if reason is None:
            good.append(attestation)
        else:
            refused.append((attestation.subject, reason))
    lacking: dict[Digest, int] = {}
    for digests in _places(image, asked.on):
        counts = {d: distinct(a for a in good if a.subject == d) for d in digests}
        lacking = {d: count for d, count in counts.items() if count < asked.at_least}
        if not lacking:
            return Passed(ordered(a for a in good if a.subject in digests))
    tally = Tally(good=frozenset(a.subject for a in good), refused=tuple(refused), lacking=lacking)
    why = explain(sought, image, asked, tally)
    return check.failed(image, f"{sought.code}-{why.code}", why.message, remedy=why.remedy)


def ordered(
    attestations: Iterable[VerifiedAttestation[P]],
) -> tuple[VerifiedAttestation[P], ...]:
    """Sort by the digest of the stored bytes, so that the order of discovery changes nothing."""
    return tuple(sorted(attestations, key=lambda a: (a.attached, a.subject, a.predicate_type)))


def _places(image: ImageEvidence, level: Level) -> tuple[tuple[Digest, ...], ...]:
    """Return the ways to meet `on`, each a set of digests that must all be covered."""
    index = (image.image.digest,)
    platforms = tuple(p.digest for p in image.image.platforms) or index
    return {
        Level.INDEX: (index,),
        Level.PLATFORMS: (platforms,),
        Level.EITHER: (index, platforms),
    }[level]
