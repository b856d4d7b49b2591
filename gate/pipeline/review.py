"""The whole flow on one screen, from manifests to verdict.

`review` looks at every image once, puts every question of the plan, and decides. It knows
no format, no network and no clock: what does is handed in. `gate check` and `gate admit`
differ in their policy alone. `gate serve` puts answers that it holds already between
`open_review` and `close_review`, of which `review` is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gate.checks import PASS
from gate.lint.report import LintReport
from gate.manifests.manifests import Manifests
from gate.model.artifact import NamedArtifact
from gate.model.kubernetes import ImageUse
from gate.model.link_files import LinkFolder
from gate.model.records import dataclass
from gate.model.release import Release
from gate.model.report import Suppression
from gate.model.review import Review, ReviewedImage
from gate.model.revocations import Revocations
from gate.model.verdict import Action, Finding, Question, Result, decide
from gate.pipeline.answered import Alike, AnsweredImage, answered, needs_release
from gate.pipeline.evaluate import first_suffices, questions, wanted_types
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
from gate.pipeline.release import bind, known_revocations, to_cover, with_release
from gate.policy.document import Policy
from gate.registry.interface import Registry

if TYPE_CHECKING:
    from gate.lint.settings import LintSettings


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
    beside: Sequence[Result] = (),
    keeps: bool = False,
    artifacts: Sequence[NamedArtifact] = (),
) -> Review:
    """Judge manifests, and the images that they or the call name. Raises UsageError.

    With `digests_required`, as at deploy time, a name without a digest blocks by itself.
    With `sparing`, no more is fetched than opens every image, where the checks allow it;
    unless that opens all of them, everything is gathered. Platforms are then not looked up,
    so it is not for a run whose verdict is signed. `links` and `revocations`, what
    the policy's list of ended passes says, are known of every image. `beside` are answers about
    the run itself. What evidence says is let go when an image is judged, unless the run `keeps` it.
    `artifacts` are those that the manifests were read from.
    """
    revocations = known_revocations(policy, revocations)
    opening = open_review(
        manifests,
        names,
        policy,
        rules=rules,
        now=now,
        digests_required=digests_required,
        artifacts=artifacts,
    )
    images, stopped = list(opening.images), opening.stopped
    if not images and not opening.misplaced and not _blocked(manifests):
        _demand_subjects(manifests, policy, alone=not opening.uses)
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

    alike = None if keeps else Alike()

    def judged(image: ReviewedImage, release: Release | None = None) -> AnsweredImage:
        if release is None and needs_release(image, policy):
            return AnsweredImage(image, None)
        known = with_release(image, release, links, revocations=revocations)
        return answered(known, policy, now, alike=alike)

    looked = [AnsweredImage(image, None) for image in first or ()] or gather_all(
        images,
        stopped,
        configured(opening.asked),
        registry,
        verifier,
        wanted=lambda image: wanted_types(image, policy),
        then=judged,
        progress=progress,
    )
    # What a pass declares of each object is told by the object; nothing else asks for it here.
    declares = policy.passes is not None
    release, unbound = bind((one.image for one in looked), manifests, values=declares)
    covered = to_cover(release, (one.image for one in looked), policy)
    done = [one if one.results is not None else judged(one.image, covered) for one in looked]
    return close_review(
        opening,
        (r for one in done if one.image.name not in stopped for r in one.results or ()),
        images=[one.image for one in done],
        release=release,
        unbound=unbound,
        beside=beside,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What can be said of a release before any image is looked at, and what is asked then."""

    manifests: Manifests
    policy: Policy
    now: datetime
    digests_required: bool
    uses: tuple[ImageUse, ...]
    misplaced: tuple[Finding, ...]
    """Places whose image is unknown."""
    images: tuple[ReviewedImage, ...]
    """Without evidence."""
    results: tuple[Result, ...]
    """What the names of the images say."""
    stopped: frozenset[str]
    """Images that their name alone blocks: nothing is asked for them."""
    asked: tuple[Question, ...]
    """What the evidence of the other images has to answer."""
    rules: LintSettings | None
    """None where the policy asks nothing of lint."""
    linted: LintReport

    @property
    def judged(self) -> bool:
        """Whether there are manifests to be judged at all."""
        return bool(self.manifests.files or self.manifests.findings or self.misplaced)


def open_review(
    manifests: Manifests,
    names: Sequence[str],
    policy: Policy,
    *,
    rules: LintSettings | None,
    now: datetime,
    digests_required: bool = False,
    artifacts: Sequence[NamedArtifact] = (),
) -> Opening:
    """Find the images of a release, lint its objects, and judge its names. Asks nobody."""
    uses, misplaced = manifests.images()
    images = tuple(named_images(uses, names, artifacts))
    results = judge_names(images, policy, now, digests_required=digests_required)
    stopped = frozenset(r.question.subject for r in results if r.blocks)
    linted = _linted(manifests, uses, rules)
    for one in manifests.objects:  # what is found of an image has its place from the use of it
        one.document.forget()
    return Opening(
        manifests=manifests,
        policy=policy,
        now=now,
        digests_required=digests_required,
        uses=uses,
        misplaced=misplaced,
        images=images,
        results=tuple(results),
        stopped=stopped,
        asked=tuple(q for i in images if i.name not in stopped for q in questions(i, policy)),
        rules=rules,
        linted=linted,
    )


def _linted(
    manifests: Manifests, uses: Sequence[ImageUse], rules: LintSettings | None
) -> LintReport:
    if rules is None:
        return LintReport((), 0, len(manifests.objects))
    from gate.lint.engine import lint  # noqa: PLC0415  # only where something is linted

    return lint(manifests.objects, uses, rules)


def _judged(rules: LintSettings | None, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    from gate.lint.settings import NO_RULES  # noqa: PLC0415  # only where there are manifests

    return (rules or NO_RULES).judge(findings)


def close_review(
    opening: Opening,
    answers: Iterable[Result],
    *,
    images: Sequence[ReviewedImage],
    release: Release,
    unbound: Iterable[Finding] = (),
    beside: Sequence[Result] = (),
) -> Review:
    """Add the answers about the images' evidence to what was said before, and decide.

    `unbound` are findings of objects without a digest. A question without an answer blocks.
    """
    policy, now, manifests = opening.policy, opening.now, opening.manifests
    results = list(opening.results)
    if opening.judged:
        found = _judged(opening.rules, (*manifests.findings, *opening.misplaced))
        about = (*found, *opening.linted.findings, *unbound)
        results.append(judge_manifests(about, policy, now))
    results += answers
    idle = idle_waivers(results, policy, now)
    plan = plan_of(
        # What is asked is told apart from what was answered, so that a lost answer is missed.
        [
            *all_name_questions(opening.images, policy, digests_required=opening.digests_required),
            *((MANIFESTS_QUESTION,) if opening.judged else ()),
            *opening.asked,
            *(r.question for r in (*idle, *beside)),
        ],
        images,
        release,
        policy,
        now,
    )
    return Review(
        verdict=decide(plan, [*results, *idle, *beside]),
        images=tuple(images),
        suppressed=tuple(
            Suppression(finding=s.finding, reason=s.reason) for s in opening.linted.suppressed
        ),
        files=manifests.files,
        documents=manifests.documents,
        objects=len(manifests.objects),
        rules=opening.linted.rules,
    )


def _demand_subjects(manifests: Manifests, policy: Policy, *, alone: bool) -> None:
    """Refuse a release without images of which the policy asks nothing. Raises UsageError.

    Objects alone are judged where a `manifests` section asks something of them. A policy of the
    deploy step asks for passes, and only an image has one. `alone` says that the objects name
    no image: an image that was lost on the way is never a release of objects alone.
    """
    problem = "no image was given, and the manifests name none"
    from gate.manifests.refused import nothing_to_judge  # noqa: PLC0415  # seldom so

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
