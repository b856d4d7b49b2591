"""The rules of a SARIF run: what each code means, in gate's own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from gate.model.report import Guide
from gate.model.verdict import Severity
from gate.reports.problems import Kind, Problem

_SCORE: Final = {
    Severity.INFO: "0.5",
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}
"""GitHub shows from 9.0 critical, from 7.0 high, from 4.0 medium, above 0 low."""
_TEXT: Final = 1_024
"""The longest short or full description that GitHub takes, in characters."""


def rules_of(problems: Iterable[Problem], guides: Iterable[Guide]) -> list[dict[str, Any]]:
    """Return a rule for each code, sorted, as grave as the gravest problem of that code."""
    gravest: dict[str, Problem] = {}
    for problem in problems:
        other = gravest.get(problem.code)
        if other is None or (problem.kind, -problem.severity) < (other.kind, -other.severity):
            gravest[problem.code] = problem
    pages = {guide.name: guide for guide in guides}
    return [_rule(gravest[code], pages.get(code)) for code in sorted(gravest)]


def _rule(problem: Problem, guide: Guide | None) -> dict[str, Any]:
    code = problem.code
    words = code.replace("-", " ").capitalize() + "."
    headline = (guide.headline if guide else words)[:_TEXT]
    text = guide.text if guide else f"Run `gate explain {code}`."
    name = "".join(part.capitalize() for part in code.replace(".", "-").split("-"))
    return {
        "id": code,
        # A name must differ from the id in more than case: of one word there is none.
        **({"name": name} if name.lower() != code.lower() else {}),
        "shortDescription": {"text": headline},
        "fullDescription": {"text": headline},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "warning" if problem.kind is Kind.WARN else "error"},
        "properties": {
            "tags": ["security", "supply-chain"] if problem.rule != code else ["security"],
            "precision": "very-high",
            "problem.severity": "warning" if problem.kind is Kind.WARN else "error",
            "security-severity": _SCORE[problem.severity],
        },
    }
