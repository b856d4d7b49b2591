"""GitLab's code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

A merge request compares it with that of the target branch by fingerprint: ours stay the
same while lines move and text is reworded.
"""

from __future__ import annotations

import json
import posixpath
from typing import Any, Final

from gate.model.report import Report
from gate.model.verdict import Severity
from gate.reports.neutral import terminal
from gate.reports.problems import Kind, Problem, problems

_SEVERITY: Final = {
    Severity.INFO: "info",
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def render(report: Report) -> str:
    """Return a JSON array with an issue for each problem, `[]` where nothing is wrong."""
    fallback = report.policy.path if report.policy else ".gate.yaml"
    issues = [_issue(problem, fallback) for problem in problems(report)]
    lines = ",\n ".join(json.dumps(issue, sort_keys=True) for issue in issues)
    return f"[\n {lines}\n]\n" if issues else "[]\n"


def _issue(problem: Problem, fallback: str) -> dict[str, Any]:
    at = problem.location
    subject = f"{problem.subject}: " if problem.subject else ""
    text = f"{problem.title}: {subject}{problem.message} → {problem.remedy}"
    return {
        "type": "issue",
        "check_name": problem.code,
        "description": terminal(text),
        "categories": ["Security"],
        "severity": _SEVERITY[problem.severity] if problem.kind is not Kind.ERROR else "blocker",
        "fingerprint": problem.fingerprint,
        "location": {
            "path": relative(at.path if at else fallback),
            "lines": {"begin": at.line if at else 1},
        },
    }


def relative(path: str) -> str:
    """Return a path as GitLab wants it: from the repository's root, without `./` or `..`."""
    parts = [p for p in posixpath.normpath(path).split("/") if p not in {"", ".", ".."}]
    return terminal("/".join(parts)) or ".gate.yaml"
