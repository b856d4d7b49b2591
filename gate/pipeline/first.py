"""No more evidence than opens every image, where the checks allow it: what `admit` asks first."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

from gate.manifests.manifests import Manifests
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import ImageReference, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.review import ReviewedImage
from gate.model.revocations import Revocations
from gate.model.verdict import Passed
from gate.pipeline.evaluate import judge_evidence
from gate.pipeline.gather import MAX_PARALLEL, Progress, Verifier, in_one_order, tell_nobody
from gate.pipeline.release import bind, to_cover, with_release
from gate.policy.document import Policy
from gate.registry.interface import Registry


def gather_first(
    images: Iterable[ReviewedImage],
    *,
    manifests: Manifests,
    policy: Policy,
    now: datetime,
    registry: Registry,
    verifier: Verifier,
    progress: Progress = tell_nobody,
    revocations: Revocations | None = None,
) -> list[ReviewedImage] | None:
    """Return every image with evidence that opens it; None unless that was found for all.

    A digest in a reference is taken as it is: it is what runs, and what a pass names.
    """

    def resolve(image: ReviewedImage) -> ReviewedImage:
        reference = image.reference
        if reference is None:
            return image
        progress(reference)
        found = _named(image, reference) or registry.resolve(reference)
        return replace(image, evidence=ImageEvidence(found))

    def look(image: ReviewedImage) -> ReviewedImage | None:
        return until_open(image, policy, now, registry, verifier)

    with ThreadPoolExecutor(MAX_PARALLEL) as pool:
        try:
            resolved = list(pool.map(resolve, images))
            release, _ = bind(resolved, manifests)
            covered = to_cover(release, resolved, policy)
            known = [with_release(i, covered, revocations=revocations) for i in resolved]
            looked = list(pool.map(look, known))
        except Exception:  # noqa: BLE001  # whatever it is, gathering everything meets and says it
            return None
    opened = [image for image in looked if image is not None]
    return opened if len(opened) == len(looked) else None


def _named(image: ReviewedImage, reference: ImageReference) -> ResolvedImage | None:
    """Return what is known without a question; raises ValueError of an artifact that is not."""
    if image.artifact is not None:
        if not isinstance(image.artifact.found, ResolvedImage):
            msg = f"{image.name} was not read"
            raise ValueError(msg)
        return image.artifact.found
    return ResolvedImage(reference, reference.digest) if reference.digest else None


def until_open(
    image: ReviewedImage, policy: Policy, now: datetime, registry: Registry, verifier: Verifier
) -> ReviewedImage | None:
    """Return the image with the first evidence that every check of its entry passes on."""
    evidence = image.evidence
    if not isinstance(evidence, ImageEvidence):
        return None
    found: list[VerifiedAttestation[Predicate]] = []
    for attached in registry.attached_in_order(evidence.image):
        judged = verifier.verify(attached, evidence.image)
        if isinstance(judged, VerifiedAttestation):
            found.append(judged)
            enough = replace(evidence, attestations=in_one_order(found))
            opened = replace(image, evidence=enough)
            if all(isinstance(r.outcome, Passed) for r in judge_evidence(opened, policy, now)):
                return opened
    return None
