"""What runs in a cluster, held against the policy of its door: each object by itself.

A pass covers one release, and a cluster runs many. So every object is judged as the door of the
cluster would judge it now, and what was said of an image beside one object is added to what was
said of it beside the others. The age of a pass does not count: it did when the object was let in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from gate.lint.settings import LintSettings
from gate.manifests.manifests import Manifests
from gate.model.evidence import ImageEvidence
from gate.model.kubernetes import ObjectName
from gate.model.review import Review, ReviewedImage
from gate.model.revocations import Revocations
from gate.model.verdict import Failed, Outcome, Question, Result, Undecided
from gate.pipeline.evaluate import judge_evidence, wanted_types
from gate.pipeline.gather import Progress, Verifier, gather_all, tell_nobody
from gate.pipeline.plan import configured
from gate.pipeline.release import bind, known_revocations, to_cover, with_release
from gate.pipeline.review import close_review, open_review
from gate.policy.document import Policy
from gate.registry.interface import Registry


def audit(
    manifests: Manifests,
    policy: Policy,
    *,
    registry: Registry,
    verifier: Verifier,
    rules: LintSettings | None,
    now: datetime,
    progress: Progress = tell_nobody,
    revocations: Revocations | None = None,
) -> Review:
    """Judge the objects of a cluster, each by itself. Every image is asked for once."""
    opening = open_review(manifests, (), policy, rules=rules, now=now, digests_required=True)
    images = gather_all(
        list(opening.images),
        set(opening.stopped),
        configured(opening.asked),
        registry,
        verifier,
        wanted=lambda image: wanted_types(image, policy),
        then=_running,
        progress=progress,
    )
    release, unbound = bind(images, manifests)
    known = known_revocations(policy, revocations)
    answers = list(_apart(images, manifests, policy, now, known))
    return close_review(opening, answers, images=images, release=release, unbound=unbound)


def _running(image: ReviewedImage) -> ReviewedImage:
    """Return an image that was let in before."""
    if not isinstance(image.evidence, ImageEvidence):
        return image
    return replace(image, evidence=replace(image.evidence, again=True))


def _apart(
    images: Sequence[ReviewedImage],
    manifests: Manifests,
    policy: Policy,
    now: datetime,
    revocations: Revocations | None,
) -> Iterator[Result]:
    """Yield the answers about each image, added up over the objects that run it."""
    beside: dict[ObjectName, list[ReviewedImage]] = defaultdict(list)
    for image in images:
        for name in dict.fromkeys(use.object for use in image.uses):
            beside[name].append(image)
    found: dict[Question, list[Result]] = defaultdict(list)
    for one in manifests.objects:
        its = beside.get(one.name, [])
        release, _ = bind(its, replace(manifests, objects=(one,)))
        covered = to_cover(release, its, policy)
        for image in its:
            its_uses = tuple(use for use in image.uses if use.object == one.name)
            alone = with_release(replace(image, uses=its_uses), covered, revocations=revocations)
            for result in judge_evidence(alone, policy, now):
                found[result.question].append(result)
    for question, results in found.items():
        yield Result(question, _together(results))


def _together(results: Sequence[Result]) -> Outcome:
    """Return one outcome: failed if a failure blocks, else undecided if one is, else the rest.

    A failure of which all is waived, or only warns, hides nothing that is undecided.
    """
    undecided = [r.outcome for r in results if isinstance(r.outcome, Undecided)]
    failed = [r.outcome for r in results if isinstance(r.outcome, Failed)]
    if undecided and not any(r.blocks for r in results if isinstance(r.outcome, Failed)):
        return undecided[0]
    if failed:
        findings = dict.fromkeys(f for outcome in failed for f in outcome.findings)
        waived = dict.fromkeys(w for outcome in failed for w in outcome.waived)
        return replace(failed[0], findings=tuple(findings), waived=tuple(waived))
    return results[0].outcome
