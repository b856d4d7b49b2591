"""`gate pin`: tags to digests, in place, and nothing else changed."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def pin(
    *,
    paths: options.Paths = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print what would change, and change nothing.")
    ] = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """Write the digest of every image into the manifests.

    Of a kustomization, `images` are pinned. An image that has a digest is left alone. Comments,
    anchors and formatting stay byte for byte. What cannot be pinned is told, and the rest is
    pinned. Exit codes: 0 pinned, 1 not everything, 2 wrong call, 3 a registry did not answer.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.pin import run_pin

    access = Access(
        layouts=layout or (),
        plain_http=plain_http or (),
        registries=registries,
        environ=os.environ,
    )
    return run_pin(paths or (), access, diff=diff)
