"""`gate policy`: load policies, and say what is wrong with each."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gate.errors import GateError


def policy(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILES]...",
            help="Policies. Otherwise the one that a run from here would use.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Find mistakes in policies, and print their digests.

    The digest is what a deploy policy names under `policies`. A policy whose passes `gate admit`
    will refuse, because their signer signs evidence too, gets a warning. Exit codes: 0 all load,
    2 one does not.
    """
    from gate.cli.reads.baseline import policy_settings
    from gate.cli.reads.find_policy import find_policy
    from gate.cli.reads.pass_signer import CODE, REMEDY, same_signer
    from gate.reports.neutral import terminal

    code = 0
    names: list[str | None] = [*files] if files else [None]
    for name in names:
        try:
            loaded = find_policy(name, None)
            policy_settings(loaded)  # its baseline can be read
        except GateError as error:
            code = max(code, error.exit_code)
            place = f"{terminal(str(error.location))}: " if error.location else ""
            sys.stdout.write(f"{place}{terminal(error.problem)} [{error.code}]\n")
            sys.stdout.write(f"  → {terminal(error.remedy)}\n")
        else:
            sys.stdout.write(f"{terminal(loaded.path)} {loaded.digest}\n")
            warning = same_signer(loaded)
            if warning is not None:
                sys.stdout.write(
                    f"{terminal(loaded.path)}: warning: {terminal(warning)} [{CODE}]\n"
                )
                sys.stdout.write(f"  → {REMEDY}\n")
    return code
