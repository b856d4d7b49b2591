"""`gate keygen`: a key pair of its own for each signer."""

from __future__ import annotations

from typing import Annotated

import typer


def keygen(
    name: Annotated[
        str,
        typer.Argument(metavar="[NAME]", help="Writes NAME.key and NAME.pub.", show_default=True),
    ] = "gate",
    *,
    kms: Annotated[
        str | None,
        typer.Option(
            metavar="URI",
            help="Make no file: print the command that makes this key in its service.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Make a key pair for signing: a private and a public half.

    ECDSA on P-256, in PEM. With GATE_KEY_PASSWORD set, the private key is encrypted with it.
    Only this user can read the private key (mode 0600), and no file is ever written over.
    """
    from gate.cli.runs.keygen import run_keygen, tell_service

    return run_keygen(name) if kms is None else tell_service(kms)
