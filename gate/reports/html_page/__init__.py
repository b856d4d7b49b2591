"""HTML, for people: one file with the verdict, a picture of the release, and every problem.

The file asks for nothing from elsewhere, and its Content-Security-Policy forbids it: the one
style sheet and the one script are in it, and the policy names their hashes. All of the content
is there without the script, which only filters. The page stays within `MAX_BYTES` and says
what it leaves out. https://www.w3.org/TR/CSP3/
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib import resources
from typing import Final

from gate.model.report import Report
from gate.model.words import counted, timestamp
from gate.reports.headed import headed
from gate.reports.html_page.ages import ages
from gate.reports.html_page.chain import chain
from gate.reports.html_page.facts import facts
from gate.reports.html_page.images import Named, images, matrix, parts_of
from gate.reports.html_page.problem_list import entries as entries_of
from gate.reports.html_page.problem_list import found
from gate.reports.html_page.tags import Html, raw, tag, together
from gate.reports.problems import Kind, Problem, problems

MAX_BYTES: Final = 5_000_000
"""The most that a page has, in bytes of UTF-8."""
_VERDICTS: Final = {
    "cleared": "Cleared",
    "blocked": "Blocked",
    "undecided": "Undecided",
    "unfinished": "Cleared, but not finished",
    "error": "No verdict",
}


def render(report: Report) -> str:
    """Return the page, with a line feed at its end."""
    style, script = page_file("page.css"), page_file("page.js")
    shown = problems(report)
    named = tuple(headed(report))
    parts = parts_of(named, report.at)
    entries = entries_of(shown, report.lines, _linked(named[: len(parts)]))
    body = tag(
        "body",
        tag("a", "Skip to the problems", href="#problems", class_="skip"),
        _header(report, shown),
        tag(
            "main",
            *matrix(named, _first(shown[: len(entries)]), len(parts)),
            *ages(named, report.at),
            *chain(report),
            found(shown, entries),
            *images(named, parts),
            *facts(report),
        ),
        tag("footer", f"gate {report.tool_version}, {timestamp(report.at)}"),
        raw("script", script),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=content_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"gate {report.command}: {_VERDICTS[_verdict(report)].lower()}"),
        raw("style", style),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en').markup}\n"


def _first(shown: tuple[Problem, ...]) -> dict[tuple[str, str], int]:
    """Return the first problem of each subject and rule."""
    first: dict[tuple[str, str], int] = {}
    for number, problem in enumerate(shown):
        first.setdefault((problem.subject, problem.rule), number)
    return first


def _linked(named: Named) -> dict[str, int]:
    """Return the number of each image, by each of its names."""
    linked: dict[str, int] = {}
    for number, (_, image) in enumerate(named):
        for name in (image.name, str(image.resolved or image.name)):
            linked.setdefault(name, number)
    return linked


def page_file(name: str) -> str:
    """Return the text of a file of this package: the style sheet or the script."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def content_policy(style: str, script: str | None = None) -> str:
    """Return the policy of a page that has this style, this script or none, and nothing else."""
    scripts = "" if script is None else f"script-src '{_hash(script)}'; "
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; {scripts}"
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _verdict(report: Report) -> str:
    if report.error is not None:
        return "unfinished" if report.cleared else "error"
    if report.cleared:
        return "cleared"
    return "undecided" if report.undecided_alone else "blocked"


def _header(report: Report, shown: tuple[Problem, ...]) -> Html:
    verdict = _verdict(report)
    return tag(
        "header",
        tag("p", f"gate {report.command}", class_="command"),
        tag("h1", _VERDICTS[verdict]),
        tag("p", together(_sentence(report, shown))),
        _contents(shown, with_images=bool(report.images)),
        class_=f"verdict {verdict}",
    )


def _contents(shown: tuple[Problem, ...], *, with_images: bool) -> Html:
    links = [tag("a", f"Problems ({len(shown):,})", href="#problems")]
    if with_images:
        links.append(tag("a", "Images by check", href="#matrix"))
        links.append(tag("a", "From image to pass", href="#chain"))
        links.append(tag("a", "Images, one by one", href="#images"))
    return tag("nav", *links, aria_label="On this page")


def _sentence(report: Report, shown: tuple[Problem, ...]) -> Iterator[str]:
    kinds = [problem.kind for problem in shown]
    counts = report.counts
    yield f"{counted(kinds.count(Kind.BLOCK), 'blocking finding')}, "
    yield f"{kinds.count(Kind.UNDECIDED)} undecided, "
    yield f"{counted(kinds.count(Kind.WARN), 'warning')}, {len(report.waived)} waived"
    yield f", {len(report.known)} known. " if report.known else ". "
    yield f"Judged: {counted(counts.images, 'image')}, {counted(counts.checks, 'check')}, "
    yield f"{counted(counts.objects, 'object')}, {counted(counts.files, 'file')}, "
    yield f"{counted(counts.rules, 'lint rule')}."
