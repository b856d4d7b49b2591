"""What a check relied on, as reports show it: evidence, its signer, its time."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Final

from gate.model.evidence import VerifiedAttestation
from gate.model.predicates import (
    ImageSignature,
    LayoutSet,
    LetGo,
    Predicate,
    Provenance,
    Sbom,
    Unreadable,
    Unrecognised,
    VerificationSummary,
    Vex,
    VulnerabilityScan,
)
from gate.model.report import CheckReport, ReliedOn, Status
from gate.model.verdict import Action, Failed, Outcome, Passed, Question, Undecided
from gate.model.words import timestamp


def check_report(question: Question, outcome: Outcome) -> CheckReport:
    """Return the answer to one question about one image."""
    if isinstance(outcome, Undecided):
        return CheckReport(check=question.check, status=status_of(outcome))
    files = outcome.files if isinstance(outcome, Passed) else ()
    return CheckReport(
        check=question.check,
        status=status_of(outcome),
        relied_on=tuple(sorted({*map(signed, outcome.relied_on), *map(str, files)})),
        evidence=tuple(sorted(dict.fromkeys(map(_evidence, outcome.relied_on)), key=_order)),
        until=outcome.until if isinstance(outcome, Passed) else None,
        ages=outcome.ages,
    )


def status_of(outcome: Outcome) -> Status:
    """Return how a check came out, in one word."""
    match outcome:
        case Passed():
            return Status.PASSED
        case Failed(findings=()):
            return Status.WAIVED
        case Failed(findings=findings):
            blocks = any(f.action is Action.BLOCK for f in findings)
            return Status.FAILED if blocks else Status.WARNED
        case Undecided():
            return Status.UNDECIDED


def signed(attestation: VerifiedAttestation[Predicate]) -> str:
    """Return who signed it and when: `ci: key sha256:…, 2026-11-21T10:00:00Z by …`.

    Equal text is held once: a key signs thousands of images at no verified time.
    """
    when = "at no verified time"
    if attestation.times:
        first = attestation.times[0]
        when = f"{timestamp(first.at)} by {first.clock.value}"
    return intern(f"{'/'.join(attestation.signers)}: {attestation.identity}, {when}")


def _evidence(attestation: VerifiedAttestation[Predicate]) -> ReliedOn:
    return ReliedOn(
        kind=kind_of(attestation.predicate),
        predicate_type=attestation.predicate_type,
        digest=attestation.attached,
        signers=attestation.signers,
        identity=intern(str(attestation.identity)),
        signed_at=attestation.signed_at,
    )


def _order(one: ReliedOn) -> tuple[str, str, str, str]:
    return (one.kind, str(one.digest), one.identity, one.predicate_type)


def kind_of(predicate: Predicate) -> str:
    """Return in a word or two what a predicate is, such as `SBOM`."""
    return KINDS[predicate.kind if isinstance(predicate, LetGo) else type(predicate)]


KINDS: Final[Mapping[type[Predicate], str]] = {
    ImageSignature: "signature",
    Sbom: "SBOM",
    VulnerabilityScan: "vulnerability scan",
    Vex: "VEX",
    Provenance: "provenance",
    LayoutSet: "in-toto layout",
    VerificationSummary: "pass",
    Unrecognised: "other statement",
    Unreadable: "unreadable statement",
}
