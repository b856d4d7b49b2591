"""What each thing that is attached to an image is to one check: counted, or why not.

Nothing is judged anew here: the check itself is asked about the image as if this one thing
were all that is attached to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from gate.checks.demand.base import Check, SignedParams
from gate.checks.scans.vex import statements
from gate.checks.vulnerabilities import VulnerabilitiesParams
from gate.model.evidence import ImageEvidence, Rejection, VerifiedAttestation
from gate.model.predicates import Predicate
from gate.model.records import dataclass
from gate.model.verdict import Failed, Outcome, Passed, Undecided
from gate.pipeline.evaluate import answer
from gate.policy.section import Params

Found: TypeAlias = VerifiedAttestation[Predicate] | Rejection

_ABSENT = "-absent"
"""What the code ends with of a check that does not recognise a thing as what it looks for."""
_UNUSED = "its VEX statements excuse nothing that the scans found"
_PARTS = ("-too-few", "-incomplete")
"""What the code ends with where a thing counts, and more like it are demanded."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is attached to an image, as one check sees it."""

    found: Found
    counts: bool
    code: str = ""
    """Why it does not count, or what is lacking beside it; empty where nothing is."""
    message: str = ""


def pieces(
    check: Check[Any], evidence: ImageEvidence, asked: Params, outcome: Outcome, now: datetime
) -> tuple[Piece, ...]:
    """Return what the check looked at to come to this outcome; none for one that needs nothing.

    What the check does not recognise as something it looks for is left out.
    """
    if not isinstance(asked, SignedParams) or not asked.by:
        return ()
    relied_on: tuple[VerifiedAttestation[Predicate], ...] = ()
    if isinstance(outcome, Passed) or (isinstance(outcome, Failed) and not outcome.lacking):
        relied_on = outcome.relied_on
    return tuple(_pieces(check, evidence, asked, {a.attached for a in relied_on}, now))


def _pieces(
    check: Check[Any],
    evidence: ImageEvidence,
    asked: SignedParams,
    relied_on: set[object],
    now: datetime,
) -> Iterator[Piece]:
    bare = replace(evidence, attestations=(), rejections=())
    for attestation in evidence.attestations:
        if attestation.attached in relied_on:
            yield Piece(attestation, counts=True)
            continue
        one = replace(bare, attestations=(attestation,))
        if isinstance(asked, VulnerabilitiesParams) and statements(one, asked.vex or (), now):
            yield Piece(attestation, counts=False, code="vex-not-applied", message=_UNUSED)
            continue
        yield from _piece(attestation, answer(check, one, asked, now), needed=not relied_on)
    for rejection in evidence.rejections:
        alone = answer(check, replace(bare, rejections=(rejection,)), asked, now)
        yield from _piece(rejection, alone, needed=True)


def _piece(found: Found, alone: Outcome, *, needed: bool) -> Iterator[Piece]:
    match alone:
        case Undecided(code=code, reason=reason):
            yield Piece(found, counts=False, code=code, message=reason)
        case Failed(findings=(first, *_), lacking=True):
            if not first.code.endswith(_ABSENT):
                yield Piece(found, first.code.endswith(_PARTS), first.code, first.message)
        case Passed(relied_on=(_, *_)) | Failed(relied_on=(_, *_)) if needed:
            yield Piece(found, counts=True)
        case Passed(relied_on=(_, *_)) | Failed(relied_on=(_, *_)):
            said = "it would do alone; the check relies on what is newer, or on another"
            yield Piece(found, counts=False, code="not-needed", message=said)
        case _:
            return
