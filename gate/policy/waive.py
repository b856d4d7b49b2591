"""What the waivers of a policy excuse of what a run found, and which of them excuse nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from gate.model.image import ImageReference
from gate.model.verdict import Action, Failed, Finding, Severity, WaivedFinding
from gate.policy.waivers import LONGEST, Waiver


def waive(
    outcome: Failed,
    waivers: Sequence[Waiver],
    image: ImageReference | None,
    now: datetime,
    longest: timedelta = LONGEST,
) -> Failed:
    """Take out what a waiver excuses at `now`. `image` is what the findings are about, if any.

    A waiver that ends further ahead than `longest` excuses nothing.

    Each finding is excused or not by itself, so that waivers together never excuse more
    than each does alone. What only warns is left as it is.
    """
    standing: list[Finding] = []
    waived = list(outcome.waived)
    for finding in outcome.findings:
        covering = [w for w in waivers if w.covers(finding, image)]
        holding = [w for w in covering if w.problem(now, longest) is None]
        if finding.action is not Action.BLOCK or not covering:
            standing.append(finding)
        elif holding:
            last = max(holding, key=lambda w: (w.expires, w.owner, w.reason))
            waived.append(WaivedFinding(finding, last.owner, last.reason, last.expires))
        else:
            why = "; ".join(sorted({w.problem(now, longest) or "" for w in covering}))
            standing.append(replace(finding, message=f"{finding.message} ({why})"))
    return replace(outcome, findings=tuple(standing), waived=tuple(waived))


def unused(
    waivers: Iterable[Waiver],
    judged: Iterable[tuple[Failed, ImageReference | None]],
    now: datetime,
    longest: timedelta = LONGEST,
) -> tuple[Finding, ...]:
    """Return a warning for each waiver that matches no finding of the run, sorted.

    `judged` is every failure of the run, before or after `waive`, and its image.
    """
    found = [
        (finding, image)
        for outcome, image in judged
        for finding in (*outcome.findings, *(w.finding for w in outcome.waived))
    ]
    idle = [w for w in waivers if not any(w.covers(f, i) for f, i in found)]
    return tuple(
        sorted(
            (_warning(w, w.problem(now, longest)) for w in idle), key=lambda f: (f.rule, f.message)
        )
    )


def _warning(waiver: Waiver, problem: str | None) -> Finding:
    about = waiver.image or waiver.object
    return Finding(
        rule=waiver.check,
        code="waiver-unused",
        severity=Severity.LOW,
        message=f"the waiver of {waiver.finding} for {about} matches nothing"
        + (f"; {problem}" if problem else ""),
        remedy="remove it from the policy",
        id=waiver.finding,
        action=Action.WARN,
        image=waiver.image,
    )
