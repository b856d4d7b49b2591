"""`gate promote`: an image with all its evidence, from one repository to another."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def promote(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="The image: registry/repository[:tag][@digest], or oci:FOLDER[:tag] for an OCI "
            "layout.",
            show_default=False,
        ),
    ],
    destination: Annotated[
        str,
        typer.Argument(
            metavar="DESTINATION",
            help="Where it goes: registry/repository[:tag], or oci:FOLDER[:tag]. Without a tag it "
            "keeps that of SOURCE.",
            show_default=False,
        ),
    ],
    *,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="FILE",
            help="Copy only what this policy clears: it asks for the pass of the environment that "
            "the image comes from. Where it has a `pass` section, that pass is signed for the "
            "image at DESTINATION before its tag moves.",
            show_default=False,
        ),
    ] = None,
    policy_digest: options.PolicyDigest = None,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """Copy an image with all its evidence, by digest.

    Copied are its platforms, signatures, attestations, SBOMs and what is about those, however
    they are stored. What is there already is not copied again, so a run that was cut off goes
    on. The tag moves last, when all that was copied has been found at the destination.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.promote import Promotion, run_promote

    access = Access(
        layouts=layout or (),
        plain_http=plain_http or (),
        registries=registries,
        environ=os.environ,
    )
    asked = Promotion(
        source=source,
        destination=destination,
        policy=policy,
        policy_digest=policy_digest,
        access=access,
    )
    return run_promote(asked)
