"""Evidence as tests need it: verified, or rejected, without any cryptography."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from gate.model.evidence import (
    AttachedKind,
    Clock,
    ImageEvidence,
    Rejection,
    SigningTime,
    Storage,
    VerifiedAttestation,
)
from gate.model.identity import CertificateIdentity
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.predicates import Predicate, VulnerabilityScan
from gate.model.release import Release
from gate.model.verdict import Failed, Finding, Outcome
from gate.policy.section import Params

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
INDEX, AMD64, ARM64, OTHER = (Digest(c * 64) for c in "abcd")
SIGNERS = ("ci", "scanner", "other")
SCAN_TYPE = "https://cosign.sigstore.dev/attestation/vuln/v1"
SBOM_TYPE = "https://cyclonedx.org/bom"

Q = TypeVar("Q", bound=Params)
P = TypeVar("P", bound=Predicate)


def asked(params: type[Q], **values: Any) -> Q:  # noqa: ANN401  # whatever a policy file can hold
    """Read params as the policy loader does."""
    return params.model_validate(
        {key.replace("_", "-"): value for key, value in values.items()},
        context={"signers": SIGNERS},
    )


def attested(
    predicate: P,
    *,
    by: str = "ci",
    predicate_type: str = SBOM_TYPE,
    subject: Digest = INDEX,
    signed: datetime | None = None,
    identity: str = "",
    seed: str = "",
) -> VerifiedAttestation[P]:
    """Return a verified attestation; its bytes are told apart by its content and `seed`."""
    content = repr((predicate, by, predicate_type, subject, signed, identity, seed))
    return VerifiedAttestation(
        predicate=predicate,
        predicate_type=predicate_type,
        signers=(by,),
        identity=CertificateIdentity(identity or f"https://example.com/{by}", "https://issuer"),
        subject=subject,
        times=(SigningTime(signed, Clock.LOG, "log"),) if signed else (),
        attached=Digest(hashlib.sha256(content.encode()).hexdigest()),
        storage=Storage.REFERRERS,
    )


def scan(
    age: timedelta = timedelta(hours=1),
    *,
    database: timedelta | None = None,
    scanner: str = "trivy",
    by: str = "scanner",
    signed: timedelta | None = None,
    subject: Digest = INDEX,
    **more: Any,  # noqa: ANN401  # fields of VulnerabilityScan
) -> VerifiedAttestation[VulnerabilityScan]:
    """Return a scan that ended `age` before NOW."""
    said = VulnerabilityScan(
        scanner, NOW - age, None if database is None else NOW - database, **more
    )
    return attested(
        said,
        by=by,
        predicate_type=SCAN_TYPE,
        signed=None if signed is None else NOW - signed,
        subject=subject,
    )


def rejected(
    code: str,
    *,
    predicate_type: str | None = SBOM_TYPE,
    kind: AttachedKind = AttachedKind.BUNDLE,
    message: str = "the verifier's own words",
) -> Rejection:
    """Return something that was found and does not count."""
    return Rejection(OTHER, code, message, kind, Storage.REFERRERS, INDEX, predicate_type)


def image(
    *attestations: VerifiedAttestation[Predicate],
    rejections: Sequence[Rejection] = (),
    platforms: bool = False,
    name: str = "ghcr.io/acme/shop:1.0",
    digest: Digest = INDEX,
) -> ImageEvidence:
    """Return an image with this evidence; with `platforms`, an index of two."""
    children = (
        PlatformManifest(Platform("linux", "amd64"), AMD64),
        PlatformManifest(Platform("linux", "arm64"), ARM64),
    )
    return ImageEvidence(
        ResolvedImage(ImageReference.parse(name), digest, children if platforms else ()),
        Release((), (), Digest("e" * 64)),
        attestations,
        tuple(rejections),
    )


def findings(outcome: Outcome) -> tuple[Finding, ...]:
    """Return the findings of a failure."""
    assert isinstance(outcome, Failed), outcome
    return outcome.findings


def codes(outcome: Outcome) -> list[str]:
    """Return the reason codes of a failure."""
    return [f.code for f in findings(outcome)]
