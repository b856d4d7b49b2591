"""What does not decide: exceptions, what is known, the deployment, the policy and the pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gate.model.report import Deployment, PassReport, Report
from gate.reports.html_page.tags import Html, cut, fitting, tag

_PART: Final = 50_000
"""The most bytes of one list."""


def facts(report: Report) -> Iterator[Html]:
    """Yield a section for each list that is not empty, and one about the run."""
    waived = [
        f"{w.finding.waiver_id} on {w.finding.image or w.finding.object or 'the run'}, "
        f"until {w.expires}, by {w.owner}: {w.reason}"
        for w in report.waived
    ]
    suppressed = [
        f"{s.finding.rule} at {s.finding.location or s.finding.object}: {s.reason}"
        for s in report.suppressed
    ]
    known = [f"{k.code} at {k.location or k.object or k.image}: {k.message}" for k in report.known]
    yield from _part("Waived by the policy", waived)
    yield from _part("Suppressed in the manifests", suppressed)
    yield from _part("Known by the policy's baseline", known)
    if report.deployment:
        yield from _deployment(report.deployment)
    left_out = list(report.excluded.names)
    if report.excluded.count > len(left_out):
        left_out.append(f"and {report.excluded.count - len(left_out):,} more")
    yield from _part("Left out of the manifests", left_out)
    yield _run(report)


def _deployment(deployment: Deployment) -> Iterator[Html]:
    without = [
        f"{w.image}, by the entry for {w.entry}: {w.reason}" for w in deployment.without_pass
    ]
    absent = [f"{n.name} {n.digest}".strip() for n in deployment.not_deployed]
    yield from _part("Images that need no pass", without)
    yield from _part("Covered by the pass, not in this deployment", absent)


def _part(title: str, lines: Sequence[str]) -> Iterator[Html]:
    if lines:
        kept = fitting((tag("li", line) for line in lines), _PART)
        more = cut(len(lines) - len(kept), "lines")
        folded = tag("details", tag("summary", f"Show {len(kept):,}"), tag("ul", *kept), *more)
        yield tag("section", tag("h2", title), folded)


def _run(report: Report) -> Html:
    pairs: list[tuple[str, str]] = []
    if report.policy is not None:
        pairs.append(("Policy", f"{report.policy.path} {report.policy.digest}"))
    if report.release is not None:
        pairs.append(("Release", str(report.release.digest)))
    pairs += [("Pass", line) for line in _pass(report.passed)]
    pairs.append(("Exit code", str(report.exit_code)))
    rows = [tag("tr", tag("th", name, scope="row"), tag("td", value)) for name, value in pairs]
    return tag("section", tag("h2", "This run"), tag("table", tag("tbody", *rows), class_="run"))


def _pass(passed: PassReport | None) -> list[str]:
    if passed is None:
        return []
    first = passed.state.value + (f": {passed.note}" if passed.note else "")
    shown = passed.stored[:20]
    more = len(passed.stored) - len(shown)
    return [first, *shown, *([f"and {more:,} more places"] if more else [])]
