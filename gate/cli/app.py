"""The commands, by name. Each module imports the rooms it needs when its command runs."""

from __future__ import annotations

import inspect
import os
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperOption

from gate.cli.commands.admit import admit
from gate.cli.commands.check import check
from gate.cli.commands.demo import demo
from gate.cli.commands.doctor import doctor
from gate.cli.commands.explain import explain
from gate.cli.commands.init import init
from gate.cli.commands.keygen import keygen
from gate.cli.commands.lint import lint
from gate.cli.commands.pin import pin
from gate.cli.commands.policy import policy
from gate.cli.commands.schema import schema
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

REGISTRIES = (
    "How registries are reached: mirrors, private hosts, certificates. "
    "GATE_REGISTRIES names it too."
)


def _reach(file: str | None) -> None:
    if file is not None:
        os.environ["GATE_REGISTRIES"] = file


class ReachingCommand(TyperCommand):
    """A command that asks registries: it takes `--registries` as `gate` itself does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # as click calls it
        """Take what click gives a command."""
        super().__init__(*args, **kwargs)
        self.params.append(
            TyperOption(
                param_decls=["--registries"],
                metavar="FILE",
                help=REGISTRIES,
                expose_value=False,
                callback=lambda _context, _option, value: _reach(value),
            )
        )


COMMANDS = (
    keygen,
    init,
    check,
    admit,
    lint,
    pin,
    sign,
    attest,
    why,
    explain,
    policy,
    doctor,
    schema,
    demo,
)
for command in COMMANDS:
    asks = "plain_http" in inspect.signature(command).parameters
    app.command(no_args_is_help=False, cls=ReachingCommand if asks else None)(guarded(command))


def _version(asked: bool) -> None:  # noqa: FBT001  # typer hands the flag over by position
    if asked:
        from gate import __version__

        typer.echo(f"gate {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    registries: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help=REGISTRIES,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Verify a release, and sign the verdict that your deploy step demands."""
    del version
    _reach(registries)
