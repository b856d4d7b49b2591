"""`gate why`: what the policy demands of one image, what was found, and what would do."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from gate.cli import options
from gate.errors import UsageError


def why(
    image: Annotated[
        str,
        typer.Argument(
            metavar="IMAGE",
            help="registry/repository[:tag][@digest]; with oci:// before it, a chart or a bundle "
            "of manifests",
        ),
    ],
    *,
    policy: options.PolicyFile = None,
    policy_digest: options.PolicyDigest = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    bundle: options.Bundles = None,
    links: options.Links = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Judge what is there now as if it were this time (RFC 3339).",
            show_default=False,
        ),
    ] = None,
    format: options.Format = "text",  # noqa: A002  # the option's name
) -> int:
    """Say, check by check, why one image is cleared or not.

    For each check: the evidence that was found, and what would meet it where none does.

    It judges as `gate check --image IMAGE` does, with the same exit codes, and signs nothing.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.prepare import Options
    from gate.cli.runs.why import run_why
    from gate.cli.writes.output import page
    from gate.reports.why import render, render_json

    if format not in ("text", "json"):
        raise UsageError(
            "format-unknown",
            f"`gate why` has no format {format!r}",
            remedy="choose one of json, text",
        )
    found = run_why(
        Options(
            images=(image,),
            policy=policy,
            policy_digest=policy_digest,
            access=Access(
                layouts=layout or (),
                plain_http=plain_http or (),
                registries=registries,
                environ=os.environ,
            ),
            bundles=bundle or (),
            links=links or (),
        ),
        as_of=as_of,
    )
    sys.stdout.write(render_json(found) if format == "json" else render(found, page()))
    return found.exit_code
