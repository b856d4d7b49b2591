"""`gate doctor`: whether a run could work here, and what to mend where it could not."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def doctor(
    *,
    hosts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REGISTRY]...",
            help="Look at these registries alone, and print the file for --registries that they "
            "need. Each is a host, such as registry.example:5000.",
            show_default=False,
        ),
    ] = None,
    policy: options.PolicyFile = None,
    image: Annotated[
        list[str] | None,
        typer.Option(
            "--image",
            "-i",
            metavar="REF",
            help="An image whose registry to log in to, to read and, where the policy signs "
            "passes, to push to. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """Find what keeps a run from working here, each with its fix.

    Looks at versions, policy, trust, signing, registries and the clock. With REGISTRY it finds out
    how that registry is reached: private address, plain http, token server, certificate.
    Nothing is signed and nothing is stored. Exit codes: 0 all is well, 1 something is wrong,
    3 something could not be found out.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.doctor import run_doctor

    access = Access(plain_http=plain_http or (), registries=registries, environ=os.environ)
    if hosts:
        from gate.cli.runs.doctor_registry import run_reach

        return run_reach(hosts, access)
    return run_doctor(policy, image or (), access)
