"""Findings for people: grouped by object, repeated ones folded, each with its source line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Final

from gate.model.lines import Lines
from gate.model.records import dataclass
from gate.model.verdict import Action, Finding
from gate.model.words import counted, listed, short_digests
from gate.reports.excerpt import excerpt
from gate.reports.neutral import terminal
from gate.reports.page import Page

_INDENT: Final = 10
_NAMED: Final = 3
"""How many of the other objects with the same finding are named."""
_NAME: Final = 3
"""Shorter names are words of a sentence by chance, as `a` is."""
_WORKLOADS: Final = frozenset(
    ("CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet")
)


@dataclass(slots=True)
class _Folded:
    """A finding, and those that say the same of other objects."""

    first: Finding
    others: list[Finding] = field(default_factory=list)


def findings_of(findings: Iterable[Finding], lines: Lines | None, page: Page) -> Iterator[str]:
    """Yield the lines of the findings, in their order, objects in that of their first finding."""
    groups: dict[str, list[_Folded]] = {}
    seen: dict[tuple[object, ...], _Folded] = {}
    for finding in findings:
        key = _same(finding)
        if key in seen:
            seen[key].others.append(finding)
            continue
        seen[key] = _Folded(finding)
        groups.setdefault(_subject(finding), []).append(seen[key])
    for subject, group in groups.items():
        about = group[0].first.object
        source = f"  from {about.source}" if about and about.source else ""
        yield page.style("bold", terminal(subject)) + page.style("dim", terminal(source))
        quoted = None
        for folded in group:
            at = folded.first.location
            yield from _finding(folded, None if at == quoted else lines, page)
            quoted = at
        yield ""


def _same(finding: Finding) -> tuple[object, ...]:
    """Return what findings share of which one is shown.

    The names of the object and of the container do not count. A finding about an image is only
    the same as itself: each image needs its own next step.
    """
    message = finding.message
    for name in (finding.container, finding.object and finding.object.name):
        if name and len(name) >= _NAME and name in message:
            message = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", "\0", message)
    at = finding.location if finding.image or finding.object is None else None
    own = (finding.image, finding.id, at)
    said = (message, finding.also, finding.remedy)
    return (finding.rule, finding.action, finding.severity, *said, *own)


def _subject(finding: Finding) -> str:
    if finding.object is not None:
        return str(finding.object)
    if finding.image is not None:
        return finding.image
    return finding.location.path if finding.location else "the run"


def _finding(folded: _Folded, lines: Lines | None, page: Page) -> Iterator[str]:
    finding = folded.first
    blocks = finding.action is Action.BLOCK
    label = f"{'block' if blocks else 'warn'} {finding.severity.name.lower()}"
    id_ = f" {terminal(finding.id)}" if finding.id else ""
    at = f"  {terminal(str(finding.location))}" if finding.location else ""
    yield f"  {page.style('bad' if blocks else 'warn', label)} {finding.code}{id_}{at}"
    for line in excerpt(finding.rule, finding.location, lines, page.columns - _INDENT):
        yield page.style("dim", f"  {line}")
    for about in (finding.image, finding.field):
        if about:
            yield page.style("dim", f"    {terminal(about)}")
    yield page.wrap(terminal(short_digests(finding.message)), indent="    ")
    if finding.also:
        yield page.wrap(f"also: {', '.join(finding.also)}", indent="    ", hanging="  ")
    yield page.wrap(f"→ {terminal(finding.remedy)}", indent="    ", hanging="  ")
    if folded.others:
        yield page.style("dim", page.wrap(_others(folded), indent="    ", hanging="  "))


def _others(folded: _Folded) -> str:
    """Say of how many other objects the same holds: `… and the same in 29 other workloads: …`."""
    own = folded.first.object
    objects = dict.fromkeys(f.object for f in folded.others if f.object and f.object != own)
    if not objects:
        return f"… and the same in {counted(len(folded.others), 'other place')} of it"
    noun = "workload" if all(o.kind in _WORKLOADS for o in objects) else "object"
    names = terminal(listed([str(o) for o in objects], _NAMED))
    return f"… and the same in {counted(len(objects), f'other {noun}')}: {names}"
