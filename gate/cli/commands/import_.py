"""`gate import`: the demands of other tools' configurations, as a policy."""

from __future__ import annotations

from typing import Annotated

import typer


def import_(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Workflows and scripts that call cosign; policies of policy-controller, Kyverno, "
            "Connaisseur and Ratify; configurations of KubeLinter, checkov and Trivy, and what "
            "scanners ignore.",
            show_default=False,
        ),
    ],
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the policy to a file that is not there yet, and print the account.",
            show_default=False,
        ),
    ] = None,
    image: Annotated[
        str,
        typer.Option(
            "--image",
            metavar="REPOSITORY",
            help="For waivers out of ignore files: the image whose findings they are.",
            show_default=False,
        ),
    ] = "",
    owner: Annotated[
        str,
        typer.Option(
            "--owner",
            metavar="NAME",
            help="For waivers out of ignore files: who answers for them.",
            show_default=False,
        ),
    ] = "",
    expires: Annotated[
        str,
        typer.Option(
            "--expires",
            metavar="DAY",
            help="For waivers out of ignore files without an end: their last day, YYYY-MM-DD.",
            show_default=False,
        ),
    ] = "",
) -> int:
    """Propose a policy from what other tools are told to demand.

    The account says for each demand, with its file and line, which key of the policy makes it, or
    why none does. Without --output it is a comment above the policy. Nothing is demanded less than
    before without being told.
    """
    from gate.cli.runs.import_policy import WaiverWords, run_import

    return run_import(files, output, WaiverWords(image, owner, expires))
