"""What a run asks of its names, its manifests and its waivers, and the plan of it all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from gate.checks import CHECKS
from gate.model.artifact import NamedArtifact
from gate.model.evidence import ImageEvidence, Unavailable
from gate.model.image import ImageReference, ResolvedImage
from gate.model.kubernetes import ImageUse
from gate.model.release import Release
from gate.model.review import ReviewedImage
from gate.model.verdict import Failed, Finding, Passed, Plan, Question, Result
from gate.pipeline.evaluate import judge_name, name_questions
from gate.pipeline.release import MANIFESTS
from gate.policy.document import Policy
from gate.policy.waive import unused, waive
from gate.registry.resolve import not_an_image

MANIFESTS_QUESTION: Final = Question(MANIFESTS, MANIFESTS)
"""Whether the manifests themselves are in order."""
_IDLE_WAIVERS: Final = Question("waivers", "policy")
"""Asked only where a waiver of the policy matches nothing, which is a warning."""


def named_images(
    uses: Iterable[ImageUse], names: Iterable[str], artifacts: Iterable[NamedArtifact] = ()
) -> list[ReviewedImage]:
    """Return each image and artifact once, sorted by its name, with every place that names it.

    An artifact stays one where an object names it as its image, though it cannot run: one
    that could not be read is undecided also where an image has its name.
    """
    named = {str(artifact.reference): artifact for artifact in artifacts}
    found: dict[str, tuple[ImageReference | None, list[ImageUse]]] = {}
    for text, use in (*((u.image, u) for u in uses), *((name, None) for name in (*names, *named))):
        reference = _parse(text)
        entry = found.setdefault(str(reference or text), (reference, []))
        if use is not None:
            entry[1].append(use)
    return [
        ReviewedImage(
            name=name,
            reference=reference,
            uses=tuple(sorted(at, key=lambda u: u.location)),
            artifact=_run(named[name]) if at and name in named else named.get(name),
        )
        for name, (reference, at) in sorted(found.items())
    ]


def _run(artifact: NamedArtifact) -> NamedArtifact:
    """Return an artifact that an object names as its image."""
    if not isinstance(artifact.found, ResolvedImage):
        return artifact
    error = not_an_image(artifact.reference)
    name = str(artifact.reference)
    return replace(artifact, found=Unavailable(name, error.code, error.problem, error.remedy))


def judge_names(
    images: Iterable[ReviewedImage], policy: Policy, now: datetime, *, digests_required: bool
) -> list[Result]:
    """Answer what is asked of each name before its image is looked at."""
    return [
        result
        for image in images
        for result in judge_name(image, policy, now, digests_required=digests_required)
    ]


def all_name_questions(
    images: Iterable[ReviewedImage], policy: Policy, *, digests_required: bool
) -> Iterator[Question]:
    """Yield what `judge_names` has to answer."""
    for image in images:
        yield from name_questions(image, policy, digests_required=digests_required)


def configured(asked: Iterable[Question]) -> set[str]:
    """Return the images of which a question needs the configuration."""
    return {q.subject for q in asked if CHECKS[q.check].needs_configuration}


def judge_manifests(findings: tuple[Finding, ...], policy: Policy, now: datetime) -> Result:
    """Answer whether the manifests are in order, from all that was found in them."""
    if not findings:
        return Result(MANIFESTS_QUESTION, Passed())
    waived = waive(Failed(findings), policy.waivers, None, now, policy.max_waiver)
    return Result(MANIFESTS_QUESTION, waived)


def idle_waivers(results: Iterable[Result], policy: Policy, now: datetime) -> tuple[Result, ...]:
    """Return a warning for the waivers that excuse nothing; empty where each excuses something."""
    idle = unused(policy.waivers, _failures(results), now, policy.max_waiver)
    return (Result(_IDLE_WAIVERS, Failed(idle)),) if idle else ()


def plan_of(
    asked: Iterable[Question],
    images: Sequence[ReviewedImage],
    release: Release,
    policy: Policy,
    now: datetime,
) -> Plan:
    """Return the plan: every question that must have an answer, and what it is about."""
    resolved = {e.image for i in images if isinstance(e := i.evidence, ImageEvidence)}
    return Plan(
        tuple(sorted(asked)),
        tuple(sorted(resolved, key=lambda image: image.order)),
        release,
        policy.digest,
        now,
    )


def _parse(text: str) -> ImageReference | None:
    try:
        return ImageReference.parse(text)
    except ValueError:
        return None


def _failures(results: Iterable[Result]) -> Iterator[tuple[Failed, ImageReference | None]]:
    """Yield each failure with its image; None for what was found in the manifests."""
    for result in results:
        if isinstance(result.outcome, Failed):
            of_image = result.question != MANIFESTS_QUESTION  # whose subject reads as an image too
            yield result.outcome, _parse(result.question.subject) if of_image else None
