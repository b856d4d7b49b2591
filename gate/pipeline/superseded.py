"""Which of gate's own statements about an image are not needed: a newer one is there.

Passes and scans alone, of one signer. For example, with the newest one kept:

- of two scans by grype that the same key signed, the older one; a scan by trivy stays beside them;
- of two passes for one release under one policy, the older one;
- of two passes for two releases, none while both hold, and then the one that has ended;
- of a scan that gate cannot read, that is dated in the future, or that looked at nothing: nothing
  is superseded by it, and it is not superseded itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Generic, TypeVar

from gate.checks.scans.counted import claimed
from gate.model.clock import TOLERANCE, is_ahead
from gate.model.evidence import VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import Predicate, VerificationSummary, VulnerabilityScan
from gate.model.records import dataclass
from gate.predicates import SCAN_TYPES
from gate.predicates.verification_summary import TYPES

T = TypeVar("T")

REPLACEABLE: frozenset[str] = frozenset((*TYPES, *SCAN_TYPES))
"""Predicate types of which a newer statement can take the place of an older one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStatement:
    """A verified pass or scan, as far as it matters which of several is needed."""

    kind: Hashable
    """The signer, the subject, and of a pass its verifier and environment, of a scan its tool."""
    made: datetime
    ends: datetime | None
    """When a pass stops holding; None of a scan, which any newer one supersedes."""
    scope: Hashable
    """Of a pass: its policy and its release."""
    digest: Digest
    """Of what was signed: gate stores a keyed statement in two forms, which stay or go together."""


def own_statement(
    attestation: VerifiedAttestation[Predicate], now: datetime
) -> OwnStatement | None:
    """Return what a statement is among its like; None where it is no pass and no readable scan."""
    said = attestation.predicate
    who = (str(attestation.identity), attestation.subject, attestation.predicate_type)
    digest = attestation.statement or attestation.attached
    match said:
        case VulnerabilityScan(doubt=None) if said.findings is not None and said.targets != 0:
            made = claimed(attestation)  # type: ignore[arg-type]  # its predicate is a scan
            found = OwnStatement(
                kind=(who, said.scanner), made=made, ends=None, scope=None, digest=digest
            )
        case VerificationSummary(result="PASSED", unsigned=False, not_after=datetime()):
            found = OwnStatement(
                kind=(who, said.verifier, said.environment),
                made=said.verified_at,
                ends=said.not_after,
                scope=(said.policy, said.release),
                digest=digest,
            )
        case _:
            return None
    return None if is_ahead(found.made, now) else found


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A statement, and where it is stored."""

    statement: OwnStatement
    place: T


def superseded(every: Iterable[Placed[T]], *, keep: int, now: datetime) -> tuple[T, ...]:
    """Return the places of those that are not needed, where the `keep` newest of a kind stay.

    A pass that holds also stays, unless the same signer passed the same release under the same
    policy later. `keep` is at least 1.
    """
    places: dict[OwnStatement, list[T]] = {}
    for one in every:
        places.setdefault(one.statement, []).append(one.place)
    kinds: dict[Hashable, list[OwnStatement]] = {}
    for statement in places:
        kinds.setdefault(statement.kind, []).append(statement)
    gone: list[T] = []
    for alike in kinds.values():
        newest = sorted(alike, key=lambda one: (one.made, one.digest), reverse=True)
        scopes = {statement.scope for statement in newest[:keep]}
        for statement in newest[keep:]:
            if (
                statement.ends is not None
                and now - TOLERANCE < statement.ends
                and statement.scope not in scopes
            ):
                scopes.add(statement.scope)
            else:
                gone += places[statement]
    return tuple(gone)
