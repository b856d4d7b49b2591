"""The commands, by name. Each module imports the rooms it needs when its command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from gate.cli import options
from gate.cli.commands.admit import admit
from gate.cli.commands.audit import audit
from gate.cli.commands.check import check
from gate.cli.commands.demo import demo
from gate.cli.commands.diff import diff
from gate.cli.commands.doctor import doctor
from gate.cli.commands.explain import explain
from gate.cli.commands.export import export
from gate.cli.commands.init import init
from gate.cli.commands.keygen import keygen
from gate.cli.commands.lint import lint
from gate.cli.commands.pin import pin
from gate.cli.commands.policy import policy
from gate.cli.commands.prune import prune
from gate.cli.commands.revoke import revoke
from gate.cli.commands.schema import schema
from gate.cli.commands.serve import serve
from gate.cli.commands.sign import attest, sign
from gate.cli.commands.why import why
from gate.cli.guard import guarded

app = typer.Typer(
    help="Verify a release, and sign the verdict that your deploy step demands.",
    epilog=(
        "Exit codes: 0 cleared; 1 some check failed; 2 the call or the policy is wrong, or there "
        "is nothing to judge; 3 nothing failed but something could not be decided."
    ),
    no_args_is_help=True,
    # Plain help: rich would be imported to draw boxes around it, at twice the time.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

COMMANDS = (
    keygen,
    init,
    check,
    admit,
    serve,
    audit,
    lint,
    pin,
    sign,
    attest,
    revoke,
    prune,
    why,
    explain,
    policy,
    diff,
    doctor,
    schema,
    export,
    demo,
)
for command in COMMANDS:
    app.command(no_args_is_help=False)(guarded(command))


def _version(asked: bool) -> None:  # noqa: FBT001  # typer hands the flag over by position
    if asked:
        from gate import __version__

        typer.echo(f"gate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    registries: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help=options.REGISTRIES,
            envvar="GATE_REGISTRIES",
            show_envvar=False,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Verify a release, and sign the verdict that your deploy step demands."""
    del version
    # Each command that asks registries takes the option too; what it is given there wins.
    context.default_map = {command.__name__: {"registries": registries} for command in COMMANDS}
