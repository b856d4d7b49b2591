"""The whole flow on one screen, from manifests to verdict.

`review` looks at every image once, puts every question of the plan, and decides. It knows
no format, no network and no clock: whatever does is handed in. `gate check` and `gate admit`
differ in their policy alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from gate.checks import CHECKS
from gate.lint.engine import lint
from gate.lint.settings import NO_RULES, LintSettings
from gate.manifests.images import image_uses
from gate.manifests.load import Manifests
from gate.manifests.refused import nothing_to_judge
from gate.model.evidence import ImageEvidence
from gate.model.image import ImageReference
from gate.model.kubernetes import ImageUse
from gate.model.link_files import LinkFolder
from gate.model.report import Suppression
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import Action, Failed, Finding, Passed, Plan, Question, Result, decide
from gate.pipeline.evaluate import (
    first_suffices,
    judge_evidence,
    judge_name,
    name_questions,
    questions,
)
from gate.pipeline.first import InOrder, gather_first
from gate.pipeline.gather import Registry, Verifier, gather_all
from gate.pipeline.release import MANIFESTS, bind, to_cover, with_release
from gate.policy.document import Policy
from gate.policy.waive import unused, waive

IDLE_WAIVERS = Question("waivers", "policy")
"""Asked only where a waiver of the policy matches nothing, which is a warning."""


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
    in_order: InOrder | None = None,
    links: tuple[LinkFolder, ...] = (),
) -> Review:
    """Judge manifests, and the images that they or the call name. Raises UsageError.

    With `digests_required`, as at deploy time, a name without a digest blocks by itself.
    With `in_order`, no more is fetched than opens every image, where the checks allow it;
    unless that opens all of them, everything is gathered. Platforms are then not looked up,
    so it is not for a run whose verdict is signed. `links` are known of every image.
    """
    uses = image_uses(manifests.objects, manifests.positions)
    images = _named(uses.uses, names)
    found = (*manifests.findings, *uses.findings)
    linted = lint(manifests.objects, uses.uses, rules or NO_RULES)
    if not images and not uses.findings and not _blocked(manifests):
        raise nothing_to_judge(
            () if manifests.objects else manifests.findings,
            "no image was given, and the manifests name none",
            remedy="name manifests that run something, or images with --image",
        )
    results = [
        r
        for image in images
        for r in judge_name(image, policy, now, digests_required=digests_required)
    ]
    stopped = {r.question.subject for r in results if r.blocks}
    asked = [q for i in images if i.name not in stopped for q in questions(i, policy)]
    configured = {q.subject for q in asked if CHECKS[q.check].needs_configuration}
    first = None
    if in_order and not stopped and all(first_suffices(i, policy) for i in images):
        first = gather_first(
            images,
            manifests=manifests,
            policy=policy,
            now=now,
            registry=registry,
            in_order=in_order,
            verifier=verifier,
        )
    images = first or gather_all(images, stopped, configured, registry, verifier)
    release, unbound = bind(images, manifests)
    covered = to_cover(release, images, policy)
    images = [with_release(image, covered, links) for image in images]
    if manifests.files or found:
        about = (*(rules.judge(found) if rules else found), *linted.findings, *unbound)
        results.append(_manifests(about, policy, now))
    # What is asked is told apart from what was answered, so that a lost answer is missed.
    planned = [
        *(
            q
            for image in images
            for q in name_questions(image, policy, digests_required=digests_required)
        ),
        *((Question(MANIFESTS, MANIFESTS),) if manifests.files or found else ()),
        *asked,
    ]
    results += (r for i in images if i.name not in stopped for r in judge_evidence(i, policy, now))
    idle = unused(policy.waivers, _failures(results), now, policy.max_waiver)
    if idle:
        results.append(Result(IDLE_WAIVERS, Failed(idle)))
        planned.append(IDLE_WAIVERS)
    resolved = {e.image for i in images if isinstance(e := i.evidence, ImageEvidence)}
    plan = Plan(
        tuple(sorted(planned)),
        tuple(sorted(resolved, key=lambda image: image.order)),
        release,
        policy.digest,
        now,
    )
    return Review(
        verdict=decide(plan, results),
        images=tuple(images),
        suppressed=tuple(
            Suppression(finding=s.finding, reason=s.reason) for s in linted.suppressed
        ),
        files=manifests.files,
        documents=manifests.documents,
        objects=len(manifests.objects),
        rules=linted.rules,
    )


def _blocked(manifests: Manifests) -> bool:
    return any(finding.action is Action.BLOCK for finding in manifests.findings)


def _named(uses: Iterable[ImageUse], names: Iterable[str]) -> list[ReviewedImage]:
    """Return each image once, sorted by its canonical name, with every place that names it."""
    found: dict[str, tuple[ImageReference | None, list[ImageUse]]] = {}
    for text, use in (*((u.image, u) for u in uses), *((name, None) for name in names)):
        reference = _parse(text)
        entry = found.setdefault(str(reference or text), (reference, []))
        if use is not None:
            entry[1].append(use)
    return [
        ReviewedImage(
            name=name, reference=reference, uses=tuple(sorted(at, key=lambda u: u.location))
        )
        for name, (reference, at) in sorted(found.items())
    ]


def _parse(text: str) -> ImageReference | None:
    try:
        return ImageReference.parse(text)
    except ValueError:
        return None


def _manifests(findings: tuple[Finding, ...], policy: Policy, now: datetime) -> Result:
    question = Question(MANIFESTS, MANIFESTS)
    if not findings:
        return Result(question, Passed())
    waived = waive(Failed(findings), policy.waivers, None, now, policy.max_waiver)
    return Result(question, waived)


def _failures(results: Iterable[Result]) -> Iterator[tuple[Failed, ImageReference | None]]:
    for result in results:
        if isinstance(result.outcome, Failed):
            yield result.outcome, _parse(result.question.subject)
