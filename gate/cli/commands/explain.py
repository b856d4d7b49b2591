"""`gate explain`: what a check, a lint rule or a reason code means, and what mends it."""

from __future__ import annotations

import difflib
import sys
from typing import Annotated, Final

import typer

from gate.errors import UsageError
from gate.model.expressions import expression

_MENTION: Final = expression(r"docs/[a-z][a-z-]*\.md")


_SAME: Final = ("absent", "missing", "not-found")
"""How codes end that say that something is not there."""


def _nearest(name: str, known: tuple[str, ...]) -> str | None:
    """Return the name that is meant: `pass-absent` for `pass-missing`, else one spelt alike."""
    for ending in _SAME:
        if name.endswith(f"-{ending}"):
            stem = name.removesuffix(ending)
            meant = next((f"{stem}{word}" for word in _SAME if f"{stem}{word}" in known), None)
            if meant:
                return meant
    return next(iter(difflib.get_close_matches(name, known, n=1)), None)


def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A check, a lint rule, a code from a report, or a page such as docs/evidence.md.",
        ),
    ],
) -> int:
    """Print the page of a check, a rule, a code or the docs."""
    from gate.explain.guide_pages import guide_names, guide_page
    from gate.explain.pages import names, page_of
    from gate.reports.neutral import terminal

    page = page_of(name)
    if page is None and (guide := guide_page(name)) is not None:
        sys.stdout.write(guide)
        return 0
    if page is None:
        near = _nearest(name.lower(), (*names(), *guide_names()))
        raise UsageError(
            "name-unknown",
            f"gate knows nothing called {name!r}",
            remedy=f"did you mean {near}?"
            if near
            else "copy the code from a report; `gate lint --list` lists the rules",
        )
    title = "" if page.startswith("# ") else f"{terminal(name)}\n\n"
    sys.stdout.write(f"{title}{page.rstrip()}\n")
    told = [one for one in dict.fromkeys(_MENTION.findall(page)) if guide_page(one) is not None]
    sys.stdout.writelines(f"\n`gate explain {one}` prints that page.\n" for one in told)
    return 0
