"""A verdict about an image, under the name that the same bytes have after a promotion. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gate.checks import registry
from gate.errors import UsageError
from gate.manifests.load import Manifests
from gate.model.evidence import ImageEvidence
from gate.model.image import ImageReference
from gate.model.review import Review
from gate.model.verdict import Passed, Question, Result, decide
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
