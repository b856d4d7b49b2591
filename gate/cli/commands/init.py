"""`gate init`: a first policy, from the images that are there and who signed them."""

from __future__ import annotations

import os
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
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="A public key that may have signed the images. Those beside the policy and in "
            "its keys/ are tried too. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    accept_digests_only: Annotated[
        bool,
        typer.Option(
            "--accept-digests-only",
            help="Exit with 0 though the policy can ask of some image for its digest alone.",
        ),
    ] = False,
    policy: Annotated[
        str, typer.Option("--policy", "-p", metavar="FILE", help="Where to write the policy.")
    ] = ".gate.yaml",
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    render: options.Render = False,
    values: options.Values = None,
    release: options.Release = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """Write a first policy, and the one of the deploy step.

    It says what to put into the CI system too.

    Looks at the images of the manifests, verifies who signed what is attached to them, and
    proposes the tightest policy that the next release still passes. Read it before you trust it.
    A policy that you changed stays: what gate would write now is printed as a diff. Exit codes:
    0 written, 1 written and some image has nothing but its digest, 2 wrong call.
    """
    from gate.cli.reads.places import Access
    from gate.cli.reads.render_command import Rendering
    from gate.cli.runs.init import Asked, run_init

    return run_init(
        Asked(
            paths=paths or (),
            images=image or (),
            ci=ci,
            trusted_root=trusted_root,
            policy=policy,
            force=force,
            keys=key or (),
            accept_digests_only=accept_digests_only,
            access=Access(
                layouts=layout or (),
                plain_http=plain_http or (),
                registries=registries,
                environ=os.environ,
            ),
            rendering=Rendering(asked=render, values=values or (), release=release),
        )
    )
