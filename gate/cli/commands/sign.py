"""`gate sign`: who made an image, with no second tool."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer  # a plain call is read without it

    from gate.cli import options


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
    key: options.Key = None,
    trust_config: options.TrustConfig = None,
    publish_private: options.PublishPrivate = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
    bundle: options.BundleFile = None,
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
