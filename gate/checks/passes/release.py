"""What a pass is about, and whether it covers the release that is deployed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gate.checks.passes.reason import RUN, Reason
from gate.model.evidence import ImageEvidence
from gate.model.predicates import VerificationSummary
from gate.predicates.verification_summary import release_resource

_JUDGE: Final = (
    "add a section to the policy of `gate check`, such as `manifests: {profile: gate}`, and run "
    "it again on the manifests that are deployed"
)


def about_another(said: VerificationSummary, image: ImageEvidence) -> Reason | None:
    """Return what there is against a pass that is not about this image, alone or in its release."""
    expected = {f"{image.image.repository}@{digest}" for digest in image.image.digests}
    if said.release is not None and str(image.image) in said.images:
        expected.add(release_resource(said.verifier, said.release))
    if said.resource in expected:
        return None
    return (
        "pass-wrong-resource",
        f"the pass is about {said.resource}, and {image.image} is deployed",
        RUN,
    )


def uncovered(
    said: VerificationSummary, image: ImageEvidence, *, objects: bool
) -> Iterator[Reason]:
    """Yield what of the deployment a pass does not cover: an image, or with `objects` an object."""
    missing = sorted({str(i) for i in image.release.images} - set(said.images))
    if missing:
        yield (
            "pass-incomplete-release",
            f"the pass covers another release: it does not list {missing[0]}",
            RUN,
        )
    if not objects:
        return
    if said.objects is None:
        yield ("pass-manifests-unbound", "the pass was given without judging manifests", _JUDGE)
        return
    changed = [o for o in image.release.objects if o.digest not in said.objects]
    if changed:
        yield (
            "pass-manifests-changed",
            f"{changed[0].name} is not as it was when the pass was given",
            RUN,
        )
