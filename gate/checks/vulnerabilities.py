"""No known vulnerability of the image is as severe as the policy forbids.

Why: an image that is signed, described and scanned is still not fit to run if the scan
found what an attacker can use.

Passes when: of each signer in `by` and each scanner, the newest scan of the image can be read,
and no finding of theirs is as severe as `fail-on`, scores as high as `fail-on-cvss`, or is in
`deny`. A severity that the scanner does not know is never low: it fails at every threshold, also
where another scanner knows it. One vulnerability under several names, or found by several
scanners, is one finding, with the highest severity that any of them gives it: one more scan never
makes it milder. A vulnerability without a fix is judged by `fail-on-unfixable` where that is set;
where scanners differ, or one does not say whether there is a fix, by the stricter. Within `grace`
of its publication one is only a warning, and a pass that rests on this ends with the grace; a
denied one never is. So is one that a signer in `vex` says does not affect this image, or is fixed
in it. A scan with any time after this run does not count, and hides nothing; where another of its
times is past, what it found counts all the same. Nor does one that looked at nothing, or that
says that its scanner left out what is asked about; what that one found counts until a newer scan
of the same scanner lists all. One that cannot be read is let be where the same signer's newer
scan of the same manifest, or of the whole image, can be, unless that scanner's own earlier scan
there could.
A chart or a bundle of manifests (`oci://…`) runs nothing, and fails where this is asked of it.

Remedy: rebuild on fixed packages; or state why the image is not affected, in a VEX document
that a demanded signer attests; or waive the one finding until a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final, Literal

from gate.checks.demand.base import Check, Proposal, SignedParams, SignerName
from gate.checks.demand.codes import shortfall_pages
from gate.checks.demand.counting import judge, ordered
from gate.checks.demand.shortfall import Refused, Shortfalls, Sought, clipped
from gate.checks.scans.counted import (
    REMEDY,
    SCAN_COMMANDS,
    Scan,
    counts,
    partly_ahead,
    refuse,
)
from gate.checks.scans.merged import Merged, merge, newest, untold
from gate.checks.scans.vex import Said, excuse, statements, unread, why_not
from gate.model.clock import is_ahead
from gate.model.code_page import CodePage
from gate.model.evidence import ImageEvidence
from gate.model.predicates import Rating, VulnerabilityScan
from gate.model.verdict import Action, Failed, Finding, Outcome, Passed, Severity, Undecided
from gate.model.words import timestamp
from gate.policy.duration import Duration
from gate.policy.fields import After, Sized, written
from gate.predicates import SCAN_TYPES, VEX_TYPES
from gate.predicates.scanners.report import rated

Threshold = Literal["low", "medium", "high", "critical"]

_SOUGHT: Final = Sought(
    codes=Shortfalls(
        absent="vulnerabilities-absent",
        incomplete="vulnerabilities-incomplete",
        not_verified="vulnerabilities-not-verified",
        too_few="vulnerabilities-too-few",
        unreadable="vulnerabilities-unreadable",
        unsigned="vulnerabilities-unsigned",
        wrong_predicate="vulnerabilities-wrong-predicate",
        wrong_signer="vulnerabilities-wrong-signer",
        wrong_subject="vulnerabilities-wrong-subject",
    ),
    noun="a vulnerability scan",
    kind=VulnerabilityScan,
    types=SCAN_TYPES,
    remedy=REMEDY,
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

    fail_on: Threshold = written(alias="fail-on")
    """The lowest severity that blocks; an unknown severity blocks too. Let the scanner list all it
    finds: most reports, such as Trivy's, do not say that `--severity` or `--ignore-unfixed` left
    something out."""
    fail_on_unfixable: Threshold | Literal["never"] | None = written(
        default=None, alias="fail-on-unfixable"
    )
    """Another threshold for what has no fixed version; with `never` it does not block."""
    fail_on_cvss: Annotated[float, Sized(gt=0, le=10)] | None = written(
        default=None, alias="fail-on-cvss"
    )
    """The lowest CVSS base score that blocks. A finding without a score counts as the highest one
    of its severity."""
    deny: (
        Annotated[
            tuple[Annotated[str, After(_identifier)], ...],
            Sized(min_length=1),
        ]
        | None
    ) = None
    """Ids that block at every severity."""
    grace: Duration | None = None
    """For how long after it was published a vulnerability only warns."""
    vex: Annotated[tuple[SignerName, ...], Sized(min_length=1)] | None = None
    """Signers whose VEX statements turn what does not affect the image into warnings."""


def _run(image: ImageEvidence, asked: VulnerabilitiesParams, now: datetime) -> Outcome:
    attested = image.attested(VulnerabilityScan, by=asked.by)
    scans = [s for s in attested if counts(s, image, now)]
    # What a scan leaves out, an earlier one of the same scanner may have told.
    whole = newest(s for s in scans if not any(_left_out(s, asked)))
    latest = tuple({(s.attached, s.subject): s for s in (*whole, *newest(scans))}.values())
    if broken := untold(image, asked.by, scans, latest):
        return broken

    def refused(scan: Scan) -> Iterator[Refused]:
        yield from refuse(scan, image, now)
        yield from _left_out(scan, asked)

    outcome = judge(CHECK, _SOUGHT, image, asked, refused, now=now)
    gaps = outcome.findings if isinstance(outcome, Failed) else ()
    said = statements(image, asked.vex or (), now)
    if gaps:
        # Where too little counts, what a waiver lets count is looked at too.
        latest = (*latest, *newest(s for s in attested if not counts(s, image, now)))
    else:
        latest = (*latest, *(s for s in attested if s.predicate.findings and partly_ahead(s, now)))
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


def _left_out(scan: Scan, asked: VulnerabilitiesParams) -> Iterator[Refused]:
    """Yield what the scanner was told to leave out, and the policy asks about."""
    said = scan.predicate
    if said.least is not None and said.least > _asked_from(asked):
        yield Refused(
            "vulnerabilities-left-out",
            f"the scan lists only what is {said.least.name.lower()} or worse, and the policy asks "
            "about less",
            "scan again without that threshold, and attest the result",
        )
    if said.fixable_only and asked.fail_on_unfixable != "never":
        yield Refused(
            "vulnerabilities-left-out",
            "the scan lists only what has a fix, and the policy asks about the rest too",
            "scan again without `--only-fixed`, and attest the result; or let the policy say "
            "`fail-on-unfixable: never`",
        )


def _asked_from(asked: VulnerabilitiesParams) -> Rating:
    """Return the lowest severity that the policy may block."""
    if asked.deny is not None:
        return Rating.NONE
    words = [asked.fail_on, asked.fail_on_unfixable]
    from_words = [Rating[word.upper()] for word in words if word not in (None, "never")]
    scored = rated(asked.fail_on_cvss)
    return min([*from_words, *([scored] if scored is not None else [])])


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
        remedy=f"update {merged.package or 'the package'} to {merged.fixed_in}"
        if merged.fixed_in
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
            remedy=f"do nothing while that statement is in force; or {finding.remedy}"
            if merged.fixed_in
            else "do nothing while that statement is in force",
        )
    ends = _grace_ends(merged, asked, now)
    if ends is not None and now <= ends:
        return replace(
            finding,
            code=_IN_GRACE,
            action=Action.WARN,
            message=f"{finding.message}; in grace until {timestamp(ends)}",
        )
    besides = [why_not(stated, merged, image)]
    if asked.grace and merged.published is None:
        besides.append("no grace, because no scan says when it was published")
    return replace(finding, message=clipped("; ".join([finding.message, *filter(None, besides)])))


def _grace_ends(merged: Merged, asked: VulnerabilitiesParams, now: datetime) -> datetime | None:
    """Return until when a vulnerability only warns; None where there is no grace for it."""
    if asked.grace is None or merged.published is None or is_ahead(merged.published, now):
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
    return _too_high(merged.rating, merged.score, asked.fail_on_cvss)


def _too_high(rating: Rating, score: float | None, bound: float | None) -> str | None:
    """Return why a score blocks. One that is not known may be the highest of the severity."""
    least = rated(bound)
    if bound is None or least is None:
        return None
    if score:
        return f"CVSS {score}, and the policy fails on {bound}" if score >= bound else None
    if rating < least:
        return None
    return f"{rating.name.lower()} without a CVSS score, and the policy fails on {bound}"


_CODES: Final[dict[str, CodePage]] = {
    **shortfall_pages(_SOUGHT),
    "vulnerability-found": CodePage(
        "The image has a vulnerability that the policy does not accept.",
        "A scan by a demanded signer rates it at or above `fail-on`, or does not rate it at "
        "all: an unknown severity is never low.",
        "Update the package to the version that the message names. Where there is no fix, state "
        "in a VEX document why it does not matter, or waive it.",
        "vulnerabilities: {by: [scanner], fail-on: high}   # medium and low pass",
    ),
    "vulnerability-denied": CodePage(
        "The image has a vulnerability that the policy denies by name.",
        "`deny` lists it. Neither its severity nor VEX nor a grace period excuses it.",
        "Update the package to a version without it.",
    ),
    "vulnerability-not-affected": CodePage(
        "A demanded VEX document says that this vulnerability does not matter here.",
        "It is shown as a warning. It blocks again as soon as the statement is withdrawn.",
        "Nothing to do. Update the package when you can.",
    ),
    "vulnerability-in-grace": CodePage(
        "A new vulnerability is still in its grace period.",
        "`grace` lets what was published lately warn. It blocks when the period ends; the "
        "message names the end.",
        "Update the package before the grace period ends.",
    ),
    "vulnerabilities-unreadable": CodePage(
        "The newest scan of a demanded signer cannot be read.",
        "What it found is unknown, and an older scan cannot answer for it. So the check is "
        "undecided.",
        "Attest a report of a form that `docs/evidence.md` lists as read.",
    ),
    "vulnerabilities-unread": CodePage(
        "gate does not read the form of this scan.",
        "The message names the form, or says that it is unknown. What it found cannot be told.",
        "Attest a report of a form that `docs/evidence.md` lists as read.",
    ),
    "vulnerabilities-vex-unreadable": CodePage(
        "A VEX document of a demanded signer cannot be read.",
        "It may withdraw a statement that excuses a finding, so nothing is excused and the "
        "check is undecided.",
        "Attest the VEX document again in a form that `docs/evidence.md` lists as read.",
    ),
    "vulnerabilities-from-the-future": CodePage(
        "The scan is dated after this run began.",
        "One of two clocks is wrong. What is dated in the future never counts.",
        "Set the clock of the machine that scans, then scan again.",
    ),
    "vulnerabilities-nothing-scanned": CodePage(
        "The scan looked at nothing.",
        "The report lists no target, so that it found nothing proves nothing.",
        "Scan the image as it was pushed, and attest the result.",
    ),
    "vulnerabilities-nothing-shown": CodePage(
        "The report does not show that packages were looked at.",
        "It lists no package, or its list is empty where the same tool leaves it empty also when "
        "nobody asked. The message says which.",
        "Scan again with the options that the message names, and attest the result.",
    ),
    "vulnerabilities-not-a-scan": CodePage(
        "What was attested is not the report of a vulnerability scanner.",
        "It holds an error, a log, `null`, or the SARIF of a tool that looks for something else.",
        "Attest the report of a vulnerability scanner, in a form that `docs/evidence.md` lists as "
        "read.",
    ),
    "vulnerabilities-left-out": CodePage(
        "The scanner was told to leave out what the policy asks about.",
        "The report says that it lists only what is severe enough, or only what has a fix. That "
        "nothing else is there is not shown.",
        "Scan again without that option, and attest the result. Where the policy does not mind "
        "what has no fix, let it say `fail-on-unfixable: never`.",
        "snyk container test IMAGE --json   # without --severity-threshold",
    ),
    "vulnerabilities-describes-another": CodePage(
        "The scan is about another image.",
        "The report itself names the digest that it looked at, and it is not this image or one "
        "of its platforms.",
        "Scan the image as it was pushed, by its digest.",
    ),
}

CHECK: Final = Check(
    name="vulnerabilities",
    severity=Severity.HIGH,
    params=VulnerabilitiesParams,
    run=_run,
    codes=_CODES,
    wants=frozenset((*SCAN_TYPES, *VEX_TYPES)),
    makes=SCAN_COMMANDS,
    of_what_runs=True,
    proposal=Proposal("vulnerabilities", "vulnerabilities: {by: %s, fail-on: critical}"),
)
