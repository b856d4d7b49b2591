"""The pages that the findings of a report need, for formats that carry them."""

from __future__ import annotations

from gate.explain.pages import pages
from gate.model.report import Guide, Report
from gate.reports.problems import excused, problems


def guides_of(report: Report) -> tuple[Guide, ...]:
    """Return the page of each code in the report that has one, by name."""
    known = pages()
    every = (*problems(report), *(problem for problem, _ in excused(report)))
    found = {p.code: known.get(p.code) or known.get(p.rule) for p in every}
    return tuple(
        Guide(name=code, headline=_headline(page), text=page)
        for code, page in sorted(found.items())
        if page
    )


def _headline(page: str) -> str:
    """Return the first paragraph that is no heading, on one line."""
    paragraphs = (p for p in page.split("\n\n") if p.strip() and not p.startswith("#"))
    return " ".join(next(paragraphs, page).split())
