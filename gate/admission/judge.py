"""From a request to a decision: the pipeline's own review, over one object as it is stored.

Nothing here asks a network or reads a clock. The caller finds the answers about images:

    case = open_case(asked, policy, rules=rules, now=now, controllers=CONTROLLERS)
    if isinstance(case, Case):
        decision = case.close({question: answers for question in case.questions})
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from gate.admission.changes import images_before, is_no_change, runs_again
from gate.admission.decision import Allowed, CouldNotTell, Decision, Denied, Objection
from gate.admission.pulls import PullScope, pull_scope
from gate.admission.request import AdmissionRequest, Operation
from gate.admission.shape import has_its_pods, mismatch, no_pod
from gate.lint.settings import LintSettings
from gate.manifests.stored import stored_object
from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.model.release import NO_RELEASE, Release, ReleaseImage, release_of
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import Action, Cleared, Failed, Outcome, Passed, Result, Undecided
from gate.pipeline.deploy import asks_exact
from gate.pipeline.evaluate import settled
from gate.pipeline.review import Opening, close_review, open_review
from gate.pipeline.stored import stored_objects
from gate.policy.document import Policy

_NOT_ANSWERED: Final = (
    "not-answered",
    "a question of the policy was not answered: that is a defect of gate",
    "report it with the output of `gate --version`",
)
_WAIVERS: Final = "waivers"
_INCOMPLETE: Final = "pass-incomplete-release"


@dataclass(frozen=True, slots=True)
class ImageQuestion:
    """All that the answer about one image depends on, besides the policy and its roots."""

    pinned: str
    """`registry/repository@sha256:…`."""
    covered: Release
    """The images of the same object that a pass must cover too, and where it must cover manifests
    the object itself."""
    again: bool
    """Whether the image was admitted before, so that the age of its pass does not count."""
    pull: PullScope | None = None
    """The pod's own secrets, where gate may read those of its namespace."""

    def kept(self) -> ImageQuestion:
        """Return an equal question that holds no object, so that it is small."""
        objects = tuple(replace(one, value={}) for one in self.covered.objects)
        return replace(self, covered=replace(self.covered, objects=objects))


@dataclass(frozen=True, slots=True)
class ImageAnswer:
    """What the checks say of one image."""

    outcomes: Mapping[str, Outcome]
    """By check."""
    passes: tuple[str, ...] = ()
    """Digests of the attestations that were relied on."""
    until: datetime | None = None
    """After this moment the answer may be another one; None where age plays no part."""

    @property
    def blocks(self) -> bool:
        """Whether some check does not hold, before any waiver."""
        return self._fails or self.is_unknown

    @property
    def is_unknown(self) -> bool:
        """Whether something could not be found out, and nothing is known to be wrong."""
        undecided = any(isinstance(o, Undecided) for o in self.outcomes.values())
        return not self.outcomes or (undecided and not self._fails)

    @property
    def _fails(self) -> bool:
        return any(
            isinstance(o, Failed) and any(f.action is Action.BLOCK for f in o.findings)
            for o in self.outcomes.values()
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A request that must be judged, and what has to be found out for it."""

    opening: Opening
    asked: tuple[tuple[ReviewedImage, ImageQuestion], ...]

    @property
    def questions(self) -> tuple[tuple[ReviewedImage, ImageQuestion], ...]:
        """The images to ask for: none that its name alone refuses."""
        return self.asked

    def close(self, answers: Mapping[ImageQuestion, ImageAnswer]) -> Decision:
        """Return the decision. An image without an answer blocks."""
        opening = self.opening
        results = [
            result
            for image, question in self.asked
            if question in answers
            for result in settled(image, answers[question].outcomes, opening.policy, opening.now)
        ]
        # Nothing is signed here, so nobody reads the release of the verdict.
        review = close_review(opening, results, images=opening.images, release=NO_RELEASE)
        used = [answers[question] for _, question in self.asked if question in answers]
        return _decision(review, {p for answer in used for p in answer.passes})


def open_case(
    asked: AdmissionRequest,
    policy: Policy,
    *,
    rules: LintSettings | None,
    now: datetime,
    controllers: Collection[str],
    pulls: Collection[str] = (),
) -> Case | Allowed | Denied:
    """Return what must be found out about a request, or the decision where nothing must.

    `pulls` are the namespaces whose pull secrets are used.
    """
    match asked.operation:
        case Operation.DELETE:
            return Allowed(judged=False)
        case Operation.CONNECT:
            return Denied(
                reasons=(
                    Objection(
                        "admission-operation-unjudged",
                        f"gate does not judge the operation {asked.operation}",
                        "remove it from the rules of the webhook's configuration",
                    ),
                )
            )
        case Operation.CREATE | Operation.UPDATE:
            if is_no_change(asked):
                return Allowed(judged=False)
            return _opened(
                asked, policy, rules=rules, now=now, controllers=controllers, pulls=pulls
            )
        case unreachable:
            assert_never(unreachable)


def _opened(
    asked: AdmissionRequest,
    policy: Policy,
    *,
    rules: LintSettings | None,
    now: datetime,
    controllers: Collection[str],
    pulls: Collection[str],
) -> Case | Denied:
    value = asked.object or {}
    if value.get("apiVersion") != asked.api_version or value.get("kind") != asked.kind:
        return mismatch(asked)
    section = policy.manifests
    positions = section.positions if section is not None else ()
    patches = (section.patches if section is not None else None) or ()
    opening = open_review(
        stored_object(value, positions, patches=patches),
        (),
        policy,
        rules=rules,
        now=now,
        digests_required=True,
    )
    (obj,) = opening.manifests.objects
    if not has_its_pods(obj):
        return no_pod(asked)
    again = runs_again(asked, controllers)
    before = images_before(asked, positions)
    covered = _covered(opening, policy)
    pull = pull_scope(asked, obj, pulls)
    return Case(
        opening,
        tuple(
            (image, ImageQuestion(pinned, covered, again or pinned in before, pull))
            for image in opening.images
            if image.name not in opening.stopped and (pinned := _pinned(image.reference))
        ),
    )


def _covered(opening: Opening, policy: Policy) -> Release:
    """Return what one pass must cover: the object, and its images but those that need no pass.

    Where no pass is to bind manifests, the object is left out: it is then no part of what the
    answer about an image depends on.
    """
    entries = [
        (pinned, entry)
        for image in opening.images
        if (pinned := _pinned(image.reference)) and image.reference is not None
        if (entry := policy.entry(image.reference)) is not None
    ]
    pins = {
        use.image: pinned
        for image in opening.images
        if (pinned := _pinned(image.reference))
        for use in image.uses
    }
    exact = any(asks_exact(entry) for _, entry in entries)
    return release_of(
        (ReleaseImage.parse(pinned) for pinned, entry in entries if entry.without_pass is None),
        stored_objects(opening.manifests, pins) if exact else (),
        stored=True,
    )


def _pinned(reference: ImageReference | None) -> str:
    if reference is None or reference.digest is None:
        return ""
    return f"{reference.name}@{reference.digest}"


def _decision(review: Review, passes: Iterable[str]) -> Decision:
    results = review.verdict.results
    images = tuple(sorted({_pinned(i.reference) for i in review.images} - {""}))
    warnings = tuple(_warnings(results))
    if isinstance(review.verdict, Cleared):
        return Allowed(images=images, passes=tuple(sorted(passes)), warnings=warnings)
    failed = tuple(_failures(results))
    unknown = tuple(
        Objection.undecided(r.question, r.outcome)
        for r in results
        if isinstance(r.outcome, Undecided)
    )
    if failed:
        return Denied(reasons=(*failed, *unknown), images=images, warnings=warnings)
    reasons = unknown or (Objection(*_NOT_ANSWERED),)
    return CouldNotTell(reasons=reasons, images=images, warnings=warnings)


def _failures(results: Iterable[Result]) -> Iterator[Objection]:
    """Yield what blocks, the gravest first.

    Of images that run together, one that lacks a pass of its own comes before those whose pass does
    not list it.
    """
    found = [
        finding
        for result in results
        if isinstance(result.outcome, Failed)
        for finding in result.outcome.findings
        if finding.action is Action.BLOCK
    ]
    found.sort(key=lambda finding: (-finding.severity, finding.code == _INCOMPLETE))
    yield from map(Objection.of, found)


def _warnings(results: Iterable[Result]) -> Iterator[Objection]:
    """Yield what does not block, without waivers that excuse nothing in this one object."""
    for result in results:
        if isinstance(result.outcome, Failed) and result.question.check != _WAIVERS:
            yield from (Objection.of(f) for f in result.outcome.findings if f.action is Action.WARN)


def relied_on(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """Return the digests of the attestations that checks relied on, sorted."""
    return tuple(
        sorted(
            {
                str(attestation.attached)
                for outcome in outcomes
                if isinstance(outcome, Passed)
                for attestation in outcome.relied_on
            }
        )
    )
