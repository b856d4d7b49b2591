"""What a deploy step demands of its policy and its call, and what it tells of a release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from gate.checks import PASS
from gate.errors import PolicyError, UsageError
from gate.manifests.manifests import Manifests
from gate.model.image import Digest, ImageReference
from gate.model.predicates import VerificationSummary
from gate.model.report import Deployment, NotDeployed, WithoutPass
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import Passed, Result
from gate.policy.document import ImageEntry, Policy


def demand_pass(policy: Policy, *, found: bool) -> None:
    """Refuse a policy that would admit an image without a pass and does not say why.

    `found` tells that nobody named the policy. One that signs passes, or asks for none, is
    then the policy of `gate check`, and it is not taken for one of the deploy step. Raises
    UsageError and PolicyError.
    """
    asks = any(PASS in entry.checks for entry in policy.images)
    if found and (policy.passes is not None or not asks):
        raise UsageError(
            "policy-not-for-admit",
            f"no policy was named, and the nearest one, {policy.path}, is for `gate check`: it "
            + ("signs passes" if policy.passes is not None else "asks for no pass"),
            remedy="Name the deploy policy with --policy; docs/pass.md shows one.",
        )
    for entry in policy.images:
        if PASS in entry.checks and entry.without_pass is not None:
            raise PolicyError(
                "policy-without-pass",
                f"the entry for {entry.pattern.text} asks for `pass`, and says why it needs none",
                remedy="Remove `pass` or `without-pass` from the entry.",
                location=entry.location,
            )
        if PASS not in entry.checks and entry.without_pass is None:
            raise PolicyError(
                "policy-without-pass",
                f"the entry for {entry.pattern.text} asks for no `pass`, so `gate admit` would "
                "admit an image that `gate check` never cleared",
                remedy='Add `pass` to the entry, or say why it needs none: `without-pass: "…"`.',
                location=entry.location,
            )


def demand_objects(policy: Policy, names: Iterable[str], manifests: Manifests) -> None:
    """Refuse a call without any object where a pass must bind exactly what is deployed.

    `names` are the images of the call. A file that cannot be read blocks by itself. Raises
    UsageError.
    """
    if manifests.objects or manifests.findings:
        return
    for name in names:
        try:
            entry = policy.entry(ImageReference.parse(name))
        except ValueError:
            continue  # it blocks as a name that is no reference
        if entry is not None and asks_exact(entry):
            raise UsageError(
                "no-objects-to-bind",
                f"the policy asks of {name} a pass with `manifests: exact`, and no manifest was "
                "given to compare with what was judged",
                remedy="Name the manifests that are deployed, or let the policy ask for "
                "`manifests: images`.",
            )


def deployment_of(review: Review, policy: Policy) -> Deployment:
    """Return what a report tells of a release that a deploy policy judged."""
    return Deployment(
        without_pass=tuple(_without_pass(review.images, policy)),
        not_deployed=_not_deployed(review, policy),
    )


def _without_pass(images: Iterable[ReviewedImage], policy: Policy) -> Iterator[WithoutPass]:
    for image in images:
        entry = policy.entry(image.reference) if image.reference else None
        if entry is not None and entry.without_pass is not None:
            yield WithoutPass(image=image.name, entry=entry.pattern.text, reason=entry.without_pass)


def _not_deployed(review: Review, policy: Policy) -> tuple[NotDeployed, ...]:
    """Return the objects that the passes bind and this run does not have.

    Only where they were compared. Of several passes of an image, the one that lacks least in
    this deployment is about this release; others are about earlier ones.
    """
    entries = {i.name: policy.entry(i.reference) for i in review.images if i.reference}
    deployed = {o.digest for o in review.verdict.plan.release.objects}
    found: dict[Digest, str] = {}
    for result in review.verdict.results:
        entry = entries.get(result.question.subject)
        if result.question.check != PASS or entry is None or not asks_exact(entry):
            continue
        lacking = [_lacking(said, deployed) for said in _passes(result)]
        for names in sorted(lacking, key=len)[:1]:
            found |= names
    ordered = sorted((name, digest) for digest, name in found.items())
    return tuple(NotDeployed(digest=digest, name=name) for name, digest in ordered)


def _lacking(said: VerificationSummary, deployed: Collection[Digest]) -> dict[Digest, str]:
    """Return the names of the objects that a pass binds and that are not deployed, by digest."""
    names = dict(said.object_names)
    return {d: names.get(d, "") for d in said.objects or () if d not in deployed}


def _passes(result: Result) -> Iterator[VerificationSummary]:
    if isinstance(result.outcome, Passed):
        for attestation in result.outcome.relied_on:
            if isinstance(attestation.predicate, VerificationSummary):
                yield attestation.predicate


def asks_exact(entry: ImageEntry) -> bool:
    """Whether the pass of an image must cover the objects that run it."""
    asked = entry.checks.get(PASS)
    if asked is None:
        return False
    from gate.checks.verdict_pass import BoundManifests, PassParams  # noqa: PLC0415  # if asked

    return isinstance(asked, PassParams) and asked.manifests is BoundManifests.EXACT
