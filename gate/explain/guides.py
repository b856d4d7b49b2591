"""The pages that the findings of a report need, for formats that carry them."""

from __future__ import annotations

from gate.explain.pages import page_of
from gate.model.report import Guide, Report
from gate.reports.problems import excused, problems


def guides_of(report: Report) -> tuple[Guide, ...]:
    """Return the page of each code in the report that has one, by name."""
    every = (*problems(report), *(problem for problem, _ in excused(report)))
    named = {p.code: p.rule for p in every}
    found = {code: page_of(code) or page_of(rule) for code, rule in named.items()}
    return tuple(
        Guide(name=code, headline=_headline(page), text=page)
        for code, page in sorted(found.items())
        if page
    )


def _headline(page: str) -> str:
    """Return the first paragraph that is no heading, on one line."""
    paragraphs = (p for p in page.split("\n\n") if p.strip() and not p.startswith("#"))
    return " ".join(next(paragraphs, page).split())
