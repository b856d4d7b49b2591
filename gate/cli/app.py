"""The commands, by name. Each module imports the rooms it needs when its command runs.

A start builds the one command that is called: to build all of them took a third of what
`gate lint` took from start to end. The others are known by their names and lines in `COMMANDS`.
"""

from __future__ import annotations

import importlib
import keyword
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from typer.core import TyperCommand

from gate.cli import options
from gate.cli.guard import guarded
from gate.cli.wrong_call import WrongCalls

if TYPE_CHECKING:
    from typer._click import Command, Context

COMMANDS: Final = {
    "keygen": "Make a key pair for signing: a private and a public half.",
    "init": "Write a first policy, and the one of the deploy step.",
    "check": "Judge a release: images, their evidence, and manifests.",
    "merge": "Decide over the shards of one run, and sign the pass.",
    "admit": "Let a release through, or say what it lacks.",
    "serve": "Judge what an API server will store: an admission webhook.",
    "audit": "Report what runs and would not be let in; change nothing.",
    "lint": "Lint manifests, with the line and column of every field.",
    "pin": "Write the digest of every image into the manifests.",
    "sign": "Sign an image, beside it or into a file.",
    "attest": "Sign a document about an image, beside it or into a file.",
    "revoke": "End passes before their time, or list those that are ended.",
    "promote": "Copy an image with all its evidence, by digest.",
    "prune": "Take superseded passes and scans off an image.",
    "why": "Say, check by check, why one image is cleared or not.",
    "explain": "Print the page of a check, a rule, a code or the docs.",
    "policy": "Find mistakes in policies, and print their digests.",
    "diff": "Compare two runs: what is new, worse, better or gone.",
    "doctor": "Find what keeps a run from working here, each with its fix.",
    "schema": "Print the JSON Schema of the policy file, or of another.",
    "import": "Propose a policy from what other tools are told to demand.",
    "export": "Print the policy in the words of another enforcer.",
    "evidence-map": "Show auditors which items of a framework the policy answers.",
    "demo": "Show a release cleared, then tampered with in six ways.",
}
"""The line of each command in `gate --help`, by its name: the first of the command's own help.
`gate/cli/commands/<name>.py` defines the command as a function of that name; one that Python keeps
for itself ends in `_` there, and `-` is `_`."""


def called_in_python(name: str) -> str:
    """Return what the module and the function of a command are called: `evidence_map`."""
    return f"{name}_" if keyword.iskeyword(name) else name.replace("-", "_")


def build(name: str) -> Command:
    """Import the module of a command of `COMMANDS`, and return the command with its options."""
    called = called_in_python(name)
    module = importlib.import_module(f"gate.cli.commands.{called}")
    # A module of a command that `gate.cli.plain_call` reads has them for type checkers alone.
    vars(module).update(typer=typer, options=options)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name, no_args_is_help=False)(guarded(getattr(module, called)))
    return typer.main.get_command(alone)


class CommandsByName(WrongCalls):
    """Knows every command by its name and line, and builds the one that a call names."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  # what typer hands to a group
        """List the commands of `COMMANDS`, each without its options."""
        super().__init__(**settings)
        for name, line in COMMANDS.items():
            self.add_command(TyperCommand(name, help=line))

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Return the name, the command with its options, and the rest of a call's words."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and build(command.name or ""), rest

    def whole(self, name: str) -> Command:
        """Return a command with its options."""
        return build(name)


app = typer.Typer(
    cls=CommandsByName,
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
    context.default_map = {name: {"registries": registries} for name in COMMANDS}


def run_by_typer() -> None:
    """Run the command that this process was called with, and exit."""
    app(prog_name="gate")
