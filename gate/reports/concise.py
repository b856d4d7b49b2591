"""One line for each problem, for editors and other programs that read compilers' output.

`path:line:column: level code message`, by file and line. What has no place begins with its
subject. Nothing where nothing is wrong: the exit code has the verdict.
"""

from __future__ import annotations

from gate.model.location import Location
from gate.model.report import Report
from gate.reports.neutral import terminal
from gate.reports.problems import Kind, Problem, problems


def render(report: Report) -> str:
    """Return the lines, each with a line feed at its end."""
    return "".join(map(_line, sorted(problems(report), key=_place)))


def _place(problem: Problem) -> tuple[str, int, int]:
    at = problem.location or Location("", 0, 0)
    return (at.path, at.line, at.column)


def _line(problem: Problem) -> str:
    level = "warning" if problem.kind is Kind.WARN else "error"
    place = str(problem.location) if problem.location else problem.subject or "gate"
    about = f" ({problem.subject})" if problem.subject and problem.location else ""
    return terminal(f"{place}: {level} {problem.title} {problem.message}{about}") + "\n"
