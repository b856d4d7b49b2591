"""Which attestations satisfy `by`, `at-least` and `on`.

Shared by every check that asks for signed evidence. Counting is existential: one
more attestation can only help, so evidence that is added to an image never turns a
check that passed into one that fails. Why nothing counts is told by `shortfall`.

For example, `{by: [ci, sec], at-least: 2, on: either}` and an index with two platforms:

- ci and sec both attest the index: it passes;
- ci attests the index twice: 1 of 2, because one key counts once;
- ci and sec attest linux/amd64, and ci alone linux/arm64: 1 of 2 on linux/arm64;
- ci attests the index, and sec every platform: neither way has two, so it fails.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from gate.checks.demand.base import Check, Level, SignedParams
from gate.checks.demand.shortfall import Refused, Sought, Tally, explain
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import Predicate
from gate.model.verdict import Age, Failed, Passed
from gate.policy.waivers import UNWAIVABLE

P = TypeVar("P", bound=Predicate)

_EVER: Final = datetime.max.replace(tzinfo=UTC)


def judge(
    check: Check[Any],
    sought: Sought[P],
    image: ImageEvidence,
    asked: SignedParams,
    refuse: Callable[[VerifiedAttestation[P]], Iterable[Refused]] = lambda _: (),
    *,
    now: datetime,
    distinct: Callable[[VerifiedAttestation[P]], Hashable] = lambda a: a.identity,
    until: Callable[[VerifiedAttestation[P]], Collection[datetime]] | None = None,
    ages: Callable[[VerifiedAttestation[P]], Iterable[Age]] = lambda _: (),
) -> Passed | Failed:
    """Pass when enough signers attest, where the policy wants it, something not refused.

    `at-least` counts what `distinct` tells apart. A pass relies on every attestation that
    counts, and holds until too few of them do, where `until` gives the moments after which
    each is refused. `ages` only tells reports how old each is. A failure has a finding for all
    that is wrong with what came nearest, and where mending that would not do, for what would be
    missing still: so that waiving one finding never excuses another.
    """
    sought = sought.on(image)
    good, refused = [], []
    for attestation in image.attested(sought.kind, by=asked.by):
        reasons = tuple(refuse(attestation))
        if reasons:
            refused.append((attestation, reasons))
        else:
            good.append(attestation)
    counted = [_count(digests, good, distinct) for digests in ways(image, asked.on)]
    passes = []
    for here in counted:
        if min(map(len, here.values())) < asked.at_least:
            continue
        ends = [_until(found, asked.at_least, until) for found in here.values()]
        relied_on = ordered(a for found in here.values() for same in found.values() for a in same)
        until_ = min((e for e in ends if e is not None), default=None)
        passes.append(Passed(relied_on, until_, ages=_freshest(map(ages, relied_on))))
    if passes:
        return max(passes, key=lambda p: p.until or _EVER)
    short = {d for here in counted for d, found in here.items() if len(found) < asked.at_least}
    why = explain(
        sought,
        image,
        asked,
        _tally(good, [reasons for a, reasons in refused if a.subject in short], counted, asked),
    )
    codes = set() if check.name in UNWAIVABLE else {reason.code for reason in why}
    mended = good + [a for a, reasons in refused if codes.issuperset(r.code for r in reasons)]
    recounted = [_count(digests, mended, distinct) for digests in ways(image, asked.on)]
    if len(mended) > len(good) and all(
        min(map(len, here.values())) < asked.at_least for here in recounted
    ):
        why = (*why, *explain(sought, image, asked, _tally(mended, (), recounted, asked)))
    moments = (m for a in (*good, *(a for a, _ in refused)) for m in (until(a) if until else ()))
    return Failed(
        tuple(check.finding(image, w.code, w.message, remedy=w.remedy) for w in why),
        relied_on=ordered(good),
        until=min((m for m in moments if m >= now), default=None),
        lacking=True,
        ages=_freshest(ages(a) for a in (*good, *(a for a, _ in refused))),
    )


def _freshest(ages: Iterable[Iterable[Age]]) -> tuple[Age, ...]:
    """Return of each kind of thing the one that ends last, sorted."""
    last: dict[str, Age] = {}
    for age in (age for some in ages for age in some):
        last[age.of] = max(last.get(age.of, age), age, key=lambda a: (a.until, a.since))
    return tuple(sorted(last.values()))


_Counted = dict[Digest, dict[Hashable, list[VerifiedAttestation[P]]]]
"""What counts, by digest and by what tells them apart."""


def _count(
    digests: Iterable[Digest],
    good: Iterable[VerifiedAttestation[P]],
    distinct: Callable[[VerifiedAttestation[P]], Hashable],
) -> _Counted[P]:
    here: _Counted[P] = {digest: {} for digest in digests}
    for attestation in good:
        if attestation.subject in here:
            here[attestation.subject].setdefault(distinct(attestation), []).append(attestation)
    return here


def _tally(
    good: Iterable[VerifiedAttestation[P]],
    refused: Iterable[tuple[Refused, ...]],
    counted: Iterable[_Counted[P]],
    asked: SignedParams,
) -> Tally:
    lackings = [{d: len(f) for d, f in h.items() if len(f) < asked.at_least} for h in counted]
    # Of the ways to meet `on` the one that needs least; of equals the one by platforms.
    lacking = min(reversed(lackings), key=lambda way: asked.at_least * len(way) - sum(way.values()))
    return Tally(good=frozenset(a.subject for a in good), refused=tuple(refused), lacking=lacking)


def _until(
    found: Mapping[Hashable, Iterable[VerifiedAttestation[P]]],
    at_least: int,
    until: Callable[[VerifiedAttestation[P]], Collection[datetime]] | None,
) -> datetime | None:
    """Return when fewer than `at_least` distinct ones are left; None where nothing ends."""
    if until is None:
        return None
    ends = (max(min(until(a)) for a in same) for same in found.values())
    return sorted(ends, reverse=True)[at_least - 1]


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
