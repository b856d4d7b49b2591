"""An image and the answers of its checks, and what is kept of its evidence after them. Pure.

A run looks at thousands of images. What an SBOM lists and a scan found is needed until the checks
of that image are answered. The verdict, the report and the pass need who signed what, and when.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from gate.checks import CHECKS
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import LetGo, Predicate, VerificationSummary
from gate.model.records import dataclass
from gate.model.review import ReviewedImage
from gate.model.verdict import Failed, Outcome, Passed, Result
from gate.pipeline.evaluate import judge_evidence
from gate.policy.document import Policy

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class AnsweredImage:
    """An image that was looked at."""

    image: ReviewedImage
    results: tuple[Result, ...] | None
    """What its checks say; None where one of them has to know the release first."""


def needs_release(image: ReviewedImage, policy: Policy) -> bool:
    """Whether a check of the image's entry asks what else the run judges."""
    entry = policy.entry(image.reference) if image.reference else None
    return entry is not None and any(CHECKS[name].reads_release for name in entry.checks)


class Alike:
    """Equal values, each held once: thousands of images have the same few signers and types.

    Used from several threads.
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: dict[Hashable, Any] = {}

    def one(self, value: T) -> T:
        """Return the first value that was equal to this one."""
        found: T = self._held.setdefault(value, value)
        return found


def answered(
    image: ReviewedImage, policy: Policy, now: datetime, *, alike: Alike | None = None
) -> AnsweredImage:
    """Return the image with its answers; where others are `alike`, without what is not needed."""
    results = tuple(judge_evidence(image, policy, now))
    return AnsweredImage(image, results) if alike is None else _light(image, results, alike)


def _light(image: ReviewedImage, results: Iterable[Result], alike: Alike) -> AnsweredImage:
    evidence = image.evidence
    own = evidence.image.digests if isinstance(evidence, ImageEvidence) else ()
    digests = {digest: digest for digest in own}
    kept: dict[int, VerifiedAttestation[Predicate]] = {}

    def lighter(
        every: Iterable[VerifiedAttestation[Predicate]],
    ) -> tuple[VerifiedAttestation[Predicate], ...]:
        return tuple(kept.setdefault(id(one), _let_go(one, digests, alike)) for one in every)

    def settled(outcome: Outcome) -> Outcome:
        if isinstance(outcome, Passed | Failed):
            return replace(outcome, relied_on=lighter(outcome.relied_on))
        return outcome

    if isinstance(evidence, ImageEvidence):
        attestations = lighter(evidence.attestations)
        left = replace(evidence, attestations=attestations, configurations=None)
        image = replace(image, evidence=left)
    return AnsweredImage(
        image, tuple(replace(one, outcome=settled(one.outcome)) for one in results)
    )


def _let_go(
    attestation: VerifiedAttestation[Predicate], own: Mapping[Digest, Digest], alike: Alike
) -> VerifiedAttestation[Predicate]:
    """Return an attestation without what it says; a pass tells a deploy step what it covers.

    `own` are the image's digests, which most attestations name.
    """
    said = attestation.predicate
    passed = isinstance(said, VerificationSummary)
    return replace(
        attestation,
        predicate=said if passed else alike.one(LetGo(type(said))),
        predicate_type=alike.one(attestation.predicate_type),
        signers=alike.one(attestation.signers),
        identity=alike.one(attestation.identity),
        subject=own.get(attestation.subject, attestation.subject),
        logs=alike.one(attestation.logs),
        statement=attestation.statement if passed else None,
    )
