"""`gate prune`: superseded passes and scans off an image."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def prune(
    image: Annotated[
        str, typer.Argument(metavar="IMAGE", help="registry/repository[:tag][@digest]")
    ],
    *,
    keep: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="How many of each kind stay, the newest ones."),
    ] = 1,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove them. Without it they are only listed.")
    ] = False,
    policy: options.PolicyFile = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """Take superseded passes and scans off an image.

    Only what a signer of the policy signed: of each signer's passes for one environment, and of
    its scans by one tool, the newest stay. A pass that still holds stays too, unless the same
    release has a newer one. Exit codes: 0 done, 1 the registry does not delete, 2 wrong call.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.prune import run_prune

    access = Access(
        layouts=layout or (),
        plain_http=plain_http or (),
        registries=registries,
        environ=os.environ,
    )
    return run_prune(image, policy, access, keep=keep, delete=yes)
