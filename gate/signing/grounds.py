"""What a verdict rests on: attestations, files, who signed them, waivers; and until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from gate.model.evidence import VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import Predicate
from gate.model.signed_file import SignedFile
from gate.model.verdict import Failed, Outcome, Passed, Result, Undecided, WaivedFinding

_DAY: Final = timedelta(hours=23, minutes=59, seconds=59)


def relied_on(results: Iterable[Result]) -> tuple[VerifiedAttestation[Predicate], ...]:
    """Return every attestation that these answers rest on, once, sorted by its digest.

    One statement that two signed is two attestations.
    """
    every = (a for r in results for a in _evidence_of(r.outcome))
    found = {(a.attached, str(a.identity), str(a.signature or "")): a for a in every}
    return tuple(found[key] for key in sorted(found))


def inputs(results: Iterable[Result]) -> tuple[Digest, ...]:
    """Return the digest of every attestation and file that these answers rest on, sorted."""
    every = tuple(results)
    files = {f.digest for r in every for f in _files_of(r.outcome)}
    rested = relied_on(every)
    signatures = {a.signature for a in rested if a.signature is not None}
    return tuple(sorted(files | signatures | {a.attached for a in rested}))


def identities(results: Sequence[Result]) -> list[str]:
    """Return the signers of what the answers rest on: a pass may not be signed by any of them."""
    found = {str(a.identity) for a in relied_on(results)}
    found |= {str(k) for r in results for f in _files_of(r.outcome) for k in f.signers}
    return sorted(found)


def waivers(results: Iterable[Result]) -> Iterator[WaivedFinding]:
    """Yield every waiver that was used, as often as it was."""
    for result in results:
        if isinstance(result.outcome, Failed):
            yield from result.outcome.waived


def until(outcome: Outcome) -> datetime | None:
    """Return when an answer stops holding, UTC: evidence is too old, a grace or waiver ended."""
    match outcome:
        case Passed(until=until):
            return until
        case Failed(waived=waived, until=until):
            ends = [*map(_last, waived), *([] if until is None else [until])]
            return min(ends, default=None)
        case Undecided():
            return None
        case unreachable:
            assert_never(unreachable)


def _last(waived: WaivedFinding) -> datetime:
    """Return the last second of a waiver's last day."""
    return datetime.combine(waived.expires, datetime.min.time(), UTC) + _DAY


def _evidence_of(outcome: Outcome) -> tuple[VerifiedAttestation[Predicate], ...]:
    return outcome.relied_on if isinstance(outcome, Passed | Failed) else ()


def _files_of(outcome: Outcome) -> tuple[SignedFile, ...]:
    return outcome.files if isinstance(outcome, Passed) else ()
