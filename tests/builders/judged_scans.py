"""A scan of one image by its signer, and what the check `vulnerabilities` says of it."""

from __future__ import annotations

from typing import Any, Final

from gate.checks.vulnerabilities import CHECK, VulnerabilitiesParams
from gate.model.evidence import VerifiedAttestation
from gate.model.predicates import Predicate
from gate.model.verdict import Action, Failed, Outcome, Passed, Undecided
from gate.predicates import parse, types
from tests.checks import given

CVE: Final = "CVE-2026-1234"
WHEN: Final = "2026-11-21T11:00:00Z"
VECTOR: Final = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
LOW_VECTOR: Final = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"
FOUND: Final = "vulnerability-found"
DENIED: Final = "vulnerability-denied"
UNREADABLE: Final = "vulnerabilities-unreadable"
COSIGN: Final = types.SCAN_COSIGN[0]


def attested(said: object, kind: str) -> VerifiedAttestation[Predicate]:
    return given.attested(parse(kind, said), by="scanner", predicate_type=kind)


def scan(result: object, kind: str = COSIGN) -> VerifiedAttestation[Predicate]:
    scanner = {"uri": "pkg:github/acme/scan@1", "result": result}
    return attested({"scanner": scanner, "metadata": {"scanFinishedOn": WHEN}}, kind)


def judged(*attestations: VerifiedAttestation[Predicate], **asked: object) -> Outcome:
    policy = {"by": ["scanner"], "fail_on": "high", **asked}
    image = given.image(*attestations)
    return CHECK.run(image, given.asked(VulnerabilitiesParams, **policy), given.NOW)


def told(outcome: Outcome) -> str:
    """Return the first code that blocks; the name of the outcome where none does."""
    if isinstance(outcome, Undecided):
        return outcome.code
    if isinstance(outcome, Passed):
        return "passed"
    assert isinstance(outcome, Failed)
    blocking = [f.code for f in outcome.findings if f.action is Action.BLOCK]
    return blocking[0] if blocking else "warned"


def trivy(**more: object) -> dict[str, Any]:
    found = {"VulnerabilityID": CVE, "PkgName": "a", "Severity": "LOW", **more}
    results = [{"Target": "a", "Class": "os-pkgs", "Vulnerabilities": [found]}]
    return {"SchemaVersion": 2, "ArtifactName": "a", "Results": results}
