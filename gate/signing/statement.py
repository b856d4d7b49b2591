"""The statements of a pass: what is signed when a release is cleared, and nothing else.

One SLSA verification summary per image, RFC 8785 bytes. It is made from a `Cleared` and
from nothing less, so what is signed is what was judged. `docs/pass.md` explains each field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import rfc8785

from gate.model.evidence import VerifiedAttestation
from gate.model.image import ResolvedImage
from gate.model.predicates import Predicate
from gate.model.verdict import Cleared, Failed, Passed, Result, WaivedFinding
from gate.predicates.verification_summary import EXTENSION, TYPES

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
SLSA_VERSION: Final = "1.2"
_DAY: Final = timedelta(hours=23, minutes=59, seconds=59)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who says so: what stands in every pass of one policy."""

    verifier: str
    """A URI that never changes; consumers compare it exactly."""
    environment: str
    valid_for: timedelta
    tool_version: str
    manifests_bound: bool
    """Whether the run judged manifests; if so, a pass binds each object of them."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An unsigned statement about one image."""

    image: ResolvedImage
    payload: bytes


def statements(cleared: Cleared, issuer: Issuer) -> tuple[Statement, ...]:
    """Return the statement of each image of a cleared release, sorted by image."""
    return tuple(
        Statement(image, rfc8785.dumps(_statement(cleared, issuer, image)))
        for image in cleared.plan.images
    )


def _statement(cleared: Cleared, issuer: Issuer, image: ResolvedImage) -> dict[str, Any]:
    return {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": image.repository, "digest": {"sha256": digest.hex}}
            for digest in dict.fromkeys(image.digests)
        ],
        "predicateType": TYPES[0],
        "predicate": _predicate(cleared, issuer, image),
    }


def _predicate(cleared: Cleared, issuer: Issuer, image: ResolvedImage) -> dict[str, Any]:
    plan = cleared.plan
    results = _about(cleared.results, image)
    relied_on = _relied_on(results)
    predicate: dict[str, Any] = {
        "verifier": {"id": issuer.verifier, "version": {"gate": issuer.tool_version}},
        "timeVerified": _time(plan.at),
        "resourceUri": str(image),
        "policy": {
            "uri": f"{issuer.verifier}/policy",
            "digest": {"sha256": plan.policy.hex},
        },
        "inputAttestations": [{"digest": {"sha256": a.attached.hex}} for a in relied_on],
        "verificationResult": "PASSED",
        "verifiedLevels": _levels(results),
        "slsaVersion": SLSA_VERSION,
        f"{EXTENSION}environment": issuer.environment,
        f"{EXTENSION}notAfter": _time(not_after(cleared, issuer)),
        f"{EXTENSION}release": str(plan.release.digest),
        f"{EXTENSION}images": [str(i) for i in plan.release.images],
        f"{EXTENSION}identities": sorted({str(a.identity) for a in _relied_on(cleared.results)}),
        f"{EXTENSION}evidence": [_evidence(a) for a in relied_on],
        f"{EXTENSION}waivers": [_waiver(w) for w in _waived(cleared.results)],
    }
    if issuer.manifests_bound:
        predicate[f"{EXTENSION}objects"] = sorted({str(o.digest) for o in plan.release.objects})
    return predicate


def not_after(cleared: Cleared, issuer: Issuer) -> datetime:
    """Return when the pass ends: the earliest of its validity, evidence that ages, and waivers."""
    ends = [cleared.plan.at + issuer.valid_for]
    outcomes = [r.outcome for r in cleared.results]
    ends += (o.until for o in outcomes if isinstance(o, Passed) and o.until is not None)
    ends += (
        datetime.combine(w.expires, datetime.min.time(), cleared.plan.at.tzinfo) + _DAY
        for w in _waived(cleared.results)
    )
    return min(ends)


def _about(results: Iterable[Result], image: ResolvedImage) -> tuple[Result, ...]:
    """Return the answers about this image, under the name that the run judged it by."""
    return tuple(r for r in results if r.question.subject == str(image.reference))


def _levels(results: Iterable[Result]) -> list[str]:
    """Return one property for each check that passed: `GATE_SIGNATURE`, `GATE_SCAN_AGE`, …."""
    names = {r.question.check for r in results if isinstance(r.outcome, Passed)}
    return sorted(f"GATE_{name.upper().replace('-', '_')}" for name in names)


def _relied_on(results: Iterable[Result]) -> tuple[VerifiedAttestation[Predicate], ...]:
    found = {a.attached: a for r in results for a in _evidence_of(r)}
    return tuple(found[digest] for digest in sorted(found))


def _evidence_of(result: Result) -> tuple[VerifiedAttestation[Predicate], ...]:
    outcome = result.outcome
    return outcome.relied_on if isinstance(outcome, Passed | Failed) else ()


def _evidence(attestation: VerifiedAttestation[Predicate]) -> dict[str, Any]:
    return {
        "digest": {"sha256": attestation.attached.hex},
        "predicateType": attestation.predicate_type,
        "identity": str(attestation.identity),
        "signers": list(attestation.signers),
        "signedAt": _time(attestation.signed_at) if attestation.signed_at else None,
    }


def _waived(results: Iterable[Result]) -> Iterator[WaivedFinding]:
    for result in results:
        if isinstance(result.outcome, Failed):
            yield from result.outcome.waived


def _waiver(waived: WaivedFinding) -> dict[str, str]:
    return {
        "check": waived.finding.rule,
        "finding": waived.finding.waiver_id,
        "image": waived.finding.image or "",
        "owner": waived.owner,
        "reason": waived.reason,
        "expires": waived.expires.isoformat(),
    }


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
