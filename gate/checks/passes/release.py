"""What a pass is about, and whether it covers the release that is deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from gate.checks.passes.reason import RUN, Reason
from gate.model.evidence import ImageEvidence
from gate.model.predicates import VerificationSummary
from gate.model.release import Release, ReleaseObject
from gate.predicates.verification_summary import release_resource

if TYPE_CHECKING:
    from gate.live.managed import Managed

_JUDGE: Final = (
    "add a section to the policy of `gate check`, such as `manifests: {profile: gate}`, and run "
    "it again on the manifests that are deployed"
)

_DECLARED: Final = (
    "apply what the pipeline judged, or let the policy name the field under `managed` if a "
    "controller owns it"
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
    said: VerificationSummary, image: ImageEvidence, *, objects: Sequence[Managed] | None
) -> Iterator[Reason]:
    """Yield what of the deployment a pass does not cover: an image, or an object.

    `objects` are the fields that are left to controllers; None where no object needs covering.
    """
    release = _known(image.release)
    missing = sorted({str(i) for i in release.images} - set(said.images))
    if missing:
        yield (
            "pass-incomplete-release",
            f"the pass covers another release: it does not list {missing[0]}",
            RUN,
        )
    if objects is None:
        return
    if said.objects is None:
        yield ("pass-manifests-unbound", "the pass was given without judging manifests", _JUDGE)
        return
    changed = [o for o in release.objects if o.digest not in said.objects]
    if release.stored:
        yield from _differing(said, changed, objects)
    elif changed:
        yield (
            "pass-manifests-changed",
            f"{changed[0].name} is not as it was when the pass was given",
            RUN,
        )


def _known(release: Release | None) -> Release:
    """Return the release. Raises ValueError where nobody knows it yet: a pass covers all of it."""
    if release is None:
        msg = "a pass was judged before the release is known"
        raise ValueError(msg)
    return release


def _differing(
    said: VerificationSummary, stored: Iterable[ReleaseObject], managed: Sequence[Managed]
) -> Iterator[Reason]:
    """Yield how objects differ from the declared ones, as a cluster stores them."""
    # Only a door of a cluster has stored objects.
    from gate.live.match import NotDeclared, compare, names_of  # noqa: PLC0415  # as said

    for one in stored:
        found = compare(said.declared, one.value, managed)
        if isinstance(found, NotDeclared):
            listed = {name for _, name in said.object_names}
            known = not listed.isdisjoint(names_of(one.value))
            yield _not_comparable(one) if known or not said.declared else _not_covered(one)
        elif found:
            first, *others = found
            more = f" ({len(others)} more differ)" if others else ""
            yield (
                "pass-manifests-changed",
                f"{one.name} is not as it was when the pass was given: {first}{more}",
                _DECLARED,
            )


def _not_covered(one: ReleaseObject) -> Reason:
    return ("pass-object-not-covered", f"the pass covers no object {one.name}", RUN)


def _not_comparable(one: ReleaseObject) -> Reason:
    return (
        "pass-object-not-comparable",
        (
            f"the pass does not tell which fields {one.name} declares: the object is too large, or "
            "another version of gate signed the pass"
        ),
        (
            "run `gate check` again with this gate; for an object that is too large, ask for "
            "`manifests: images`"
        ),
    )
