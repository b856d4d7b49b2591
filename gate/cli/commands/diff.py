"""`gate diff`: what changed between two runs."""

from __future__ import annotations

from typing import Annotated

import typer


def diff(
    *,
    old: Annotated[str, typer.Argument(metavar="OLD.json", help="The JSON report of one run.")],
    new: Annotated[str, typer.Argument(metavar="NEW.json", help="The JSON report of a later run.")],
    format: Annotated[  # noqa: A002  # the option's name
        str,
        typer.Option(
            "--format", "-f", metavar="FORMAT", help="What to print: text, markdown or json."
        ),
    ] = "text",
) -> int:
    """Compare two runs: what is new, worse, better or gone.

    Both files are reports that `--output json=FILE` wrote. What else changed is the evidence, the
    images, the policy and the version of gate. Exit codes: 0 nothing is new or worse, 1 something
    is, 2 wrong call, or a file is no such report.
    """
    from gate.cli.runs.diff import run_diff

    return run_diff(old, new, format)
