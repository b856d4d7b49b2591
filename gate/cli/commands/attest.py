"""`gate attest`: what a pipeline says of its images, with no second tool."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options


def attest(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The document, JSON.")],
    image: Annotated[
        str,
        typer.Argument(
            metavar="IMAGE",
            help="registry/repository[:tag][@digest]; with oci:// before it, a chart or a bundle "
            "of manifests",
        ),
    ],
    *,
    type: Annotated[  # noqa: A002  # the option's name
        str,
        typer.Option(metavar="TYPE", help="sbom, vulnerabilities, openvex, provenance or custom."),
    ],
    predicate_type: Annotated[
        str | None,
        typer.Option(
            metavar="URI", help="Of a custom predicate, or of provenance.", show_default=False
        ),
    ] = None,
    key: options.Key = None,
    trust_config: options.TrustConfig = None,
    publish_private: options.PublishPrivate = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    bundle: options.BundleFile = None,
) -> int:
    """Sign a document about an image, beside it or into a file.

    A scanner's report is wrapped with its own times. A verdict is not signed here: a pass is
    made by `gate check` alone.
    """
    from gate.cli.reads.places import Access
    from gate.cli.reads.predicate_of import predicate_of
    from gate.cli.runs.sign import Signing, run_sign

    stated = predicate_of(file, type, predicate_type)
    signing = Signing(key=key, trust_config=trust_config, publish_private=publish_private)
    return run_sign(
        image,
        stated.type,
        stated.predicate,
        signing,
        access=Access(
            layouts=layout or (),
            plain_http=plain_http or (),
            registries=registries,
            environ=os.environ,
        ),
        bundle_file=bundle,
        reads=[file],
        about=stated.about,
    )
