"""Which attestations satisfy `by`, `at-least` and `on`.

Shared by every check that asks for signed evidence. Counting is existential: one
more attestation can only help, so evidence that is added to an image never turns a
check that passed into one that fails. Why nothing counts is told by `unmet`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from gate.checks.base import Check, Level, SignedParams
from gate.checks.unmet import Refused, Sought, Tally, explain
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import Predicate
from gate.model.verdict import Failed, Passed

P = TypeVar("P", bound=Predicate)

_EVER: Final = datetime.max.replace(tzinfo=UTC)


def judge(
    check: Check[Any],
    sought: Sought[P],
    image: ImageEvidence,
    asked: SignedParams,
    accept: Callable[[VerifiedAttestation[P]], Refused | None] = lambda _: None,
    *,
    distinct: Callable[[VerifiedAttestation[P]], Hashable] = lambda a: a.identity,
    until: Callable[[VerifiedAttestation[P]], datetime] | None = None,
) -> Passed | Failed:
    """Pass when enough signers attest, where the policy wants it, something that `accept` takes.

    `at-least` counts what `distinct` tells apart. A pass relies on every attestation that
    counts, and holds until too few of them do, where `until` says how long each does. A
    failure has one finding, which says what came nearest.
    """
    good, refused = [], []
    for attestation in image.attested(sought.kind, by=asked.by):
        reason = accept(attestation)
        if reason is None:
            good.append(attestation)
        else:
            refused.append((attestation.subject, reason))
    lacking: dict[Digest, int] = {}
    short: set[Digest] = set()
    passes = []
    for digests in ways(image, asked.on):
        here = {d: [a for a in good if a.subject == d] for d in digests}
        counts = {d: len(set(map(distinct, found))) for d, found in here.items()}
        missing = {d: n for d, n in counts.items() if n < asked.at_least}
        if missing:
            lacking = missing
            short.update(missing)
            continue
        ends = [_until(found, asked.at_least, distinct, until) for found in here.values()]
        relied_on = ordered(a for found in here.values() for a in found)
        passes.append(Passed(relied_on, min((e for e in ends if e is not None), default=None)))
    if passes:
        return max(passes, key=lambda p: p.until or _EVER)
    tally = Tally(
        good=frozenset(a.subject for a in good),
        refused=tuple(reason for digest, reason in refused if digest in short),
        lacking=lacking,
    )
    why = explain(sought, image, asked, tally)
    return check.failed(image, f"{sought.code}-{why.code}", why.message, remedy=why.remedy)


def _until(
    found: Iterable[VerifiedAttestation[P]],
    at_least: int,
    distinct: Callable[[VerifiedAttestation[P]], Hashable],
    until: Callable[[VerifiedAttestation[P]], datetime] | None,
) -> datetime | None:
    """Return when fewer than `at_least` distinct ones are left; None where nothing ends."""
    if until is None:
        return None
    ends: dict[Hashable, datetime] = {}
    for attestation in found:
        key, end = distinct(attestation), until(attestation)
        ends[key] = max(end, ends.get(key, end))
    return sorted(ends.values(), reverse=True)[at_least - 1]


def ordered(
    attestations: Iterable[VerifiedAttestation[P]],
) -> tuple[VerifiedAttestation[P], ...]:
    """Sort by the digest of the stored bytes, so that the order of discovery changes nothing."""
    return tuple(sorted(attestations, key=lambda a: (a.attached, a.subject, a.predicate_type)))


def ways(image: ImageEvidence, level: Level) -> tuple[tuple[Digest, ...], ...]:
    """Return the ways to meet `on`, each a set of digests that must all be covered."""
    index = (image.image.digest,)
    platforms = tuple(p.digest for p in image.image.platforms) or index
    return {
        Level.INDEX: (index,),
        Level.PLATFORMS: (platforms,),
        Level.EITHER: (index, platforms),
    }[level]
