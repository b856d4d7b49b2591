"""`gate evidence-map`: which parts of a policy answer which items of a framework."""

from __future__ import annotations

import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

from gate.cli import options


class FrameworkName(enum.StrEnum):
    """What can be mapped."""

    SSDF = "ssdf"
    SLSA = "slsa"
    CIS = "cis"
    OWASP = "owasp"
    CRA = "cra"
    NIST_800_190 = "nist-800-190"


class MapFormat(enum.StrEnum):
    """How it is written."""

    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


def evidence_map(
    *,
    framework: Annotated[
        FrameworkName, typer.Option(help="Whose items are answered.", show_default=False)
    ],
    policy: options.PolicyFile = None,
    format: Annotated[  # noqa: A002  # the option's name
        MapFormat, typer.Option("--format", "-f", help="What to print.")
    ] = MapFormat.MARKDOWN,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it to a file.", show_default=False
        ),
    ] = None,
) -> int:
    """Show auditors which items of a framework the policy answers.

    Items without an answer come first. An answer is evidence for an item; whether it is enough is
    for the auditor to say.
    """
    from gate.cli.reads.find_policy import find_policy
    from gate.cli.writes.files import make_room, write_whole
    from gate.explain.evidence_map.answers import FRAMEWORKS, answers
    from gate.explain.evidence_map.written import MAP_FORMATS

    read = find_policy(policy, None)
    asked = FRAMEWORKS[framework.value]
    text = MAP_FORMATS[format.value](asked, read, answers(asked, read))
    if output is None:
        sys.stdout.write(text)
        return 0
    make_room(Path(output), [read.path])
    write_whole(Path(output), text.encode())
    return 0
