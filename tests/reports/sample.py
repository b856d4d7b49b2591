"""One report with something of everything, for the tests of the formats."""

from __future__ import annotations

from datetime import UTC, date, datetime

from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.model.kubernetes import ImageUse, ObjectName
from gate.model.location import Location
from gate.model.release import NO_RELEASE
from gate.model.report import (
    CheckReport,
    Counts,
    ImageReport,
    PassReport,
    PassState,
    PolicyReport,
    Report,
    Status,
    Suppression,
    UndecidedReport,
)
from gate.model.verdict import Action, Finding, Severity, Undecided, WaivedFinding

WEB = ObjectName("Deployment", "shop", "web")
PLACE = Location("manifests/web.yaml", 20, 18)
IMAGE = ResolvedImage(
    ImageReference.parse("ghcr.io/acme/shop:1.0"),
    Digest("a" * 64),
    (PlatformManifest(Platform("linux", "amd64"), Digest("b" * 64)),),
)
UNSIGNED = Finding(
    rule="signature",
    code="signature-absent",
    severity=Severity.HIGH,
    message="nobody signed ghcr.io/acme/shop",
    remedy="sign it with `gate sign`",
    image=str(IMAGE),
    location=PLACE,
    object=WEB,
    container="web",
)
WRITABLE = Finding(
    rule="no-read-only-root-fs",
    code="no-read-only-root-fs",
    severity=Severity.MEDIUM,
    action=Action.WARN,
    message="container web can write to its root file system",
    remedy="set readOnlyRootFilesystem: true",
    location=Location("manifests/web.yaml", 19, 11),
    object=WEB,
    container="web",
    field="spec.template.spec.containers[0].securityContext",
)


def report(*, cleared: bool = False) -> Report:
    """Return a blocked report, or one that is cleared and says nothing."""
    return Report(
        command="check",
        tool_version="0.1.0",
        cleared=cleared,
        exit_code=0 if cleared else 1,
        at=datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        policy=PolicyReport(path=".gate.yaml", digest=Digest("c" * 64)),
        images=(
            ImageReport(
                name="ghcr.io/acme/shop:1.0",
                resolved=IMAGE,
                uses=(
                    ImageUse(
                        "ghcr.io/acme/shop:1.0",
                        WEB,
                        ("spec", "template", "spec", "containers", 0, "image"),
                        PLACE,
                        "web",
                    ),
                ),
                checks=(
                    CheckReport(check="registry", status=Status.PASSED),
                    CheckReport(
                        check="signature", status=Status.PASSED if cleared else Status.FAILED
                    ),
                ),
                attached=("unsigned: buildkit-statement",),
            ),
        ),
        findings=() if cleared else (UNSIGNED, WRITABLE),
        undecided=()
        if cleared
        else (
            UndecidedReport(
                check="sbom",
                subject="ghcr.io/acme/other:1",
                outcome=Undecided("timeout", "ghcr.io did not answer in 30 s", "run again"),
            ),
        ),
        waived=()
        if cleared
        else (WaivedFinding(UNSIGNED, "team-web", "being moved", date(2026, 12, 31)),),
        suppressed=() if cleared else (Suppression(finding=WRITABLE, reason="writes a cache"),),
        counts=Counts(files=1, documents=1, objects=1, rules=13, images=1, checks=3),
        release=NO_RELEASE,
        passed=PassReport(
            state=PassState.DRY_RUN, note="a dry run signs nothing", statements=('{"a": 1}',)
        ),
    )
