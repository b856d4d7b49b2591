"""`gate init`: a first policy, from the images that are there and who signed them."""

from __future__ import annotations

from typing import Annotated

import typer

from gate.cli import options


def init(
    *,
    paths: options.Paths = None,
    image: Annotated[
        list[str] | None,
        typer.Option(
            "--image",
            "-i",
            metavar="REF",
            help="An image that the policy shall cover beside those that the manifests name. "
            "Repeat for more.",
            show_default=False,
        ),
    ] = None,
    ci: Annotated[
        str | None,
        typer.Option(
            metavar="SYSTEM",
            help="github or gitlab. Otherwise what the repository looks like.",
            show_default=False,
        ),
    ] = None,
    trusted_root: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Look for signatures of the Sigstore instance with this trusted root.",
            show_default=False,
        ),
    ] = None,
    policy: Annotated[
        str, typer.Option("--policy", "-p", metavar="FILE", help="Where to write the policy.")
    ] = ".gate.yaml",
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
) -> int:
    """Write a first policy, and say what to put into the CI system.

    Looks at the images of the manifests, verifies who signed what hangs on them, and proposes
    the tightest policy that the next release still passes. Read it before you trust it.
    """
    from gate.cli.runs.init import Asked, run_init

    return run_init(
        Asked(
            paths=paths or (),
            images=image or (),
            ci=ci,
            trusted_root=trusted_root,
            policy=policy,
            force=force,
            layouts=layout or (),
            plain_http=plain_http or (),
        )
    )
