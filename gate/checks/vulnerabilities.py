"""No known vulnerability of the image is as severe as the policy forbids.

Why: an image that is signed, described and scanned is still not fit to run if the scan
found what an attacker can use.

Passes when: of each signer in `by` and each scanner, the newest scan of the image can be
read, and none of what they found together is as severe as `fail-on`, scores as high as
`fail-on-cvss`, or is in `deny`. A severity that the scanner does not know is never low: it
fails at every threshold, whatever another scanner says. One vulnerability under several
names, or found by several scanners, is one finding, with the highest severity that any of
them gives it: one more scan never makes it milder. A vulnerability without a fix is judged by
`fail-on-unfixable` where that is set; where scanners differ, by the stricter. Within
`grace` of its publication one is only a warning, and a pass that rests on this ends with the
grace; a denied one never is. So is one that a signer in `vex` says does not affect this image,
or is fixed in it.

Remedy: rebuild on fixed packages; or state why the image is not affected, in a VEX document
that a demanded signer attests; or waive the one finding until a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from gate.checks.base import Check, SignedParams, SignerName
from gate.checks.found import Merged, merge, newest, same_source
from gate.checks.scan_age import Scan, claimed, misses
from gate.checks.signed import judge, ordered
from gate.checks.unmet import Refused, Sought, clipped
from gate.checks.vex import Said, excuse, statements, unread, why_not
from gate.model.evidence import Identity, ImageEvidence
from gate.model.predicates import Rating, Unreadable, VulnerabilityScan
from gate.model.verdict import Action, Failed, Finding, Outcome, Passed, Severity, Undecided
from gate.policy.duration import Duration
from gate.predicates import SCAN_TYPES

Threshold = Literal["low", "medium", "high", "critical"]

_REMEDY: Final = "scan the image and attest the result with `gate attest --type vulnerabilities`"

_SOUGHT: Final = Sought(
    code="vulnerabilities",
    noun="a vulnerability scan",
    kind=VulnerabilityScan,
    types=SCAN_TYPES,
    remedy=_REMEDY,
)

_MEND_VEX: Final = "attest the VEX document again in a form that `docs/evidence.md` lists as read"
_NOT_AFFECTED: Final = "vulnerability-not-affected"
_IN_GRACE: Final = "vulnerability-in-grace"

_STRICTEST_FIRST: Final = ("low", "medium", "high", "critical", "never")

_SEVERITY: Final[Mapping[Rating | None, Severity]] = {
    Rating.NONE: Severity.INFO,
    Rating.NEGLIGIBLE: Severity.INFO,
    Rating.LOW: Severity.LOW,
    Rating.MEDIUM: Severity.MEDIUM,
    Rating.HIGH: Severity.HIGH,
    Rating.CRITICAL: Severity.CRITICAL,
    None: Severity.HIGH,
}


def _identifier(text: str) -> str:
    if not text.strip() or text != text.strip() or "*" in text:
        msg = "a vulnerability is named by its exact id, such as CVE-2026-1234"
        raise ValueError(msg)
    return text


class VulnerabilitiesParams(SignedParams):
    """Whose scans count, and what they may not find."""

    fail_on: Threshold = Field(alias="fail-on")
    """The lowest severity that blocks; an unknown severity blocks too."""
    fail_on_unfixable: Threshold | Literal["never"] | None = Field(
        default=None, alias="fail-on-unfixable"
    )
    """Another threshold for what has no fixed version; `never` lets it be."""
    fail_on_cvss: float | None = Field(default=None, alias="fail-on-cvss", gt=0, le=10)
    """The lowest CVSS base score that blocks."""
    deny: (
        Annotated[
            tuple[Annotated[str, AfterValidator(_identifier)], ...],
            Field(min_length=1, strict=False),
        ]
        | None
    ) = None
    """Ids that block whatever their severity."""
    grace: Duration | None = None
    """For how long after it was published a vulnerability only warns."""
    vex: Annotated[tuple[SignerName, ...], Field(min_length=1, strict=False)] | None = None
    """Signers whose VEX statements turn what does not affect the image into warnings."""


def _run(image: ImageEvidence, asked: VulnerabilitiesParams, now: datetime) -> Outcome:
    scans = [s for s in image.attested(VulnerabilityScan, by=asked.by) if _counts(s, image, now)]
    latest = newest(scans)
    if broken := _undecided(image, asked, scans, latest):
        return broken
    outcome = judge(CHECK, _SOUGHT, image, asked, lambda s: _refuse(s, image, now), now=now)
    gaps = outcome.findings if isinstance(outcome, Failed) else ()
    said = statements(image, asked.vex or (), now)
    if gaps:
        # Where too little counts, what a waiver lets count is looked at too.
        others = (s for s in image.attested(VulnerabilityScan, by=asked.by) if s not in scans)
        latest = (*latest, *newest(others))
    merged = merge(latest)
    judged = [(f, m) for m in merged if (f := _judge(m, image, asked, said, now)) is not None]
    used = [s for m in merged for s in excuse(said, m, image)]
    excused = any(f.code == _NOT_AFFECTED for f, _ in judged)
    if excused and (problem := unread(image, asked.vex or (), used)):
        return Undecided("vulnerabilities-vex-unreadable", clipped(problem), _MEND_VEX)
    relied_on = ordered({a.attached: a for a in (*latest, *(s.attestation for s in used))}.values())
    if not judged and not gaps:
        return Passed(relied_on)
    graces = [_grace_ends(m, asked, now) for f, m in judged if f.code == _IN_GRACE]
    return Failed(
        (*gaps, *(f for f, _ in judged)),
        relied_on=relied_on,
        until=min(filter(None, graces), default=None),
        lacking=bool(gaps),
    )


def _counts(scan: Scan, image: ImageEvidence, now: datetime) -> bool:
    return _unread(scan) or not any(_refuse(scan, image, now))


def _unread(scan: Scan) -> bool:
    return scan.predicate.findings is None


def _refuse(scan: Scan, image: ImageEvidence, now: datetime) -> Iterator[Refused]:
    """Yield what is wrong, the first thing first."""
    said = scan.predicate
    if said.finished > now or (scan.signed_at is not None and scan.signed_at > now):
        yield Refused(
            "from-the-future",
            "the scan is dated after this run began",
            "set the clock of the machine that scans, then scan again",
        )
    if missed := misses(scan, image):
        yield missed
    if said.findings is None:
        yield Refused("unread", _unread_message(scan), _REMEDY)


def _unread_message(scan: Scan) -> str:
    form = scan.predicate.report
    what = "of a form that gate does not know" if form == "unknown" else f"of {form}"
    return f"the newest scan by {scan.identity} holds a report {what}, which cannot be read"


def _undecided(
    image: ImageEvidence,
    asked: VulnerabilitiesParams,
    scans: Collection[Scan],
    latest: Iterable[Scan],
) -> Undecided | None:
    """Return why what was found cannot be told: a demanded signer's newer scan is unread.

    One that is older than a scan of the same signer that is read matters only where it
    hides what the same scanner found before.
    """
    read = [s for s in scans if not _unread(s)]

    def superseded(by: Identity, at: datetime | None) -> bool:
        return at is not None and any(s.identity == by and claimed(s) > at for s in read)

    unread = [
        _unread_message(s)
        for s in latest
        if _unread(s)
        and (any(same_source(s, r) for r in read) or not superseded(s.identity, claimed(s)))
    ] + [
        f"a scan by {a.identity} cannot be read: {a.predicate.problem}"
        for a in image.attested(Unreadable, by=asked.by)
        if a.predicate_type in SCAN_TYPES and not superseded(a.identity, a.signed_at)
    ]
    if not unread:
        return None
    return Undecided(
        "vulnerabilities-unreadable",
        clipped(min(unread)),
        "attest a report of a form that `docs/evidence.md` lists as read",
    )


def _judge(
    merged: Merged,
    image: ImageEvidence,
    asked: VulnerabilitiesParams,
    said: Iterable[Said],
    now: datetime,
) -> Finding | None:
    """Return the finding that a vulnerability is, if it is one; a warning where it is excused."""
    denied = asked.deny is not None and not merged.lowered.isdisjoint(d.lower() for d in asked.deny)
    reason = "denied by the policy" if denied else _too_severe(merged, asked)
    if reason is None:
        return None
    finding = CHECK.finding(
        image,
        "vulnerability-denied" if denied else "vulnerability-found",
        clipped(f"{merged.describe()}: {reason}"),
        remedy=f"update {merged.found.package or 'the package'} to {merged.found.fixed_in}"
        if merged.found.fixed_in
        else "no fix is known: state in a VEX document why it does not matter, or waive it",
        id=merged.id,
        severity=_SEVERITY[merged.rating],
    )
    if denied:
        return finding
    stated = tuple(said)
    if excuses := excuse(stated, merged, image):
        statement = excuses[0]
        return replace(
            finding,
            code=_NOT_AFFECTED,
            action=Action.WARN,
            message=clipped(
                f"{merged.describe()}: {statement.statement.status.value} by "
                f"{', '.join(statement.attestation.signers)}"
                f" ({statement.statement.justification or 'no justification'})"
            ),
            remedy=f"nothing while that statement stands; or {finding.remedy}"
            if merged.found.fixed_in
            else "nothing while that statement stands",
        )
    ends = _grace_ends(merged, asked, now)
    if ends is not None and now <= ends:
        return replace(
            finding,
            code=_IN_GRACE,
            action=Action.WARN,
            message=f"{finding.message}; in grace until {ends:%Y-%m-%dT%H:%M:%SZ}",
        )
    besides = [why_not(stated, merged, image)]
    if asked.grace and merged.published is None:
        besides.append("no grace, because no scan says when it was published")
    return replace(finding, message=clipped("; ".join([finding.message, *filter(None, besides)])))


def _grace_ends(merged: Merged, asked: VulnerabilitiesParams, now: datetime) -> datetime | None:
    """Return until when a vulnerability only warns; None where there is no grace for it."""
    if asked.grace is None or merged.published is None or merged.published > now:
        return None
    return merged.published + asked.grace


def _too_severe(merged: Merged, asked: VulnerabilitiesParams) -> str | None:
    unfixable: str = asked.fail_on_unfixable or asked.fail_on
    thresholds = [asked.fail_on if fixable else unfixable for fixable in merged.fixable]
    threshold = min(thresholds, key=_STRICTEST_FIRST.index)
    if threshold == "never":
        return None
    if merged.rating is None:
        return "its severity is unknown, which is never low"
    if merged.rating >= Rating[threshold.upper()]:
        return f"{merged.rating.name.lower()}, and the policy fails on {threshold}"
    if asked.fail_on_cvss is not None and (merged.score or 0) >= asked.fail_on_cvss:
        return f"CVSS {merged.score}, and the policy fails on {asked.fail_on_cvss}"
    return None


CHECK: Final = Check(
    name="vulnerabilities", severity=Severity.HIGH, params=VulnerabilitiesParams, run=_run
)
