"""A report of a large release, for what must stay small and fast."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Final

from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.kubernetes import ImageUse, ObjectName
from gate.model.lines import Lines
from gate.model.location import Location
from gate.model.report import CheckReport, Counts, ImageReport, ReliedOn, Report, Status
from gate.model.verdict import Action, Age, Finding, Severity
from tests.reports.sample import report

CHECKS: Final = {
    "registry": "",
    "sbom": "SBOM",
    "scan-age": "vulnerability scan",
    "signature": "signature",
    "vulnerabilities": "vulnerability scan",
}
_WORKFLOW: Final = (
    "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v1.0.0 "
    "(issuer https://token.actions.githubusercontent.com)"
)
_MANIFEST: Final = b"".join(
    b"        image: ghcr.io/acme/team/service-%d:1.0\n" % n for n in range(1, 2_001)
)


def big(images: int, findings: int) -> Report:
    """Return a report of so many images, each checked five times, and so many findings.

    Every seventh image is not clear. The findings are about images and objects in turn.
    """
    named = [_image(n) for n in range(images)]
    base = report()
    return replace(
        base,
        images=tuple(named),
        findings=tuple(_finding(n, named) for n in range(findings)),
        counts=Counts(files=1, objects=images, rules=150, images=images, checks=5 * images),
        lines=Lines([("k8s/release.yaml", _MANIFEST)]),
    )


def _digest(*parts: object) -> Digest:
    return Digest(hashlib.sha256(repr(parts).encode()).hexdigest())


def _image(number: int) -> ImageReport:
    name = f"ghcr.io/acme/team/service-{number}:1.0"
    resolved = ResolvedImage(
        ImageReference.parse(name),
        _digest("image", number),
        (PlatformManifest(Platform("linux", "amd64"), _digest("platform", number)),),
    )
    place = Location("k8s/release.yaml", number % 2_000 + 1, 16)
    owner = ObjectName("Deployment", "shop", f"service-{number}")
    path = ("spec", "template", "spec", "containers", 0, "image")
    return ImageReport(
        name=name,
        resolved=resolved,
        uses=(ImageUse(name, owner, path, place, "web"),),
        checks=tuple(_check(number, check) for check in CHECKS),
    )


def _check(number: int, check: str) -> CheckReport:
    if number % 7 == 0 and check in {"scan-age", "vulnerabilities"}:
        status = Status.UNDECIDED if number % 14 else Status.FAILED
    else:
        status = Status.PASSED
    at = report().at
    since = at - timedelta(hours=number % 220)
    ages = (Age(of="scan", since=since, until=since + timedelta(days=7)),)
    proof = ReliedOn(
        kind=CHECKS[check],
        predicate_type="https://cosign.sigstore.dev/attestation/vuln/v1",
        digest=_digest(check, number),
        signers=("scanner" if "scan" in CHECKS[check] else "ci",),
        identity=_WORKFLOW,
        signed_at=since,
    )
    return CheckReport(
        check=check,
        status=status,
        evidence=(proof,) if CHECKS[check] and status is Status.PASSED else (),
        ages=ages if check == "scan-age" else (),
    )


def _finding(number: int, images: list[ImageReport]) -> Finding:
    about_image = number % 2 == 0
    image = images[number // 2 * 7 % len(images)]
    return Finding(
        rule="vulnerabilities" if about_image else "no-read-only-root-fs",
        code="vulnerability-found" if about_image else "no-read-only-root-fs",
        id=f"CVE-2026-{number:05}" if about_image else "",
        severity=Severity(number % 5),
        action=Action.BLOCK if number % 3 else Action.WARN,
        message=f"openssl 3.0.{number % 20} has a known vulnerability that 3.1.{number % 9} mends",
        remedy="update the package in the image, build it again, and scan the new image",
        image=str(image.resolved) if about_image else None,
        object=None if about_image else ObjectName("Deployment", "shop", f"service-{number}"),
        location=None if about_image else Location("k8s/release.yaml", number % 2_000 + 1, 16),
    )
