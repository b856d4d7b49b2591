"""A verdict about an image, under the name that the same bytes have after a promotion. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gate.checks import registry
from gate.errors import UsageError
from gate.manifests.manifests import Manifests
from gate.model.evidence import ImageEvidence
from gate.model.image import ImageReference
from gate.model.review import Review
from gate.model.verdict import Failed, Passed, Question, Result, decide
from gate.pipeline.release import bind
from gate.policy.document import Policy


def demand_covered(policy: Policy, to: ImageReference) -> None:
    """Refuse a destination that the policy would not take an image from. Raises UsageError."""
    allowed = policy.allowed is None or isinstance(registry.run(to, policy.allowed), Passed)
    if allowed and policy.entry(to) is not None:
        return
    raise UsageError(
        "promote-not-covered",
        f"the policy {'has no entry for' if allowed else 'does not allow the registry of'} "
        f"{to.name}, so it signs no pass for it",
        remedy="correct the destination, or let the policy's `registries` and `images` name it",
    )


def demand_alike(policy: Policy, here: ImageReference, to: ImageReference) -> None:
    """Refuse to sign for a place of which the policy asks something else. Raises UsageError.

    The image is judged where it is, by the entry for that name. A pass under another name says
    that the entry for that one holds.
    """
    of_here, of_there = policy.entry(here), policy.entry(to)
    if of_here is None or of_there is None or of_here.checks == of_there.checks:
        return
    raise UsageError(
        "promote-other-demands",
        f"the policy asks other checks of {to.name} ({of_there.pattern.text}) than of {here.name} "
        f"({of_here.pattern.text}), and the image is judged where it comes from",
        remedy="let both entries ask the same, or name both places with one `match`",
    )


def demand_waived(review: Review, policy: Policy, to: ImageReference) -> None:
    """Refuse to sign where a waiver names the place that an image comes from alone.

    One for the destination has to hold as long. `to` has a digest. Raises UsageError.
    """
    for result in review.verdict.results:
        outcome = result.outcome
        for waived in outcome.waived if isinstance(outcome, Failed) else ():
            there = replace(waived.finding, image=str(to))
            if not any(
                waiver.covers(there, to) and waiver.expires >= waived.expires
                for waiver in policy.waivers
            ):
                raise UsageError(
                    "promote-not-waived",
                    f"{waived.finding.waiver_id} of `{waived.finding.rule}` is waived where the "
                    f"image comes from, and not until {waived.expires} for {to.name}",
                    remedy="write a waiver for the destination too, or mend the finding",
                )


def moved(review: Review, to: ImageReference) -> Review:
    """Return the review of one image as that of the same digest under another name.

    Its answers, its evidence and its time stay: nothing is judged anew. The release is the image
    under its new name alone. Raises ValueError where the review is not of one image with evidence.
    """
    (image,) = review.images
    evidence = image.evidence
    if not isinstance(evidence, ImageEvidence) or evidence.image.digest != to.digest:
        msg = "not a review of this image"
        raise ValueError(msg)
    there = replace(
        image,
        name=str(to),
        reference=to,
        evidence=replace(evidence, image=replace(evidence.image, reference=to)),
    )
    release, _ = bind([there], Manifests(objects=(), findings=(), files=0, documents=0))
    plan = review.verdict.plan
    plan = replace(
        plan,
        questions=tuple(sorted(_about(q, image.name, there.name) for q in plan.questions)),
        images=tuple(replace(one, reference=to) for one in plan.images),
        release=release,
    )
    results: Sequence[Result] = [
        replace(one, question=_about(one.question, image.name, there.name))
        for one in review.verdict.results
    ]
    return replace(review, verdict=decide(plan, results), images=(there,))


def _about(question: Question, name: str, new: str) -> Question:
    return replace(question, subject=new) if question.subject == name else question
