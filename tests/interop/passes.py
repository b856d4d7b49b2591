"""A pass as gate states it, of an image of two platforms and an object that runs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.release import ReleaseImage, ReleaseObject, release_of
from gate.model.verdict import Cleared, Passed, Plan, Question, Result
from gate.signing.declared import declared_of
from gate.signing.statement import statements
from gate.signing.summary import Issuer
from tests.builders.passes import DEPLOYMENT

VSA: Final = "https://slsa.dev/verification_summary/v1"
VERIFIER: Final = "https://acme.example/gate"
REPOSITORY: Final = "registry.example/acme/shop"
INDEX: Final = Digest("ab" * 32)
PLATFORM: Final = Digest("cd" * 32)
OTHER: Final = Digest("ef" * 32)
RESOURCE: Final = f"{REPOSITORY}@{INDEX}"


def stated_pass() -> bytes:
    """Return the statement of a release of one image that passed one check."""
    image = ResolvedImage(
        ImageReference.parse(f"{REPOSITORY}:1"),
        INDEX,
        (PlatformManifest(Platform("linux", "arm64"), PLATFORM),),
    )
    question = Question("signature", str(image.reference))
    objects = [ReleaseObject("shop/Deployment/web", Digest("12" * 32), DEPLOYMENT)]
    release = release_of([ReleaseImage(REPOSITORY, INDEX)], objects)
    at = datetime.now(UTC).replace(microsecond=0)
    plan = Plan((question,), (image,), release, Digest("0" * 64), at)
    issuer = Issuer(
        verifier=VERIFIER,
        environment="production",
        valid_for=timedelta(hours=24),
        tool_version="0.0.0",
        manifests_bound=True,
        declared=declared_of(release),
    )
    (statement,) = statements(Cleared(plan, (Result(question, Passed()),)), issuer)
    return statement.payload
