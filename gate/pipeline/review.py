"""The whole flow on one screen, from manifests to verdict.

`review` looks at every image once, puts every question of the plan, and decides. It knows
no format, no network and no clock: whatever does is handed in. `gate check` and `gate admit`
differ in their policy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from gate.checks.verdict_pass import CHECK as PASS_CHECK
from gate.lint.engine import lint
from gate.lint.settings import NO_RULES, LintSettings
from gate.manifests.images import image_uses
from gate.manifests.load import Manifests
from gate.manifests.refused import nothing_to_judge
from gate.model.link_files import LinkFolder
from gate.model.report import Suppression
from gate.model.review import Review
from gate.model.revocations import Revocations, RevocationsUnknown
from gate.model.verdict import Action, decide
from gate.pipeline.evaluate import first_suffices, judge_evidence, questions, wanted_types
from gate.pipeline.first import gather_first
from gate.pipeline.gather import Progress, Verifier, gather_all, tell_nobody
from gate.pipeline.plan import (
    MANIFESTS_QUESTION,
    all_name_questions,
    configured,
    idle_waivers,
    judge_manifests,
    judge_names,
    named_images,
    plan_of,
)
from gate.pipeline.release import bind, to_cover, with_release
from gate.policy.document import Policy
from gate.registry.interface import Registry

PASS: Final = PASS_CHECK.name
_UNASKED: Final = RevocationsUnknown(
    "not-answered",
    "nobody asked for the list of ended passes that the policy names",
    "report this as a defect of gate, with the output of `gate --version`",
)


def review(
    manifests: Manifests,
    names: Sequence[str],
    policy: Policy,
    *,
    registry: Registry,
    verifier: Verifier,
    rules: LintSettings | None,
    now: datetime,
    digests_required: bool = False,
    sparing: bool = False,
    links: tuple[LinkFolder, ...] = (),
    progress: Progress = tell_nobody,
    revocations: Revocations | None = None,
) -> Review:
    """Judge manifests, and the images that they or the call name. Raises UsageError.

    With `digests_required`, as at deploy time, a name without a digest blocks by itself.
    With `sparing`, no more is fetched than opens every image, where the checks allow it;
    unless that opens all of them, everything is gathered. Platforms are then not looked up,
    so it is not for a run whose verdict is signed. `links` and `revocations`, what
    the policy's list of ended passes says, are known of every image.
    """
    if policy.revocations is not None and revocations is None:
        # Whoever calls forgot to ask for the list: no pass may be taken for one that goes on.
        revocations = _UNASKED
    uses = image_uses(manifests.objects, manifests.positions)
    images = named_images(uses.uses, names)
    found = (*manifests.findings, *uses.findings)
    linted = lint(manifests.objects, uses.uses, rules or NO_RULES)
    if not images and not uses.findings and not _blocked(manifests):
        _demand_subjects(manifests, policy, alone=not uses.uses)
    results = judge_names(images, policy, now, digests_required=digests_required)
    stopped = {r.question.subject for r in results if r.blocks}
    asked = [q for i in images if i.name not in stopped for q in questions(i, policy)]
    first = None
    if sparing and not stopped and all(first_suffices(i, policy) for i in images):
        first = gather_first(
            images,
            manifests=manifests,
            policy=policy,
            now=now,
            registry=registry,
            verifier=verifier,
            progress=progress,
            revocations=revocations,
        )
    images = first or gather_all(
        images,
        stopped,
        configured(asked),
        registry,
        verifier,
        wanted=lambda image: wanted_types(image, policy),
        progress=progress,
    )
    release, unbound = bind(images, manifests)
    covered = to_cover(release, images, policy)
    images = [with_release(i, covered, links, revocations=revocations) for i in images]
    judged = bool(manifests.files or found)
    if judged:
        about = (*(rules or NO_RULES).judge(found), *linted.findings, *unbound)
        results.append(judge_manifests(about, policy, now))
    results += (r for i in images if i.name not in stopped for r in judge_evidence(i, policy, now))
    idle = idle_waivers(results, policy, now)
    plan = plan_of(
        # What is asked is told apart from what was answered, so that a lost answer is missed.
        [
            *all_name_questions(images, policy, digests_required=digests_required),
            *((MANIFESTS_QUESTION,) if judged else ()),
            *asked,
            *(r.question for r in idle),
        ],
        images,
        release,
        policy,
        now,
    )
    return Review(
        verdict=decide(plan, [*results, *idle]),
        images=tuple(images),
        suppressed=tuple(
            Suppression(finding=s.finding, reason=s.reason) for s in linted.suppressed
        ),
        files=manifests.files,
        documents=manifests.documents,
        objects=len(manifests.objects),
        rules=linted.rules,
    )


def _demand_subjects(manifests: Manifests, policy: Policy, *, alone: bool) -> None:
    """Refuse a release without images of which the policy asks nothing. Raises UsageError.

    Objects alone are judged where a `manifests` section asks something of them. A policy of the
    deploy step asks for passes, and only an image has one. `alone` says that the objects name
    no image: an image that was lost on the way is never a release of objects alone.
    """
    problem = "no image was given, and the manifests name none"
    deploys = any(PASS in e.checks or e.without_pass is not None for e in policy.images)
    if not manifests.objects or not alone:
        remedy = "name manifests that run something, or images with --image"
        raise nothing_to_judge(manifests.findings, problem, remedy=remedy)
    if deploys:
        raise nothing_to_judge(
            (),
            f"{problem}: a pass is stored beside an image, so these objects have none",
            remedy="name with --image the image that they belong to, here and in `gate check`: "
            "its pass then covers these objects too",
        )
    if policy.manifests is None:
        raise nothing_to_judge(
            (),
            f"{problem}, and the policy asks nothing of the objects",
            remedy="add `manifests: {profile: gate}` to the policy, or name images with --image",
        )


def _blocked(manifests: Manifests) -> bool:
    return any(finding.action is Action.BLOCK for finding in manifests.findings)
