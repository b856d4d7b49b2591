"""Whether a pass still holds: its own times, and the ends of the evidence and waivers behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from gate.checks.passes.reason import RUN, Reason
from gate.model.clock import TOLERANCE, end_of, is_ahead
from gate.model.evidence import VerifiedAttestation
from gate.model.predicates import VerificationSummary
from gate.model.verdict import Age
from gate.model.words import timestamp

Pass: TypeAlias = VerifiedAttestation[VerificationSummary]


def ends(found: Pass, max_age: timedelta) -> tuple[datetime, ...]:
    """Return the moments after which a pass opens nothing: a pass that rests on it ends too."""
    said = found.predicate
    stated = (said.not_after, said.waivers_expire, said.evidence_until)
    return (end_of(_claimed(found), max_age), *filter(None, stated))


def age(found: Pass, max_age: timedelta) -> Age:
    """Return since when a pass is there, and the first moment after which it opens nothing."""
    return Age(of="pass", since=_claimed(found), until=min(ends(found, max_age)))


def untimely(found: Pass, max_age: timedelta | None, now: datetime) -> Iterator[Reason]:
    """Yield, in order, what the times of a pass have against it, `now` and by the clock here.

    Without `max_age` it may be of any age, and past every end; its times must be honest all the
    same.
    """
    said = found.predicate
    newest = max(filter(None, (said.verified_at, found.signed_at)))
    if is_ahead(newest, now):
        yield (
            "pass-from-the-future",
            f"the pass is of {timestamp(newest)}, and here it is {timestamp(now)}",
            "set the clock that is wrong; `gate doctor` compares the one here with a registry's",
        )
    if found.signed_at is not None and abs(found.signed_at - said.verified_at) > TOLERANCE:
        yield (
            "pass-time-differs",
            (
                f"the pass says {timestamp(said.verified_at)}, and was signed at "
                f"{timestamp(found.signed_at)}"
            ),
            RUN,
        )
    if max_age is not None and now - _claimed(found) > max_age:
        yield (
            "pass-too-old",
            (
                f"the pass is of {timestamp(_claimed(found))} and was good until "
                f"{timestamp(_claimed(found) + max_age)}"
            ),
            f"{RUN}, with --renew where the pass there still holds",
        )
    if said.not_after is None:
        yield ("pass-endless", "the pass does not say when it ends", RUN)
    if max_age is not None:
        yield from _ended(said, now)


def _ended(said: VerificationSummary, now: datetime) -> Iterator[Reason]:
    if said.not_after is not None and now > said.not_after:
        yield ("pass-expired", f"the pass ended at {timestamp(said.not_after)}", RUN)
    if said.waivers_expire is not None and now > said.waivers_expire:
        yield (
            "pass-waiver-expired",
            f"the pass rests on a waiver that ended at {timestamp(said.waivers_expire)}",
            "mend what was waived, or renew the waiver and run `gate check` again",
        )
    if said.evidence_until is not None and now > said.evidence_until:
        yield (
            "pass-evidence-expired",
            f"the pass rests on evidence that ended at {timestamp(said.evidence_until)}",
            "scan the image again, attest the result, and run `gate check` again",
        )


def _claimed(found: Pass) -> datetime:
    return min(filter(None, (found.predicate.verified_at, found.signed_at)))
