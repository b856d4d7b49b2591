"""`gate explain`: what a check, a lint rule or a reason code means, and what mends it."""

from __future__ import annotations

import difflib
import sys
from typing import Annotated

import typer

from gate.errors import UsageError


def explain(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A check, a lint rule, or a code from a report.")
    ],
) -> int:
    """Print the page of a check, a lint rule or a reason code."""
    from gate.explain.pages import pages
    from gate.reports.neutral import terminal

    known = pages()
    page = known.get(name)
    if page is None:
        near = difflib.get_close_matches(name, known, n=1)
        raise UsageError(
            "name-unknown",
            f"gate knows nothing called {name!r}",
            remedy=f"did you mean {near[0]}?"
            if near
            else "copy the code from a report; `gate lint --list` lists the rules",
        )
    sys.stdout.write(f"{terminal(name)}\n\n{page.rstrip()}\n")
    return 0
