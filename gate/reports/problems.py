"""What is wrong in a report, as one list: for formats that show every problem alike."""

from __future__ import annotations

import enum
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from gate.model.location import Location
from gate.model.records import dataclass
from gate.model.report import ErrorReport, Report, UndecidedReport
from gate.model.verdict import Action, Finding, Severity


class Kind(enum.IntEnum):
    """What a problem does to the run, the gravest first."""

    ERROR = 0
    """There is no verdict, or no pass."""
    BLOCK = 1
    UNDECIDED = 2
    WARN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A finding, a question that could not be answered, or the error that ended the run."""

    kind: Kind
    rule: str
    code: str
    id: str = ""
    """Such as a CVE; empty where that is the code."""
    severity: Severity
    subject: str
    """The object or the image; empty where it is the run."""
    message: str
    remedy: str
    location: Location | None
    """Where it is, else where a manifest names the image; None where nowhere."""
    fingerprint: str
    """Hexadecimal digits, stable while lines move, and of no other problem in the report."""

    @property
    def title(self) -> str:
        """The code, and what a waiver would name."""
        return f"{self.code} {self.id}".strip()


def problems(report: Report) -> tuple[Problem, ...]:
    """Return every problem, the gravest first. Waived and suppressed findings are none."""
    found = sorted(_all(report), key=_order)
    seen: Counter[str] = Counter()
    apart = []
    for problem in found:
        count = seen[problem.fingerprint]
        seen[problem.fingerprint] += 1
        mark = problem.fingerprint if not count else _digest(problem.fingerprint, str(count))
        apart.append(replace(problem, fingerprint=mark))
    return tuple(apart)


def excused(report: Report) -> Iterator[tuple[Problem, str]]:
    """Yield each finding that is waived, suppressed or known, and why."""
    places = _places(report)
    for w in report.waived:
        until = f"waived until {w.expires} by {w.owner}: {w.reason}"
        yield _finding(w.finding, places), until
    for s in report.suppressed:
        yield _finding(s.finding, places), f"suppressed in the manifest: {s.reason}"
    for known in report.known:
        yield _finding(known, places), "known: the policy's baseline has it"


def result(report: Report) -> str:
    """Return `error` where the run did not come to its end, else `cleared` or `blocked`."""
    if report.error is not None:
        return "error"
    return "cleared" if report.cleared else "blocked"


def _places(report: Report) -> dict[str, Location]:
    """Return the first place that names each image."""
    places: dict[str, Location] = {}
    for image in report.images:
        for use in image.uses:
            for name in (image.name, str(image.resolved or image.name)):
                places.setdefault(name, use.location)
    return places


def _all(report: Report) -> Iterator[Problem]:
    places = _places(report)
    if report.error is not None:
        yield _error(report.error)
    yield from (_finding(f, places) for f in report.findings)
    yield from (_undecided(u, places) for u in report.undecided)


def _order(problem: Problem) -> tuple[int, int, str, int, int, str, str]:
    at = problem.location or Location("", 0, 0)
    grave = -problem.severity
    return (problem.kind, grave, at.path, at.line, at.column, problem.title, problem.message)


def _finding(finding: Finding, places: dict[str, Location]) -> Problem:
    message = finding.message + (f" (also: {', '.join(finding.also)})" if finding.also else "")
    if finding.object and finding.object.source:
        message += f" (rendered from {finding.object.source})"
    return Problem(
        kind=Kind.BLOCK if finding.action is Action.BLOCK else Kind.WARN,
        rule=finding.rule,
        code=finding.code,
        id=finding.id,
        severity=finding.severity,
        subject=str(finding.image or finding.object or ""),
        message=message,
        remedy=finding.remedy,
        location=finding.location or places.get(finding.image or ""),
        fingerprint=finding.fingerprint,
    )


def _undecided(undecided: UndecidedReport, places: dict[str, Location]) -> Problem:
    outcome = undecided.outcome
    return Problem(
        kind=Kind.UNDECIDED,
        rule=undecided.check,
        code=outcome.code,
        severity=Severity.HIGH,
        subject=undecided.subject,
        message=f"{undecided.check} could not be decided: {outcome.reason}",
        remedy=outcome.remedy,
        location=places.get(undecided.subject),
        fingerprint=_digest("undecided", undecided.check, undecided.subject, outcome.code),
    )


def _error(error: ErrorReport) -> Problem:
    return Problem(
        kind=Kind.ERROR,
        rule="gate",
        code=error.code,
        severity=Severity.CRITICAL,
        subject="",
        message=error.problem,
        remedy=error.remedy,
        location=error.location,
        fingerprint=_digest("error", error.code, error.location.path if error.location else ""),
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:32]
