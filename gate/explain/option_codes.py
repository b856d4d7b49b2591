"""What the reason codes of a call mean that no command takes: see `gate.cli.wrong_call`."""

from __future__ import annotations

from typing import Final

from gate.model.code_page import CodePage

CODES: Final[dict[str, CodePage]] = {
    "command-unknown": CodePage(
        "gate has no command of this name.",
        "The first word after `gate` that is no option is the command.",
        "Choose one of those that `gate --help` lists.",
        "gate check deploy/",
    ),
    "command-missing": CodePage(
        "The call names no command.",
        "It has options alone, and an option belongs to a command.",
        "Write a command after `gate`: `gate --help` lists them.",
        "gate check --policy .gate.yaml deploy/",
    ),
    "option-unknown": CodePage(
        "The command has no option of this name.",
        "Each command has options of its own. An option that gate ignored could be one that you "
        "rely on, so the run does not start.",
        "Correct its spelling, or leave it out. `gate COMMAND --help` lists the options.",
        "gate check --policy .gate.yaml deploy/",
    ),
    "option-needs-value": CodePage(
        "An option has no value.",
        "The option is the last word of the call.",
        "Write the value after the option, as `gate COMMAND --help` shows it. In a script, look "
        "whether a variable is empty.",
        "gate check --policy .gate.yaml deploy/",
    ),
    "option-without-value": CodePage(
        "An option has a value, and takes none.",
        "It is a switch: it is there, or it is not.",
        "Write the option alone.",
        "gate check --dry-run deploy/",
    ),
    "option-value": CodePage(
        "An option or an argument has a value that it does not take.",
        "It takes a whole number, or one of a few words. The message says which.",
        "Write one of the values that `gate COMMAND --help` shows.",
        "gate prune --keep 3 ghcr.io/acme/shop:1.0",
    ),
    "option-missing": CodePage(
        "The command needs an option that the call does not have.",
        "Without it the command does not know what to do, and gate guesses nothing.",
        "Add the option that the message names.",
        "gate attest --type sbom sbom.json ghcr.io/acme/shop:1.0",
    ),
    "argument-missing": CodePage(
        "The command needs an argument that the call does not have.",
        "The message names it. In a script, look whether a variable is empty.",
        "Add the argument. `gate COMMAND --help` shows how the command is called.",
        "gate sign ghcr.io/acme/shop:1.0",
    ),
    "argument-unexpected": CodePage(
        "The call has more arguments than the command takes.",
        "A name with spaces that is not quoted becomes several arguments.",
        "Quote the argument that contains spaces, or leave out what is too much.",
        'gate explain "option-unknown"',
    ),
}
