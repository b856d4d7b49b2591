"""`gate sign`: who made an image, with no second tool. `gate attest` shares its options."""

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
        str,
        typer.Argument(
            metavar="IMAGE",
            help="registry/repository[:tag][@digest]; with oci:// before it, a chart or a bundle "
            "of manifests",
        ),
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
