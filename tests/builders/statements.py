"""What several tests make of statements."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from gate.model.evidence import Clock, SigningTime, Storage, VerifiedAttestation
from gate.model.identity import CertificateIdentity
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.kubernetes import ObjectName
from gate.model.predicates import ImageSignature, Predicate
from gate.model.release import ReleaseImage, ReleaseObject, release_of
from gate.model.report import Suppression
from gate.model.verdict import (
    Action,
    Cleared,
    Failed,
    Finding,
    Outcome,
    Passed,
    Plan,
    Question,
    Result,
    Severity,
    WaivedFinding,
)
from gate.signing.summary import Issuer

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


HOUR = timedelta(hours=1)


POLICY, ROOT = Digest("0" * 64), Digest("7" * 64)


SHOP = ResolvedImage(
    ImageReference.parse("ghcr.io/acme/shop:1"),
    Digest("a" * 64),
    (PlatformManifest(Platform("linux", "arm64"), Digest("b" * 64)),),
)


CACHE = ResolvedImage(ImageReference.parse("ghcr.io/acme/cache:2"), Digest("c" * 64))


IMAGES = (CACHE, SHOP)


OBJECT = ReleaseObject("acme/Deployment/shop", Digest("d" * 64))


RELEASE = release_of((ReleaseImage(i.repository, i.digest) for i in IMAGES), [OBJECT])


BUILD = CertificateIdentity("https://example.com/build", "https://issuer.example")


SCANNER = CertificateIdentity("https://example.com/scan", "https://issuer.example")


ISSUER = Issuer(
    verifier="https://acme.example/gate",
    environment="production",
    valid_for=24 * HOUR,
    tool_version="1.2.3",
    manifests_bound=True,
    roots=(ROOT,),
    suppressed=(
        Suppression(
            finding=Finding(
                rule="no-read-only-root-fs",
                code="no-read-only-root-fs",
                severity=Severity.MEDIUM,
                message="the file system can be written",
                remedy="mount it read-only",
                object=ObjectName("Deployment", "acme", "shop"),
            ),
            reason="it writes a lock file",
        ),
    ),
)


def attested(by: CertificateIdentity, *times: SigningTime) -> VerifiedAttestation[Predicate]:
    return VerifiedAttestation(
        predicate=ImageSignature(),
        predicate_type="https://sigstore.dev/cosign/sign/v1",
        signers=("build",),
        identity=by,
        subject=SHOP.digest,
        times=times,
        attached=Digest(hashlib.sha256(by.subject.encode()).hexdigest()),
        storage=Storage.REFERRERS,
    )


SIGNATURE = attested(
    BUILD,
    SigningTime(AT - 2 * HOUR, Clock.LOG, "rekor.example"),
    SigningTime(AT - HOUR, Clock.AUTHORITY, "tsa.example"),
)


SCAN = attested(SCANNER)


WAIVED = Failed(
    (),
    (
        WaivedFinding(
            Finding(
                rule="vulnerabilities",
                code="vulnerability-found",
                severity=Severity.HIGH,
                message="CVE-2026-1234",
                remedy="update",
                id="CVE-2026-1234",
                image=str(SHOP),
            ),
            "team-web",
            "not reachable",
            date(2026, 11, 30),
        ),
    ),
    (SCAN,),
)


WARNED = Failed(
    (
        Finding(
            rule="manifests",
            code="latest-tag",
            severity=Severity.LOW,
            message="the tag is latest",
            remedy="name a version",
            action=Action.WARN,
        ),
    )
)


SHOP_NAME, CACHE_NAME = str(SHOP.reference), str(CACHE.reference)


ANSWERS: dict[tuple[str, str], Outcome] = {
    ("manifests", "manifests"): WARNED,
    ("signature", SHOP_NAME): Passed((SIGNATURE,)),
    ("scan-age", SHOP_NAME): Passed((SCAN,), AT + 6 * HOUR),
    ("vulnerabilities", SHOP_NAME): WAIVED,
    ("provenance", SHOP_NAME): Passed((SIGNATURE,)),
    ("signature", CACHE_NAME): Passed(),
}


def cleared(**answers: Outcome) -> Cleared:
    """Return a run; a keyword replaces the answer to a check about the shop."""
    given = ANSWERS | {(k.replace("_", "-"), SHOP_NAME): v for k, v in answers.items()}
    results = tuple(
        sorted((Result(Question(*q), o) for q, o in given.items()), key=lambda r: r.question)
    )
    plan = Plan(tuple(r.question for r in results), IMAGES, RELEASE, POLICY, AT)
    return Cleared(plan, results)
