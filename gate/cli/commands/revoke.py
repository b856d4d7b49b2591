"""`gate revoke`: end passes before their time, by a signed list that the deploy policy names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from gate.cli import options


def revoke(
    *,
    policy: Annotated[
        str | None,
        typer.Option(
            "--policy",
            "-p",
            metavar="FILE",
            help="The deploy policy, which names the list and who may sign it. Otherwise the "
            "nearest .gate.yaml, .gate.yml or .github/gate.yaml.",
            show_default=False,
        ),
    ] = None,
    image: Annotated[
        list[str] | None,
        typer.Option(
            "--image",
            "-i",
            metavar="REF",
            help="End every pass of this image and its platforms. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    release: Annotated[
        list[str] | None,
        typer.Option(
            metavar="sha256:HEX",
            help="End every pass of this release. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    judged_by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="sha256:HEX",
            help="End every pass that was given under this policy. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    signer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="End every pass by this signer of the deploy policy. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="With --signer: spare passes that a log or a timestamp authority dates before "
            "this RFC 3339 time.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Why. Everybody who is refused reads it.",
            show_default=False,
        ),
    ] = None,
    undo: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DIGEST|NAME",
            help="Take a line off the list. Repeat for more.",
            show_default=False,
        ),
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Sign the same list anew, so that it stays fresh.")
    ] = False,
    create: Annotated[
        bool, typer.Option("--create", help="Write the first list, where there was never one.")
    ] = False,
    from_serial: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            help="The serial that the last `gate revoke` printed: no list with a lower one is "
            "continued. For machines that remember no list.",
            show_default=False,
        ),
    ] = None,
    expires_in: Annotated[
        str,
        typer.Option(metavar="DURATION", help="When the new list ends, such as 24h or 7d."),
    ] = "7d",
    key: options.Key = None,
    trust_config: options.TrustConfig = None,
    publish_private: options.PublishPrivate = False,
    layout: options.Layouts = None,
    plain_http: options.PlainHttp = None,
    registries: options.Registries = None,
) -> int:
    """End passes before their time, or list those that are ended.

    The list is signed and stored in a registry. `gate admit` asks for it where the deploy policy
    has `revocations`, and admits nothing by a list that is missing, old or signed by others.
    """
    from gate.cli.reads.places import Access
    from gate.cli.runs.revoke import Revoking, run_revoke
    from gate.cli.runs.sign import Signing

    asked = Revoking(
        policy=policy,
        images=image or (),
        releases=release or (),
        policies=judged_by or (),
        signers=signer or (),
        since=since,
        reason=reason,
        undo=undo or (),
        renew=renew,
        create=create,
        from_serial=from_serial,
        expires_in=expires_in,
        signing=Signing(key=key, trust_config=trust_config, publish_private=publish_private),
        access=Access(
            layouts=layout or (),
            plain_http=plain_http or (),
            registries=registries,
            environ=os.environ,
        ),
    )
    return run_revoke(asked, Path.home())
