"""The problems of a run, each with its source line and its next step, and their filter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from gate.model.lines import Lines
from gate.model.verdict import Severity
from gate.model.words import short_digests
from gate.reports.excerpt import excerpt
from gate.reports.html_page.tags import Html, Part, cut, fitting, tag
from gate.reports.problems import Kind, Problem

_BYTES: Final = 2_600_000
"""The most that the problems have, in bytes."""
_COLUMNS: Final = 120
"""How much of a source line is shown, in characters."""
KINDS: Final = {
    Kind.ERROR: "error",
    Kind.BLOCK: "blocks",
    Kind.UNDECIDED: "undecided",
    Kind.WARN: "warning",
}


def entries(shown: Sequence[Problem], lines: Lines | None, linked: Mapping[str, int]) -> list[Html]:
    """Return an entry for each problem, as many as fit. `linked` are images with a page part."""
    made = (_problem(number, problem, lines, linked) for number, problem in enumerate(shown))
    return fitting(made, _BYTES)


def found(shown: Sequence[Problem], made: Sequence[Html]) -> Html:
    """Return the section with the entries of the problems, the gravest first."""
    title = tag("h2", "Problems", id="problems")
    if not shown:
        return tag("section", title, tag("p", "No problem was found."))
    # No list: a browser counts the items of one anew for each that a filter hides.
    listed = tag("div", *made, id="found")
    return tag("section", title, _filter(shown), listed, *cut(len(shown) - len(made), "problems"))


def _filter(shown: Sequence[Problem]) -> Html:
    kinds = Counter(problem.kind for problem in shown)
    rules = Counter(problem.rule for problem in shown)
    boxes = [
        tag(
            "label",
            tag("input", type="checkbox", name="kind", value=KINDS[kind], checked=True),
            f" {KINDS[kind]} ({number:,})",
        )
        for kind, number in sorted(kinds.items())
    ]
    least = [
        tag("option", s.name.lower(), value=int(s), selected=s is Severity.INFO) for s in Severity
    ]
    names = [
        tag("option", f"{rule} ({number:,})", value=rule) for rule, number in rules.most_common()
    ]
    return tag(
        "form",
        tag("fieldset", tag("legend", "Kind"), *boxes),
        tag("label", "Severity at least ", tag("select", *least, id="least")),
        tag(
            "label",
            "Check or rule ",
            tag("select", tag("option", "all", value=""), *names, id="rule"),
        ),
        tag("label", "Find ", tag("input", type="search", id="find")),
        tag("button", "Show all", type="reset"),
        tag(
            "output",
            f"{len(shown):,} of {len(shown):,} problems",
            id="count",
            aria_live="polite",
        ),
        id="filter",
        class_="filter",
        hidden=True,
        aria_label="Filter the problems",
    )


def _problem(number: int, problem: Problem, lines: Lines | None, linked: Mapping[str, int]) -> Html:
    kind = KINDS[problem.kind]
    head = (tag("b", kind), " ", tag("code", problem.title), f" {problem.severity.name.lower()}")
    subject: Part = short_digests(problem.subject)
    if problem.subject in linked:
        subject = tag("a", subject, href=f"#i{linked[problem.subject]}")
    place = (" ", tag("code", str(problem.location))) if problem.location else ()
    return tag(
        "article",
        tag("h3", *head),
        tag("p", subject, *place),
        *_source(problem, lines),
        tag("p", problem.message),
        tag("p", problem.remedy, class_="next"),
        id=f"p{number}",
        data_kind=kind,
        data_least=int(problem.severity),
        data_rule=problem.rule,
    )


def _source(problem: Problem, lines: Lines | None) -> Iterator[Html]:
    """Yield the source line; what begins at the column is marked."""
    quoted = tuple(excerpt(problem.rule, problem.location, lines, _COLUMNS))
    if quoted:
        line, column = quoted[0], len(quoted[1]) - 1 if len(quoted) > 1 else len(quoted[0])
        yield tag("pre", line[:column], tag("mark", line[column:]))
