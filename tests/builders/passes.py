"""What several tests make of passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gate.checks.verdict_pass import CHECK, PassParams
from gate.live.shape import declare
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.image import Digest
from gate.model.predicates import VerificationSummary
from gate.model.release import Release, ReleaseImage, ReleaseObject, release_of
from gate.model.verdict import Passed
from gate.predicates.verification_summary import TYPES
from tests.checks.given import INDEX, NOW, OTHER, asked, attested, codes, image

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


GATE = "https://acme.example/gate"


POLICY = Digest("1" * 64)


OBJECT = ReleaseObject("shop/Deployment/web", Digest("2" * 64))


NAME = image().image.repository


HERE, ELSEWHERE = ReleaseImage(NAME, INDEX), ReleaseImage("ghcr.io/acme/other", OTHER)


RELEASE = release_of([HERE], [OBJECT])


DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"replicas": 2},
}


def stored(value: dict[str, Any]) -> Release:
    """Return a release of one object as a cluster stores it."""
    name = f"{value['metadata']['namespace']}/{value['kind']}/{value['metadata']['name']}"
    one = ReleaseObject(name, Digest("4" * 64), value)
    return release_of([HERE], [one], stored=True)


def scaled() -> ImageEvidence:
    """Return the image of a Deployment of which another number runs than was declared."""
    live = {**DEPLOYMENT, "spec": {"replicas": 3, "progressDeadlineSeconds": 600}}
    said = summary(declared=(declare("shop/Deployment/web", OBJECT.digest, DEPLOYMENT),))
    return deployed(signed(said), release=stored(live))


def params(**more: object) -> PassParams:
    return asked(
        PassParams,
        **{
            "by": ["ci"],
            "verifier": GATE,
            "environment": "production",
            "policies": [str(POLICY)],
            "max_age": "24h",
            "manifests": "exact",
        }
        | more,
    )


def summary(**changed: Any) -> VerificationSummary:  # noqa: ANN401  # the summary's fields
    good = VerificationSummary(
        verifier=GATE,
        resource=str(HERE),
        result="PASSED",
        verified_at=NOW - HOUR,
        policy=POLICY,
        environment="production",
        not_after=NOW + HOUR,
        release=RELEASE.digest,
        images=(str(HERE),),
        objects=(OBJECT.digest,),
        evidence_identities=("https://example.com/build (issuer https://issuer)",),
    )
    return replace(good, **changed)


def signed(
    said: VerificationSummary, at: datetime | None = None
) -> VerifiedAttestation[VerificationSummary]:
    return attested(said, predicate_type=TYPES[0], signed=at)


def deployed(
    *found: VerifiedAttestation[VerificationSummary], release: Release = RELEASE
) -> ImageEvidence:
    return replace(image(*found), release=release)


def refused(said: VerificationSummary, **more: object) -> list[str]:
    outcome = CHECK.run(deployed(signed(said)), params(**more), NOW)
    return [] if isinstance(outcome, Passed) else codes(outcome)
