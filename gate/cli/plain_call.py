"""Calls that need no parser: known options, each with its value as a word of its own.

Importing typer, and describing a command to it, takes longer than all else that a short run does
before it reads its policy. What pipelines write again and again is read here, by a table that
`make docs` makes of what typer is told (`gate.cli.plain_options`). Everything else is left to
typer: help, what is wrong, shortened options, `--option=value`, `--`, what begins with `-` and is
no option of the table, an empty word, an option twice that takes one value, and a call that
environment variables say something of.

Tests hold that a command is given the same as by typer, wherever typer is not asked.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from gate.cli.guard import guarded
from gate.cli.plain_options import PLAIN_OPTIONS

_SPEAKS_TOO: Final = ("GATE_REGISTRIES", "_GATE_COMPLETE")
"""Environment variables that typer reads: an option's, and that of shells which complete words."""


def plain_call(words: list[str], environ: Mapping[str, str]) -> Callable[[], None] | None:
    """Return what runs the command that the words call, and exits; None where typer is to read."""
    if not words or any(name in environ for name in _SPEAKS_TOO):
        return None
    name, *rest = words
    parameters = PLAIN_OPTIONS.get(name)
    given = None if parameters is None else _read(rest, parameters)
    if given is None:
        return None
    module = importlib.import_module(f"gate.cli.commands.{name}")
    return partial(guarded(getattr(module, name)), **given)


def _read(words: Iterable[str], parameters: Mapping[str, tuple[str, str]]) -> dict[str, Any] | None:
    """Return what the command's function is given, by its names; None where typer is to read."""
    given: dict[str, Any] = {}
    waiting = iter(words)
    for word in waiting:
        option = word if word.startswith("-") else ""
        if option not in parameters:
            return None
        name, takes = parameters[option]
        value = next(waiting, "") if option and takes != "flag" else word
        if not value or (value.startswith("-") and takes != "flag"):
            return None
        if takes == "many":
            given.setdefault(name, []).append(value)
        elif name in given:
            return None
        else:
            given[name] = True if takes == "flag" else value
    needed = {name for name, takes in parameters.values() if takes == "needed"}
    return given if needed <= given.keys() else None
