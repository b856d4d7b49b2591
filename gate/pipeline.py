"""The whole flow on one screen, from manifests to verdict, and the Protocols that it needs.

`review` looks at every image once, puts every question of the plan, and decides. It knows
no format, no network and no clock: whatever does is handed in. `gate check` and `gate admit`
differ in their policy alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from gate.checks.configuration import CHECK as _CONFIGURATION
from gate.checks.evaluate import (
    crash,
    first_suffices,
    judge_evidence,
    judge_name,
    name_questions,
    questions,
)
from gate.errors import DocumentError, RegistryError, UsageError
from gate.lint.engine import lint
from gate.lint.settings import NO_RULES, LintSettings
from gate.manifests.canonical import object_digest
from gate.manifests.images import image_uses
from gate.manifests.load import Manifests
from gate.model.evidence import Attached, ImageEvidence, Rejection, Unavailable, VerifiedAttestation
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.model.kubernetes import ImageUse, KubernetesObject
from gate.model.link_files import LinkFolder
from gate.model.predicates import Predicate
from gate.model.release import NO_RELEASE, Release, ReleaseImage, ReleaseObject, release_of
from gate.model.report import Suppression
from gate.model.review import Review, ReviewedImage
from gate.model.verdict import Failed, Finding, Passed, Plan, Question, Result, Severity, decide
from gate.policy.document import Policy
from gate.policy.waivers import unused, waive

MAX_PARALLEL = 8
"""Images looked at together. More only moves the wait to the registry."""

MANIFESTS = "manifests"
"""The check, and the subject, of what is wrong with the manifests themselves."""

CONFIGURATION = _CONFIGURATION.name
"""The one check that needs more than what is attached to an image."""

IDLE_WAIVERS = Question("waivers", "policy")
"""Asked only where a waiver of the policy matches nothing, which is a warning."""


class Registry(Protocol):
    """Where images are, and what is attached to them. Used from several threads."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that the registry holds. Raises RegistryError."""

    def attached(self, image: ResolvedImage) -> tuple[Attached, ...]:
        """Return all that hangs on the image and its platforms, each content once.

        The answer is complete: whatever could not be asked raises RegistryError.
        """

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of each platform. Raises RegistryError."""


class InOrder(Protocol):
    """Where what hangs on an image can be had one by one. Used from several threads."""

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        """Yield what hangs on the image itself, the likeliest pass first.

        Never an answer to what is absent: it may leave out anything. Raises RegistryError.
        """


class Verifier(Protocol):
    """Turns unverified bytes into something proven."""

    def verify(
        self, attached: Attached, image: ResolvedImage
    ) -> VerifiedAttestation[Predicate] | Rejection:
        """Verify what is attached to an image. Never raises on any bytes."""


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
    uses = image_uses(manifests.objects)
    images = _named(uses.uses, names)
    found = (*manifests.findings, *uses.findings)
    linted = lint(manifests.objects, rules or NO_RULES)
    if not images and not manifests.findings and not uses.findings:
        raise UsageError(
            "nothing-to-judge",
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
    configured = {q.subject for q in asked if q.check == CONFIGURATION}
    first = None
    if in_order and not stopped and all(first_suffices(i, policy) for i in images):
        first = _look_first(
            images,
            manifests=manifests,
            policy=policy,
            now=now,
            registry=registry,
            in_order=in_order,
            verifier=verifier,
        )
    images = first or _look(images, stopped, configured, registry, verifier)
    release, unbound = _release(images, manifests)
    images = [_with_release(image, release, links) for image in images]
    if manifests.files:
        about = (*(rules.judge(found) if rules else found), *linted.findings, *unbound)
        results.append(_manifests(about, policy, now))
    # What is asked is told apart from what was answered, so that a lost answer is missed.
    planned = [
        *(
            q
            for image in images
            for q in name_questions(image, policy, digests_required=digests_required)
        ),
        *((Question(MANIFESTS, MANIFESTS),) if manifests.files else ()),
        *asked,
    ]
    results += (r for i in images if i.name not in stopped for r in judge_evidence(i, policy, now))
    idle = unused(policy.waivers, _failures(results), now, policy.max_waiver)
    if idle:
        results.append(Result(IDLE_WAIVERS, Failed(idle)))
        planned.append(IDLE_WAIVERS)
    resolved = {e.image for i in images if isinstance(e := i.evidence, ImageEvidence)}
    plan = Plan(tuple(sorted(planned)), tuple(sorted(resolved)), release, policy.digest, now)
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


def _look(
    images: Iterable[ReviewedImage],
    stopped: Collection[str],
    configured: Collection[str],
    registry: Registry,
    verifier: Verifier,
) -> list[ReviewedImage]:
    """Gather the evidence of every image that its name does not already block."""

    def look(image: ReviewedImage) -> ReviewedImage:
        if image.reference is None or image.name in stopped:
            return image
        found = gather(
            image.name,
            image.reference,
            registry,
            verifier,
            configured=image.name in configured,
        )
        return replace(image, evidence=found)

    with ThreadPoolExecutor(MAX_PARALLEL) as pool:
        return list(pool.map(look, images))


def _look_first(
    images: Iterable[ReviewedImage],
    *,
    manifests: Manifests,
    policy: Policy,
    now: datetime,
    registry: Registry,
    in_order: InOrder,
    verifier: Verifier,
) -> list[ReviewedImage] | None:
    """Return every image with evidence that opens it; None unless that was found for all.

    A digest in a reference is taken as it is: it is what runs, and what a pass names.
    """

    def resolve(image: ReviewedImage) -> ReviewedImage:
        reference = image.reference
        if reference is None:
            return image
        digest = reference.digest
        found = ResolvedImage(reference, digest) if digest else registry.resolve(reference)
        return replace(image, evidence=ImageEvidence(found, NO_RELEASE, (), ()))

    def look(image: ReviewedImage) -> ReviewedImage | None:
        return _until_open(image, policy, now, in_order, verifier)

    with ThreadPoolExecutor(MAX_PARALLEL) as pool:
        try:
            resolved = list(pool.map(resolve, images))
            release, _ = _release(resolved, manifests)
            looked = list(pool.map(look, [_with_release(i, release) for i in resolved]))
        except Exception:  # noqa: BLE001  # whatever it is, gathering everything meets and says it
            return None
    opened = [image for image in looked if image is not None]
    return opened if len(opened) == len(looked) else None


def _until_open(
    image: ReviewedImage, policy: Policy, now: datetime, in_order: InOrder, verifier: Verifier
) -> ReviewedImage | None:
    """Return the image with the first evidence that every check of its entry passes on."""
    evidence = image.evidence
    if not isinstance(evidence, ImageEvidence):
        return None
    found: list[VerifiedAttestation[Predicate]] = []
    for attached in in_order.attached_in_order(evidence.image):
        judged = verifier.verify(attached, evidence.image)
        if isinstance(judged, VerifiedAttestation):
            found.append(judged)
            enough = replace(evidence, attestations=tuple(sorted(found, key=_order)))
            opened = replace(image, evidence=enough)
            if all(isinstance(r.outcome, Passed) for r in judge_evidence(opened, policy, now)):
                return opened
    return None


def gather(
    name: str,
    reference: ImageReference,
    registry: Registry,
    verifier: Verifier,
    *,
    configured: bool = False,
) -> ImageEvidence | Unavailable:
    """Collect what is proven about one image. Whatever goes wrong ends as Unavailable.

    With `configured`, its configurations are fetched too; they are part of what a digest
    says, and nobody signs them apart.
    """
    image: ResolvedImage | None = None
    try:
        image = registry.resolve(reference)
        judged = [verifier.verify(found, image) for found in registry.attached(image)]
        configurations = registry.configurations(image) if configured else None
    except RegistryError as error:
        return Unavailable(name, error.code, error.problem, error.remedy, image)
    except Exception as error:  # noqa: BLE001  # one image's crash must not hide another's verdict
        return Unavailable(name, *crash(error), image)
    return ImageEvidence(
        image,
        NO_RELEASE,
        tuple(sorted((v for v in judged if isinstance(v, VerifiedAttestation)), key=_order)),
        tuple(sorted(v for v in judged if isinstance(v, Rejection))),
        configurations,
    )


def _order(attestation: VerifiedAttestation[Predicate]) -> tuple[object, ...]:
    """Return what attestations are sorted by: all that tells two of them apart.

    The bytes alone do not: the same envelope can be stored twice, with a log entry and without.
    """
    return (
        attestation.predicate_type,
        attestation.attached,
        attestation.subject,
        attestation.signers,
        str(attestation.identity),
        [(t.at, t.clock, t.authority) for t in attestation.times],
        attestation.logs,
        attestation.storage,
    )


def _release(
    images: Iterable[ReviewedImage], manifests: Manifests
) -> tuple[Release, tuple[Finding, ...]]:
    """Return what this run judges as one set, and a finding for each object without a digest.

    An object with an image that did not resolve is left out: that image blocks by itself.
    """
    pins = {
        text: str(image.evidence.image)
        for image in images
        if isinstance(image.evidence, ImageEvidence)
        for text in {image.name, *(u.image for u in image.uses)}
    }
    bound, unbound = [], []
    for obj in manifests.objects:
        try:
            bound.append(ReleaseObject(str(obj.name), object_digest(obj, pins)))
        except KeyError:
            continue
        except DocumentError as error:
            unbound.append(_unbound(obj, error))
    return release_of(map(ReleaseImage.parse, pins.values()), bound), tuple(unbound)


def _unbound(obj: KubernetesObject, error: DocumentError) -> Finding:
    return Finding(
        rule=MANIFESTS,
        code=error.code,
        severity=Severity.HIGH,
        message=error.problem,
        remedy=error.remedy,
        location=error.location,
        object=obj.name,
    )


def _with_release(
    image: ReviewedImage, release: Release, links: tuple[LinkFolder, ...] = ()
) -> ReviewedImage:
    if isinstance(image.evidence, ImageEvidence):
        return replace(image, evidence=replace(image.evidence, release=release, links=links))
    return image


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
