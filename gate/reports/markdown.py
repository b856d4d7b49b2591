"""Markdown, for a job summary: the verdict first, then images, then what is wrong.

GitHub drops a summary over 1 MiB as a whole, so this stays within `MAX_BYTES` and says
what it left out. https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gate.model.report import Deployment, ImageReport, Report, Status
from gate.model.words import counted, short_digests
from gate.reports.headed import headed
from gate.reports.neutral import markdown as prose
from gate.reports.neutral import markdown_code as code
from gate.reports.problems import Kind, Problem, problems

MAX_BYTES: Final = 900 * 1024
"""The most that a summary has, in bytes of UTF-8."""
_PART: Final = 120 * 1024
"""The most that one of its lists has, so that none crowds out the others."""
_TEXT: Final = 500
_MARK: Final = {
    Status.PASSED: "✅ passed",
    Status.WARNED: "⚠️ warned",
    Status.FAILED: "❌ failed",
    Status.WAIVED: "⚪ waived",
    Status.UNDECIDED: "❔ undecided",
}
_KIND: Final = {
    Kind.ERROR: "❌ error",
    Kind.BLOCK: "❌ blocks",
    Kind.UNDECIDED: "❔ undecided",
    Kind.WARN: "⚠️ warning",
}
_OPEN: Final = 20
"""How many problems stand open; more are folded."""


def render(report: Report) -> str:
    """Return the summary, with a line feed at its end."""
    found = problems(report)
    return "".join(
        (
            f"## gate {report.command}: {_title(report)}\n\n",
            f"{_sentence(report, found)}\n\n",
            *_images(report),
            *_problems(found),
            *_excused(report),
            *(_deployment(report.deployment) if report.deployment else ()),
            *_facts(report),
        )
    )


def _title(report: Report) -> str:
    if report.error is not None:
        return "⚠️ cleared, but not finished" if report.cleared else "❌ no verdict"
    if report.cleared:
        return "✅ cleared"
    return "❔ undecided" if report.undecided_alone else "❌ blocked"


def _sentence(report: Report, found: Iterable[Problem]) -> str:
    kinds = [problem.kind for problem in found]
    counts = report.counts
    wrong = (
        f"**{kinds.count(Kind.BLOCK):,}** blocking, **{kinds.count(Kind.UNDECIDED):,}** undecided, "
        f"{counted(kinds.count(Kind.WARN), 'warning')}, {len(report.waived):,} waived"
        f"{f', {len(report.known):,} known' if report.known else ''}"
    )
    files = f"{counted(counts.files, 'file')}, " if report.command != "audit" else ""
    return (
        f"{wrong}; judged {counted(counts.images, 'image')}, {counted(counts.checks, 'check')}, "
        f"{counted(counts.objects, 'object')}, {files}"
        f"{counted(counts.rules, 'lint rule')}."
    )


def _images(report: Report) -> Iterator[str]:
    checks = sorted({c.check for i in report.images for c in i.checks})
    if not report.images:
        return
    yield f"| image | {' | '.join(checks)} |\n| --- |{' --- |' * len(checks)}\n"
    rows = [_image_row(heading, image, checks) for heading, image in headed(report)]
    yield from _within(rows, "images")
    yield "\n"


def _image_row(heading: str, image: ImageReport, checks: Iterable[str]) -> str:
    status = {c.check: _MARK[c.status] for c in image.checks}
    cells = " | ".join(status.get(check, "-") for check in checks)
    return f"| {code(short_digests(heading), limit=_TEXT)} | {cells} |\n"


def _problems(found: tuple[Problem, ...]) -> Iterator[str]:
    if not found:
        return
    folded = len(found) > _OPEN
    wrong = any(problem.kind is not Kind.WARN for problem in found)
    yield f"### {'What is wrong' if wrong else 'Warnings'}\n\n"
    yield from _within(map(_problem, found[:_OPEN]), "problems")
    if folded:
        yield f"<details><summary>{len(found) - _OPEN} more</summary>\n\n"
        yield from _within(map(_problem, found[_OPEN:]), "problems")
        yield "\n</details>\n"
    yield "\n"


def _problem(problem: Problem) -> str:
    id_ = f" {code(problem.id, limit=_TEXT)}" if problem.id else ""
    at = f" at {code(str(problem.location), limit=_TEXT)}" if problem.location else ""
    subject = f" {code(problem.subject, limit=_TEXT)}" if problem.subject else ""
    severity = problem.severity.name.lower()
    return (
        f"- {_KIND[problem.kind]} ({severity}) **{prose(problem.code)}**{id_}{subject}{at}<br>"
        f"{prose(problem.message, limit=_TEXT)}<br>→ {prose(problem.remedy, limit=_TEXT)}\n"
    )


def _excused(report: Report) -> Iterator[str]:
    lines = [
        f"- {code(w.finding.waiver_id, limit=_TEXT)} until {w.expires} "
        f"by {prose(w.owner, limit=_TEXT)}: {prose(w.reason, limit=_TEXT)}\n"
        for w in report.waived
    ]
    lines += [
        f"- {prose(s.finding.rule)} suppressed at {code(str(s.finding.location), limit=_TEXT)}: "
        f"{prose(s.reason, limit=_TEXT)}\n"
        for s in report.suppressed
    ]
    if lines:
        yield f"<details><summary>{len(lines)} waived or suppressed</summary>\n\n"
        yield from _within(lines, "findings")
        yield "\n</details>\n\n"


def _deployment(deployment: Deployment) -> Iterator[str]:
    lines = [
        f"- {code(w.image, limit=_TEXT)} needs no pass, by the entry for "
        f"{code(w.entry, limit=_TEXT)}: {prose(w.reason, limit=_TEXT)}\n"
        for w in deployment.without_pass
    ]
    if lines:
        yield from _within(lines, "images")
        yield "\n"
    absent = [
        f"- {code(f'{n.name} {n.digest}'.strip(), limit=_TEXT)}\n" for n in deployment.not_deployed
    ]
    if absent:
        title = f"{counted(len(absent), 'object')} that the pass covers, not in this deployment"
        yield f"<details><summary>{title}</summary>\n\n"
        yield from _within(absent, "objects")
        yield "\n</details>\n\n"


def _facts(report: Report) -> Iterator[str]:
    if report.excluded.count:
        names = [f"- {code(name, limit=_TEXT)}\n" for name in report.excluded.names]
        yield f"<details><summary>{report.excluded.count} left out of the manifests</summary>\n\n"
        yield from _within(names, "files and folders")
        if report.excluded.count > len(names):
            yield f"\nThe first {len(names)} are named.\n"
        yield "\n</details>\n\n"
    for one in report.rendered:
        tool = code(f"{one.tool} {one.version}", limit=_TEXT)
        yield f"Rendered {code(one.path, limit=_TEXT)} with {tool}\n\n"
    if report.policy is not None:
        path = code(report.policy.path, limit=_TEXT)
        yield f"Policy {path} {code(str(report.policy.digest))}\n\n"
    if report.release is not None:
        yield f"Release {code(str(report.release.digest))}\n\n"
    if report.passed is not None:
        note = f": {prose(report.passed.note, limit=_TEXT)}" if report.passed.note else ""
        yield f"Pass {report.passed.state.value}{note}\n\n"
        yield from _within([f"- {code(s, limit=_TEXT)}\n" for s in report.passed.stored], "places")
    yield f"gate {prose(report.tool_version)}, {report.at:%Y-%m-%d %H:%M:%S} UTC\n"


def _within(items: Iterable[str], noun: str) -> Iterator[str]:
    """Yield items while they fit, and then how many did not."""
    left, cut = _PART, 0
    for item in items:
        left -= len(item.encode())
        if left < 0:
            cut += 1
        else:
            yield item
    if cut:
        yield f"\n{cut} more {noun} are not shown here: the JSON report holds all.\n"
