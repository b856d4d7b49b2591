"""What is wrong with a call that names no command, or options and arguments that it does not take.

Said as every other error is: code, one cause, one next step. The library's own errors have none of
them, and print three lines of usage first.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final, NoReturn, cast

import typer
from typer.core import TyperGroup

from gate.cli import guard
from gate.cli.writes.earlier import remove_earlier
from gate.errors import UsageError

_Wrong: Final = cast("type[Any]", typer.BadParameter.__mro__[1])
"""The library's base of every error in a call. Its module has moved, its place here has not."""


class WrongCalls(TyperGroup):
    """A group of commands that answers a wrong call as gate answers everything else."""

    def main(  # type: ignore[override]  # all that is not named goes to the library unchanged
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **others: Any,  # noqa: ANN401  # the library's own
    ) -> NoReturn:
        """Run the command that the arguments name, and exit with its code."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(given, prog_name, **others | {"standalone_mode": False})
        except _Wrong as error:
            if type(error).__name__ == "NoArgsIsHelpError":
                error.show()
            else:
                guard.tell_error(self._told(error, given))
                remove_earlier(given)
            sys.exit(UsageError.exit_code)
        sys.exit(code)

    def whole(self, name: str) -> Any:  # noqa: ANN401  # the library's
        """Return a command with its options."""
        return self.commands[name]

    def _told(self, error: Any, given: Sequence[str]) -> UsageError:  # noqa: ANN401  # see _Wrong
        """Return what is wrong, in gate's words. `error` has a class by what is wrong."""
        name = next((one for one in given if one in self.commands), "")
        command = self if error.ctx is None else cast("Any", error.ctx).command
        if error.ctx is None and name:
            command = self.whole(name)
        outside = command is self
        called = "gate" if outside else f"gate {command.name}"
        match type(error).__name__:
            case "NoSuchOption":
                return self._no_such_option(error.option_name, called, command)
            case "BadOptionUsage":
                return _bad_option(error, called, command)
            case "MissingParameter":
                return _missing(error.param, called, command)
            case "BadParameter":
                return _bad_value(error, called)
            case _ if outside:
                return self._no_such_command(error.message, given)
            case _:
                more = error.message.rpartition("(")[2].rstrip(")")
                return UsageError(
                    "argument-unexpected",
                    f"`{called}` takes fewer arguments; there is no place for: {more}",
                    remedy=f"call it as `{_form(command, called)}`; quote an argument that "
                    "contains spaces",
                )

    def _no_such_command(self, said: str, given: Sequence[str]) -> UsageError:
        named = next((one for one in given if repr(one) in said), "")
        if not named:
            return UsageError(
                "command-missing", "the call names no command", remedy="`gate --help` lists them"
            )
        near = difflib.get_close_matches(named, self.commands, n=1)
        meant = f"did you mean `gate {near[0]}`? " if near else ""
        return UsageError(
            "command-unknown",
            f"there is no command {named!r}",
            remedy=f"{meant}`gate --help` lists the commands",
        )

    def _no_such_option(self, option: str, called: str, command: Any) -> UsageError:  # noqa: ANN401  # the library's
        near = difflib.get_close_matches(option, _options([command]), n=1, cutoff=0.7)
        help_ = f"`{called} --help` lists the options"
        if command is self and option in _options(map(self.whole, self.commands)):
            remedy = f"write it after the command: `gate COMMAND {option} …`"
        elif near:
            remedy = f"did you mean {near[0]}? {help_}"
        else:
            remedy = f"leave it out; {help_}"
        return UsageError("option-unknown", f"`{called}` has no option {option}", remedy=remedy)


def _options(commands: Iterable[Any]) -> list[str]:
    return [o for command in commands for p in command.params for o in p.opts if o[:1] == "-"]


def _bad_option(error: Any, called: str, command: Any) -> UsageError:  # noqa: ANN401  # the library's
    option = error.option_name
    found = next((p for p in command.params if option in (*p.opts, *p.secondary_opts)), None)
    if found is None or found.is_flag:
        return UsageError(
            "option-without-value",
            f"{option} of `{called}` takes no value",
            remedy=f"write {option} alone",
        )
    return UsageError(
        "option-needs-value",
        f"{option} of `{called}` needs a value, and none follows it",
        remedy=f"write {option} {_shape(found)}",
    )


def _missing(parameter: Any, called: str, command: Any) -> UsageError:  # noqa: ANN401  # the library's
    if parameter.param_type_name == "option":
        option = parameter.opts[0]
        return UsageError(
            "option-missing",
            f"`{called}` needs {option}",
            remedy=f"add {option} {_shape(parameter)}; `{called} --help` says what it takes",
        )
    return UsageError(
        "argument-missing",
        f"`{called}` needs an argument: {_shape(parameter)}",
        remedy=f"call it as `{_form(command, called)}`",
    )


def _bad_value(error: Any, called: str) -> UsageError:  # noqa: ANN401  # the library's
    parameter = error.param
    choices = getattr(parameter.type, "choices", None)
    named = parameter.param_type_name == "option"
    option = parameter.opts[0] if named else "the argument"
    least = getattr(parameter.type, "min", None)
    whole = "a whole number" if least is None else f"a whole number of {least} or more"
    takes = " or ".join(map(str, choices)) if choices else whole
    value = error.message.partition(" is not ")[0].strip("'")
    return UsageError(
        "option-value",
        f"{option} of `{called}` takes {takes}, and was given {value!r}",
        remedy=f"write one that `{called} --help` shows, such as {choices[0] if choices else 7}",
    )


def _form(command: Any, called: str) -> str:  # noqa: ANN401  # the library's
    """Return how a command is called: its name and its arguments."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    shapes = [_shape(p) if p.required else _optional(_shape(p)) for p in arguments]
    return " ".join([called, *shapes])


def _optional(shape: str) -> str:
    return shape if shape.startswith("[") else f"[{shape}]"


def _shape(parameter: Any) -> str:  # noqa: ANN401  # the library's
    """Return what takes the place of a value, as the help writes it: FILE, IMAGE."""
    choices = getattr(parameter.type, "choices", None)
    shape = "|".join(map(str, choices)) if choices else parameter.metavar or parameter.name
    return str(shape)
