"""The image has a bill of materials that says something.

Why: what is inside an image can only be judged, today or when the next vulnerability
is published, where somebody wrote it down and stands for it.

Passes when: `at-least` of `by` attest an SBOM (CycloneDX 1.2 to 1.7, SPDX 2.2 or 2.3, or
syft JSON) of the image that parses, lists at least `minimum-packages` components, and
names its tool and its time.

Remedy: make an SBOM of the pushed image and attest it with `gate attest --type sbom`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import Field

from gate.checks.base import Check, SignedParams
from gate.checks.signed import judge
from gate.checks.unmet import Refused, Sought
from gate.model.evidence import ImageEvidence, VerifiedAttestation
from gate.model.predicates import Sbom
from gate.model.verdict import Outcome, Severity
from gate.predicates import SBOM_TYPES

_REMEDY: Final = "make an SBOM of the pushed image and attest it with `gate attest --type sbom`"

_SOUGHT: Final = Sought(code="sbom", noun="an SBOM", kind=Sbom, types=SBOM_TYPES, remedy=_REMEDY)


class SbomParams(SignedParams):
    """Whose SBOM counts, and what it must hold."""

    minimum_packages: int = Field(default=1, alias="minimum-packages", ge=1)


def _run(image: ImageEvidence, asked: SbomParams, now: datetime) -> Outcome:
    return judge(CHECK, _SOUGHT, image, asked, lambda a: _refuse(a, asked, now))


def _refuse(
    attestation: VerifiedAttestation[Sbom], asked: SbomParams, now: datetime
) -> Refused | None:
    sbom = attestation.predicate
    if not sbom.components:
        return Refused("empty", "the SBOM lists no component", _REMEDY)
    if sbom.components < asked.minimum_packages:
        return Refused(
            "too-small",
            f"the SBOM lists {sbom.components} components; the policy demands "
            f"{asked.minimum_packages}",
            _REMEDY,
        )
    if sbom.created is not None and sbom.created > now:
        return Refused(
            "from-the-future",
            f"the SBOM says it was made at {sbom.created:%Y-%m-%dT%H:%M:%SZ}, after this run began",
            "set the clock of the machine that makes the SBOM",
        )
    return None


CHECK: Final = Check(name="sbom", severity=Severity.HIGH, params=SbomParams, run=_run)
