"""From an admitted release to what is recorded of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from gate.checks import PASS
from gate.model.deployed import DeploymentRecord
from gate.model.evidence import ImageEvidence
from gate.model.image import Digest, ImageReference
from gate.model.kubernetes import ImageUse
from gate.model.review import Review
from gate.model.verdict import Cleared
from gate.policy.document import Policy

LONGEST: Final = 256
"""Characters of the name of a deployment."""
_KEPT: Final = 16
"""Hexadecimal digits that stand for the rest of a longer name."""


def deployment_records(review: Review, policy: Policy) -> tuple[DeploymentRecord, ...]:
    """Return a record for each place of each image that was admitted by a pass, sorted.

    Nothing of a release that was not admitted. What the policy admits without a pass is left out:
    it is of others. Of two places with one name, such as a Deployment's and a Job's, each has its
    kind in it.
    """
    if not isinstance(review.verdict, Cleared):
        return ()
    found: dict[str, dict[tuple[str, ...], DeploymentRecord]] = {}
    for identity, record in _places(review, policy):
        found.setdefault(record.deployment, {})[identity] = record
    return tuple(sorted(_told_apart(found)))


def _places(review: Review, policy: Policy) -> Iterator[tuple[tuple[str, ...], DeploymentRecord]]:
    """Yield each place, with its kind first, and its record."""
    for image in review.images:
        if not isinstance(image.evidence, ImageEvidence) or image.reference is None:
            continue
        environment = _environment(image.reference, policy)
        if environment is None:
            continue
        resolved = image.evidence.image
        alone = ("", resolved.repository.partition("/")[2].replace("/", "-"))
        for identity in [_identity(use) for use in image.uses] or [alone]:
            yield (
                identity,
                DeploymentRecord(
                    deployment="-".join(filter(None, identity[1:])) or identity[0],
                    name=resolved.repository,
                    digest=resolved.digest,
                    version=image.reference.tag or "",
                    environment=environment,
                ),
            )


def _identity(use: ImageUse) -> tuple[str, ...]:
    """Return the kind, then namespace, object and container: the name that GitHub recommends."""
    named = use.object
    return (named.kind, named.namespace or "", named.name, use.container or "")


def _environment(reference: ImageReference, policy: Policy) -> str | None:
    from gate.checks.verdict_pass import PassParams  # noqa: PLC0415  # only where records are asked

    entry = policy.entry(reference)
    asked = entry.checks.get(PASS) if entry else None
    return asked.environment if isinstance(asked, PassParams) else None


def _told_apart(
    found: Mapping[str, Mapping[tuple[str, ...], DeploymentRecord]],
) -> Iterator[DeploymentRecord]:
    for name, places in found.items():
        kinds = [kind for kind, *_ in places]
        for identity, record in places.items():
            whole = name
            if len(places) > 1:
                alike = kinds.count(identity[0]) > 1
                whole += f"-{_short(repr(identity)) if alike else identity[0]}"
            yield replace(record, deployment=_clipped(whole))


def _clipped(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - _KEPT - 1]}-{_short(name)}"


def _short(text: str) -> str:
    return Digest.of(text.encode()).hex[:_KEPT]
