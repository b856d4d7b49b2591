"""The report for people: what decides comes last, above the verdict, with cause and next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from gate.model.report import (
    CheckReport,
    Deployment,
    PassReport,
    Report,
    Status,
    UndecidedReport,
)
from gate.model.verdict import Action, Finding, Severity
from gate.model.words import counted, short_digests
from gate.reports.headed import headed
from gate.reports.left_out import left_out_names
from gate.reports.neutral import terminal
from gate.reports.page import Page
from gate.reports.text_findings import findings_of

MARKS = {
    Status.PASSED: ("good", "✓"),
    Status.WARNED: ("warn", "!"),
    Status.FAILED: ("bad", "✗"),
    Status.WAIVED: ("warn", "w"),
    Status.UNDECIDED: ("warn", "?"),
}
MANY = 20
"""Above this many findings, of codes that come again, the codes are counted at the end."""


NAMED = 10
"""How many of the files that the policy left out are named."""


def render(report: Report, page: Page | None = None) -> str:
    """Return the report as text, with a line feed at its end."""
    page = page or Page()
    aside = () if page.quiet else _aside(report, page)
    parts = [
        *aside,
        *_undecided(report, page),
        *_findings(report, page, Action.BLOCK),
        *_error(report, page),
        _summary(report, page),
    ]
    return "\n".join(parts) + "\n"


def _aside(report: Report, page: Page) -> Iterator[str]:
    """Yield what does not decide: it comes first, so that what decides is next to the verdict."""
    yield from _findings(report, page, Action.WARN)
    yield from _waived(report, page)
    yield from _known(report, page)
    yield from _images(report, page)
    if report.deployment:
        yield from _deployment(report.deployment, page)
    yield from _tally(report, page)


def _error(report: Report, page: Page) -> Iterator[str]:
    if report.error is not None:
        place = f"{report.error.location}: " if report.error.location else ""
        yield page.wrap(
            f"{terminal(place)}{terminal(report.error.problem)} [{report.error.code}]", indent=""
        )
        yield page.wrap(f"→ {terminal(report.error.remedy)}", indent="  ", hanging="  ")
        yield ""


def _findings(report: Report, page: Page, action: Action) -> Iterator[str]:
    # The report's own order is by file, line and column: of numbers, not of their digits.
    found = [f for f in report.findings if f.action is action]
    if action is Action.WARN and page.least is not None:
        found = [f for f in found if f.severity >= page.least]
    yield from findings_of(found, report.lines, page)


def _undecided(report: Report, page: Page) -> Iterator[str]:
    def key(u: UndecidedReport) -> tuple[str, str, str, str]:
        return (u.subject, u.outcome.code, u.outcome.reason, u.outcome.remedy)

    for (subject, code, reason, remedy), group in groupby(sorted(report.undecided, key=key), key):
        checks = ", ".join(sorted(u.check for u in group))
        yield page.style("bold", terminal(subject))
        yield f"  {page.style('warn', 'undecided')} {code}  {page.style('dim', checks)}"
        yield page.wrap(terminal(reason), indent="    ")
        yield page.wrap(f"→ {terminal(remedy)}", indent="    ", hanging="  ")
        yield ""


def _waived(report: Report, page: Page) -> Iterator[str]:
    for waived in report.waived:
        finding = waived.finding
        yield page.wrap(
            f"waived {finding.rule} {terminal(finding.waiver_id)} until {waived.expires} "
            f"by {terminal(waived.owner)}: {terminal(waived.reason)}",
            indent="  ",
        )
    for suppressed in report.suppressed:
        at = suppressed.finding.location or suppressed.finding.object
        yield page.wrap(
            f"suppressed {suppressed.finding.rule} at {terminal(str(at))}: "
            f"{terminal(suppressed.reason)}",
            indent="  ",
        )
    if report.waived or report.suppressed:
        yield ""


def _known(report: Report, page: Page) -> Iterator[str]:
    """Count what the baseline knows, by rule: the JSON report has each."""
    if not report.known:
        return
    yield page.style("bold", "known, by the policy's baseline")
    for code, number in Counter(f.code for f in report.known).most_common():
        yield page.style("dim", f"  {number:{len(str(len(report.known)))}}  {code}")
    yield ""


def _images(report: Report, page: Page) -> Iterator[str]:
    for heading, image in headed(report):
        yield page.style("bold", terminal(heading))
        if image.checks:
            yield "  " + "  ".join(_mark(c, page) for c in image.checks)
        for check in image.checks:
            for line in check.relied_on:
                text = f"{check.check}: {terminal(short_digests(line))}"
                yield page.style("dim", page.wrap(text, indent="    ", hanging="  "))
        passed = all(c.status is Status.PASSED for c in image.checks)
        yield from _attached(image.unread if passed else image.attached, page)
        yield ""


def _attached(found: Sequence[str], page: Page) -> Iterator[str]:
    if found:
        yield page.style("dim", "    found on the image:")
    # What an older and a newer reader take is stored twice, and reads the same.
    for line, number in Counter(found).items():
        times = f" ({number} times)" if number > 1 else ""
        text = f"{terminal(short_digests(line))}{times}"
        yield page.style("dim", page.wrap(text, indent="      ", hanging="  "))


def _mark(check: CheckReport, page: Page) -> str:
    style, mark = MARKS[check.status]
    return f"{page.style(style, mark)} {check.check}"


def _deployment(deployment: Deployment, page: Page) -> Iterator[str]:
    """Say which images need no pass, and what of the release is not in this deployment."""
    for one in deployment.without_pass:
        text = f"{one.image} needs no pass, by the entry for {one.entry}: {one.reason}"
        yield page.style("warn", page.wrap(terminal(text), indent="", hanging="  "))
    absent = deployment.not_deployed
    if absent:
        count = counted(len(absent), "object")
        yield f"not in this deployment: {count} that the pass covers"
        for obj in absent[:MANY]:
            yield page.style("dim", f"  {terminal(f'{obj.name} {obj.digest}'.strip())}")
        if len(absent) > MANY:
            yield page.style("dim", f"  and {len(absent) - MANY} more")
    if absent or deployment.without_pass:
        yield ""


def _tally(report: Report, page: Page) -> Iterator[str]:
    """Say which codes make up a long list, the most frequent first."""
    counted = Counter((f.action, f.code) for f in report.findings)
    if len(report.findings) <= max(MANY, 2 * len(counted)):
        return
    ordered = sorted(counted.items(), key=lambda c: (c[0][0] is not Action.BLOCK, -c[1], c[0]))
    width = len(str(max(counted.values())))
    yield page.style("bold", "how often")
    for (action, code), number in ordered:
        blocks = action is Action.BLOCK
        label = page.style("bad" if blocks else "warn", "block" if blocks else "warn ")
        yield f"  {number:{width}}  {label}  {code}"
    yield ""


def _summary(report: Report, page: Page) -> str:
    counts = report.counts
    images = (counted(counts.images, "image"), counted(counts.checks, "check"))
    judged = [
        *(images if report.command != "lint" else ()),
        counted(counts.objects, "object"),
        *((counted(counts.files, "file"),) if report.command != "audit" else ()),
        counted(counts.rules, "lint rule"),
    ]
    blocking = [f for f in report.findings if f.action is Action.BLOCK]
    found = [
        f"{counted(len(blocking), 'blocking finding')}{_severities(blocking)}",
        counted(len(report.findings) - len(blocking), "warning"),
        f"{len(report.undecided):,} undecided",
        f"{len(report.waived):,} waived",
        *((f"{len(report.known):,} known",) if report.known else ()),
    ]
    verdict, style = _verdict(report)
    if verdict == "UNDECIDED":  # what decides comes first
        found.insert(0, found.pop(2))
    first = page.wrap(f"{verdict}  {', '.join(found)}", indent="", hanging="  ")
    lines = [
        page.style(style, verdict) + first.removeprefix(verdict),
        page.style("dim", page.wrap(f"judged {', '.join(judged)}", indent="", hanging="  ")),
    ]
    if page.quiet:
        return lines[0]
    if report.excluded.count:
        left_out = f"left out {terminal(left_out_names(report.excluded, NAMED))}"
        lines.append(page.style("dim", page.wrap(left_out, indent="", hanging="  ")))
    for one in report.rendered:
        made = f"rendered {terminal(f'{one.path} with {one.tool} {one.version}')}"
        lines.append(page.style("dim", page.wrap(made, indent="", hanging="  ")))
    if report.policy:
        policy = f"policy {terminal(report.policy.path)} {report.policy.digest}"
        lines.append(page.style("dim", page.wrap(policy, indent="", hanging="  ")))
    if report.passed:
        lines.extend(_pass(report.passed, page))
    return "\n".join(lines)


def _verdict(report: Report) -> tuple[str, str]:
    """Return the word and its style: only a run that came to its end looks good."""
    if report.error is not None:
        return ("CLEARED BUT NOT FINISHED" if report.cleared else "NO VERDICT"), "bad"
    if report.cleared:
        return "CLEARED", "good"
    return ("UNDECIDED" if report.undecided_alone else "BLOCKED"), "bad"


def _severities(findings: list[Finding]) -> str:
    parts = [
        f"{n} {s.name.lower()}"
        for s in sorted(Severity, reverse=True)
        if (n := sum(f.severity is s for f in findings))
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _pass(passed: PassReport, page: Page) -> Iterator[str]:
    note = f": {terminal(passed.note)}" if passed.note else ""
    yield f"pass {passed.state.value}{note}"
    for place in passed.stored:
        yield page.style("dim", f"  {terminal(place)}")
