"""The predicate of a pass: what a cleared run found, in the words of a SLSA VSA.

What the standard has no word for is named by URIs that begin with
`urn:uuid:66b5846d-8c58-4054-bd7c-5e85d582227f#`.
`docs/pass.md` explains each field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

from gate.model.evidence import VerifiedAttestation
from gate.model.image import Digest, ResolvedImage
from gate.model.predicates import Predicate
from gate.model.records import dataclass
from gate.model.report import Suppression
from gate.model.verdict import (
    Action,
    Cleared,
    Failed,
    Outcome,
    Passed,
    Question,
    Result,
    Undecided,
    WaivedFinding,
)
from gate.model.words import timestamp
from gate.predicates.verification_summary import EXTENSION
from gate.signing.declared import MAX_NAME
from gate.signing.grounds import identities, relied_on, until, waivers

SLSA_VERSION: Final = "1.2"
PROVENANCE: Final = "provenance"
MAX_REASON: Final = 512
"""The longest reason of a suppression that a pass quotes; a manifest may hold a longer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who says so, and what a pass says of a run besides its verdict."""

    verifier: str
    """A URI that never changes; consumers compare it exactly."""
    environment: str
    valid_for: timedelta
    tool_version: str
    manifests_bound: bool
    """Whether the run judged manifests; if so, a pass binds each object of them."""
    declared: tuple[dict[str, Any], ...] = ()
    """What `declared_of` returns of the release, where the run judged manifests."""
    roots: tuple[Digest, ...] = ()
    """The trusted roots that the evidence was held against."""
    suppressed: tuple[Suppression, ...] = ()
    """Lint findings that the manifests themselves silenced, as the policy allows."""
    build_levels: Mapping[str, int] = field(default_factory=dict)
    """By the image's name in the run: the SLSA build level, 1 to 3, that `provenance` demands."""


def predicate(
    cleared: Cleared,
    issuer: Issuer,
    *,
    resource: str,
    images: Sequence[ResolvedImage],
    results: Sequence[Result],
    inputs: Iterable[Digest],
) -> dict[str, Any]:
    """Return the predicate about one resource: these images, and the answers about them.

    `inputs` are the digests of the attestations and files that the verdict rests on. What concerns
    the whole release (its images, objects, identities, waivers and end) is in every one.
    """
    plan = cleared.plan
    said: dict[str, Any] = {
        "verifier": {"id": issuer.verifier, "version": {"gate": issuer.tool_version}},
        "timeVerified": timestamp(plan.at),
        "resourceUri": resource,
        "policy": {
            "uri": f"{issuer.verifier}/policy",
            "digest": {"sha256": plan.policy.hex},
        },
        "inputAttestations": [{"digest": {"sha256": digest.hex}} for digest in inputs],
        "verificationResult": "PASSED",
        "verifiedLevels": _levels(images, results, issuer),
        "slsaVersion": SLSA_VERSION,
    }
    own: dict[str, Any] = {
        "environment": issuer.environment,
        "notAfter": timestamp(not_after(cleared, issuer)),
        "release": str(plan.release.digest),
        "images": [str(i) for i in plan.release.images],
        "trustedRoots": [{"sha256": root.hex} for root in issuer.roots],
        "checks": _checks(results, images),
        "identities": identities(cleared.results),
        "evidence": [_evidence(a) for a in relied_on(results)],
        "waivers": [_waiver(w) for w in dict.fromkeys(waivers(cleared.results))],
        "suppressions": [_suppression(s) for s in issuer.suppressed],
    }
    if issuer.manifests_bound:
        own["objects"] = sorted({str(o.digest) for o in plan.release.objects})
        own["objectNames"] = [
            {"name": o.name[:MAX_NAME], "digest": {"sha256": o.digest.hex}}
            for o in plan.release.objects
        ]
        own["declared"] = list(issuer.declared)
    return said | {f"{EXTENSION}{name}": value for name, value in own.items()}


def not_after(cleared: Cleared, issuer: Issuer) -> datetime:
    """Return when the pass ends: the first end of its validity, of evidence, graces and waivers."""
    ends = [cleared.plan.at + issuer.valid_for]
    ends += (end for r in cleared.results if (end := until(r.outcome)) is not None)
    return min(ends)


def _levels(
    images: Iterable[ResolvedImage], results: Iterable[Result], issuer: Issuer
) -> list[str]:
    """Return a property for each check that passed: `GATE_SIGNATURE`, `GATE_SCAN_AGE`, ….

    Of several images, only what every one of them passed is said: each is a subject. A SLSA
    build level is among them only where provenance that the check accepted proves it of each.
    """
    names = {str(image.reference) for image in images}
    passed = {r.question for r in results if isinstance(r.outcome, Passed)}
    everywhere = {q.check for q in passed if q.subject not in names}
    everywhere |= {q.check for q in passed if names <= _subjects(passed, q.check)}
    found = {f"GATE_{check.upper().replace('-', '_')}" for check in everywhere}
    proven = _subjects(passed, PROVENANCE)
    built = min(issuer.build_levels.get(name, 0) if name in proven else 0 for name in names)
    if built:
        found.add(f"SLSA_BUILD_LEVEL_{built}")
    return sorted(found)


def _subjects(questions: Iterable[Question], check: str) -> set[str]:
    return {q.subject for q in questions if q.check == check}


def _checks(results: Iterable[Result], images: Iterable[ResolvedImage]) -> list[dict[str, Any]]:
    """Return each question of the run, how it was answered, and until when that holds.

    Of an image that the run judged by two names, an answer that is the same is there once.
    """
    pinned = {str(image.reference): str(image) for image in images}
    answers = dict.fromkeys(
        (
            r.question.check,
            pinned.get(r.question.subject, r.question.subject),
            _word(r.outcome),
            _optional_time(until(r.outcome)),
        )
        for r in results
    )
    return [
        {"check": check, "subject": subject, "result": result, "until": end}
        for check, subject, result, end in answers
    ]


def _word(outcome: Outcome) -> str:
    """Return how a cleared answer is told. Raises ValueError for one that blocks.

    A `Cleared` holds none; this is what is left where that was not so, after a mistake.
    """
    match outcome:
        case Passed():
            return "passed"
        case Failed(findings=()):
            return "waived"
        case Failed(findings=findings) if all(f.action is Action.WARN for f in findings):
            return "warned"
        case Failed() | Undecided():
            msg = "what blocks is not signed"
            raise ValueError(msg)
        case unreachable:
            assert_never(unreachable)


def _evidence(attestation: VerifiedAttestation[Predicate]) -> dict[str, Any]:
    return {
        "digest": {"sha256": attestation.attached.hex},
        "predicateType": attestation.predicate_type,
        "identity": str(attestation.identity),
        "signers": list(attestation.signers),
        "signedAt": _optional_time(attestation.signed_at),
        "times": [
            {"at": timestamp(t.at), "clock": t.clock.value, "authority": t.authority}
            for t in attestation.times
        ],
    }


def _waiver(waived: WaivedFinding) -> dict[str, str]:
    return {
        "check": waived.finding.rule,
        "finding": waived.finding.waiver_id,
        "image": waived.finding.image or "",
        "object": str(waived.finding.object or ""),
        "owner": waived.owner,
        "reason": waived.reason,
        "expires": waived.expires.isoformat(),
    }


def _suppression(suppressed: Suppression) -> dict[str, str]:
    return {
        "rule": suppressed.finding.rule,
        "object": str(suppressed.finding.object or ""),
        "reason": suppressed.reason[:MAX_REASON],
    }


def _optional_time(at: datetime | None) -> str | None:
    return None if at is None else timestamp(at)
