"""What `gate revoke` prints: a list of ended passes, and the passes that it ends."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from gate.checks.passes.revoked import ending
from gate.model.evidence import ImageEvidence, Unavailable
from gate.model.predicates import VerificationSummary
from gate.model.revocations import RevocationList
from gate.model.words import timestamp
from gate.policy.document import Policy
from gate.reports.neutral import terminal


def list_told(made: RevocationList) -> Iterator[str]:
    """Yield the lines about a list."""
    yield made.name
    ends = f"until {timestamp(made.expires)}"
    yield f"  serial {made.serial}, of {timestamp(made.issued)}, {ends}"
    if not made.revocations:
        yield "  it ends no pass"
    for line in made.revocations:
        yield f"  {line.ended}"
        yield f"    ended {timestamp(line.at)}: {line.reason}"


def passes_told(
    evidence: ImageEvidence | Unavailable, policy: Policy, made: RevocationList
) -> Iterator[str]:
    """Yield the passes of an image that a list ends, by signers that the policy knows."""
    if isinstance(evidence, Unavailable):
        yield f"the passes of {evidence.name} cannot be read: {evidence.reason}"
        return
    passes = [
        (found, ending(found, evidence.image, made))
        for found in evidence.attested(VerificationSummary, by=policy.signers)
    ]
    ended = [found for found, line in passes if line is not None]
    yield f"this ends {len(ended)} of {len(passes)} passes of {evidence.image}"
    for found in ended:
        said = found.predicate
        of = f"release {said.release}" if said.release else f"resource {said.resource}"
        at = timestamp(said.verified_at)
        yield f"  {of}, for {said.environment}, of {at}, by {found.identity}"


def print_lines(lines: Iterable[str]) -> None:
    """Print lines that hold foreign text, each with its indent."""
    for line in lines:
        text = line.lstrip(" ")
        sys.stdout.write(f"{' ' * (len(line) - len(text))}{terminal(text)}\n")
