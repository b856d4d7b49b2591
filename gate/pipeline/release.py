"""The release that a run judges as one set: its images, and its objects with their digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gate.errors import DocumentError
from gate.manifests.manifests import Manifests
from gate.model.evidence import ImageEvidence
from gate.model.kubernetes import ImagePosition, KubernetesObject
from gate.model.link_files import LinkFolder
from gate.model.release import Release, ReleaseImage, ReleaseObject, release_of
from gate.model.review import ReviewedImage
from gate.model.revocations import Revocations, RevocationsUnknown
from gate.model.verdict import Finding, Severity
from gate.policy.document import Policy

MANIFESTS = "manifests"
"""The check, and the subject, of what is wrong with the manifests themselves."""
UNASKED: Final = RevocationsUnknown(
    "not-answered",
    "nobody asked for the list of ended passes that the policy names",
    "report this as a defect of gate, with the output of `gate --version`",
)


def bind(
    images: Iterable[ReviewedImage], manifests: Manifests, *, values: bool = True
) -> tuple[Release, tuple[Finding, ...]]:
    """Return what this run judges as one set, and a finding for each object without a digest.

    An object with an image that did not resolve is left out: that image blocks by itself. Without
    `values` the objects of the release are known by their digests alone.
    """
    seen = tuple(images)
    pins = bound_names(seen)
    bound, unbound = [], []
    for obj in manifests.objects:
        try:
            found = _bound(obj, pins, manifests.positions, values=values)
        except DocumentError as error:
            unbound.append(_unbound(obj, error))
            continue
        if found is not None:
            bound.append(found)
    resolved = (i.evidence.image for i in seen if isinstance(i.evidence, ImageEvidence))
    release = release_of(
        (ReleaseImage(one.repository, one.digest) for one in resolved),
        bound,
        stored=manifests.stored,
    )
    return release, tuple(unbound)


def _bound(
    obj: KubernetesObject,
    pins: Mapping[str, str],
    positions: Sequence[ImagePosition],
    *,
    values: bool,
) -> ReleaseObject | None:
    """Return an object with its digest; None where an image of it did not resolve."""
    from gate.manifests.canonical import (  # noqa: PLC0415  # a run may have no manifest
        UnpinnedImageError,
        bound_digest,
        bound_object,
    )

    try:
        value = bound_object(obj, pins, positions)
    except UnpinnedImageError:
        return None
    return ReleaseObject(str(obj.name), bound_digest(obj, value), value if values else {})


def bound_names(images: Iterable[ReviewedImage]) -> dict[str, str]:
    """Return `registry/repository@sha256:…` for each text that names an image of the run."""
    return {
        text: str(image.evidence.image)
        for image in images
        if isinstance(image.evidence, ImageEvidence)
        for text in {image.name, *(u.image for u in image.uses)}
    }


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


def to_cover(release: Release, images: Iterable[ReviewedImage], policy: Policy) -> Release:
    """Return what of a release a pass must cover: no image that the policy admits without one."""
    exempt = {
        ReleaseImage.parse(str(image.evidence.image))
        for image in images
        if isinstance(image.evidence, ImageEvidence)
        and (entry := policy.entry(image.evidence.image.reference)) is not None
        and entry.without_pass is not None
    }
    if not exempt:
        return release
    kept = (i for i in release.images if i not in exempt)
    return release_of(kept, release.objects, stored=release.stored)


def with_release(
    image: ReviewedImage,
    release: Release | None,
    links: tuple[LinkFolder, ...] = (),
    *,
    revocations: Revocations | None,
) -> ReviewedImage:
    """Return an image whose evidence knows the release, the links and the ended passes."""
    if isinstance(image.evidence, ImageEvidence):
        known = replace(image.evidence, release=release, links=links, revocations=revocations)
        return replace(image, evidence=known)
    return image


def known_revocations(policy: Policy, asked: Revocations | None) -> Revocations | None:
    """Return what is known of ended passes: nothing where nobody asked for the policy's list.

    A caller that forgets it may take no pass for one that goes on.
    """
    return UNASKED if asked is None and policy.revocations is not None else asked
