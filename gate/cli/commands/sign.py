"""`gate sign` and `gate attest`: what a pipeline says of its images, with no second tool."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from gate.cli import options

Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="FILE|URI",
        help="Sign with this private key (PEM or cosign's; its password in GATE_KEY_PASSWORD) or "
        "KMS key. Without it the identity of the CI job signs.",
        show_default=False,
    ),
]
TrustConfig = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Sign keyless with the Sigstore instance of this client trust config.",
        show_default=False,
    ),
]
PublishPrivate = Annotated[
    bool,
    typer.Option(
        "--publish-private",
        help="Let names of a private repository go to a public log, for ever.",
    ),
]

BundleFile = Annotated[
    str | None,
    typer.Option(
        "--bundle",
        metavar="FILE",
        help="Write the bundle to this file, for `gate check --bundle FILE`, and nothing beside "
        "the image.",
        show_default=False,
    ),
]


def sign(
    image: Annotated[
        str, typer.Argument(metavar="IMAGE", help="registry/repository[:tag][@digest]")
    ],
    *,
    key: Key = None,
    trust_config: TrustConfig = None,
    publish_private: PublishPrivate = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    bundle: BundleFile = None,
) -> int:
    """Sign an image, beside it or into a file."""
    from gate.cli.reads.places import Access
    from gate.cli.runs.sign import SIGNATURE, Signing, run_sign

    signing = Signing(key=key, trust_config=trust_config, publish_private=publish_private)
    return run_sign(
        image,
        SIGNATURE,
        {},
        signing,
        access=Access(
            layouts=layout or (),
            plain_http=plain_http or (),
            registries=registries,
            environ=os.environ,
        ),
        bundle_file=bundle,
    )


def attest(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The document, JSON.")],
    image: Annotated[
        str, typer.Argument(metavar="IMAGE", help="registry/repository[:tag][@digest]")
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
    key: Key = None,
    trust_config: TrustConfig = None,
    publish_private: PublishPrivate = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    bundle: BundleFile = None,
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
