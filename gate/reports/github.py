"""Annotations: GitHub workflow commands, one a line, for standard output in a step.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions

GitHub shows ten errors and ten warnings of a step and drops the rest without a word. So
the gravest come first, and where there are more, the tenth says how many.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final

from gate.model.report import Report
from gate.reports.neutral import command_data, command_property
from gate.reports.problems import Kind, Problem, problems

SHOWN: Final = 10
"""How many annotations of one level GitHub shows of a step."""


def render(report: Report) -> str:
    """Return the commands, each on a line; nothing where nothing is wrong."""
    found = problems(report)
    errors = [p for p in found if p.kind is not Kind.WARN]
    warnings = [p for p in found if p.kind is Kind.WARN]
    return "".join([*_level("error", errors), *_level("warning", warnings)])


def _level(level: str, found: Sequence[Problem]) -> Iterator[str]:
    shown = found if len(found) <= SHOWN else found[: SHOWN - 1]
    yield from (_command(level, problem) for problem in shown)
    if len(found) > len(shown):
        more = len(found) - len(shown)
        yield f"::{level} title=gate::{more} more of this level are in the report, not here\n"


def _command(level: str, problem: Problem) -> str:
    properties = [f"title={command_property(problem.title)}"]
    at = problem.location
    if at is not None and at.in_file:
        path = command_property(posixpath.normpath(at.path))
        properties = [f"file={path}", f"line={at.line}", f"col={at.column}", *properties]
    subject = f"{problem.subject}: " if problem.subject else ""
    data = command_data(f"{subject}{problem.message} → {problem.remedy}")
    return f"::{level} {','.join(properties)}::{data}\n"
