"""What a command is given is the same whether typer reads its call or the table of plain calls."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.cli.app import build, run_by_typer
from gate.cli.plain_call import plain_call
from gate.cli.plain_options import PLAIN_OPTIONS

Given = dict[str, object] | None


@contextmanager
def noting(name: str) -> Iterator[list[dict[str, object]]]:
    """Let a command note what it is given, with its defaults, and do nothing."""
    module = importlib.import_module(f"gate.cli.commands.{name}")
    real = getattr(module, name)
    noted: list[dict[str, object]] = []

    @functools.wraps(real)
    def note(*values: object, **named: object) -> int:
        bound = inspect.signature(real).bind(*values, **named)
        bound.apply_defaults()
        noted.append(dict(bound.arguments))
        return 0

    setattr(module, name, note)
    try:
        yield noted
    finally:
        setattr(module, name, real)


def read(run: Callable[[], object] | None, noted: list[Any]) -> Given:
    """Return what the command was given; None where it was not called."""
    noted.clear()
    if run is not None:
        with pytest.raises(SystemExit):
            run()
    return noted[0] if noted else None


def both(words: list[str]) -> tuple[Given, Given]:
    """Return what a command is given by the table, and by typer."""
    with noting(words[0]) as noted, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["gate", *words])
        patch.delenv("GATE_REGISTRIES", raising=False)
        return read(plain_call(words, {}), noted), read(run_by_typer, noted)


VALUE = st.sampled_from(["a.yaml", "b=c", "", "-", "--", "-x", "--policy", "é", "\udcff", "a b"])


@st.composite
def calls(draw: st.DrawFn) -> list[str]:
    """Return a call of a command in the table: most are well formed, some nearly so."""
    name = draw(st.sampled_from(sorted(PLAIN_OPTIONS)))
    options = sorted(PLAIN_OPTIONS[name].keys() - {""})
    words = [name]
    for option in draw(st.lists(st.sampled_from([*options, ""]), max_size=6)):
        how = draw(st.integers(0, 9))
        value = "v" if draw(st.integers(0, 3)) else draw(VALUE)
        takes = PLAIN_OPTIONS[name][option][1] if option or "" in PLAIN_OPTIONS[name] else "one"
        match how:
            case 0:
                words.append(f"{option}={value}")
            case 1:
                words.append(option[:-2])
            case 2:
                words.append(f"{option}{value}")
            case _ if not option:
                words.append(value)
            case _:
                words += [option] if takes == "flag" else [option, value]
    return words


@given(calls())
def test_a_command_is_given_the_same_by_the_table_as_by_typer_or_typer_is_asked(
    words: list[str],
) -> None:
    plainly, by_typer = both(words)
    assert plainly is None or plainly == by_typer


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "--policy", "p", "--image", "a", "--image", "b", "deploy", "more", "--dry-run"],
        ["admit", "-p", "p", "-i", "a", "--plain-http", "h:1", "-q", "-f", "json"],
        ["lint", "a.yaml", "--profile", "all", "--fix"],
        ["lint", "a=b", "--values", "c=d"],
        ["sign", "--key", "ci.key", "image", "--layout", "a=b"],
    ],
    ids=" ".join,
)
def test_a_plain_call_is_read_without_typer(words: list[str]) -> None:
    plainly, by_typer = both(words)
    assert plainly is not None
    assert plainly == by_typer


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["--registries", "f", "check"],
        ["why", "image"],
        ["chek"],
        ["check", "--help"],
        ["check", "--polic", "p"],
        ["check", "--policy=p"],
        ["check", "-pp"],
        ["check", "-qf", "json"],
        ["check", "--policy"],
        ["check", "--policy", ""],
        ["check", "--policy", "--quiet"],
        ["check", "--policy", "a", "--policy", "b"],
        ["check", "-p", "a", "--policy", "b"],
        ["check", "--quiet", "-q"],
        ["check", "--", "a"],
        ["check", "-"],
        ["check", ""],
        ["sign", "--key", "k"],
        ["sign", "a", "b"],
    ],
    ids=" ".join,
)
def test_typer_reads_what_is_no_plain_call(words: list[str]) -> None:
    assert plain_call(words, {}) is None


@pytest.mark.parametrize("name", ["GATE_REGISTRIES", "_GATE_COMPLETE"])
def test_typer_reads_a_call_of_which_the_environment_says_something(name: str) -> None:
    assert plain_call(["check"], {name: ""}) is None
    assert plain_call(["check"], {"GATE_KEY_PASSWORD": "x"}) is not None


def test_the_table_has_every_word_that_typer_knows_of_its_commands() -> None:
    for name, parameters in PLAIN_OPTIONS.items():
        built: Any = build(name)
        known = {o for p in built.params for o in (p.opts if p.opts[0][0] == "-" else [""])}
        assert parameters.keys() == known
        assert {p.name for p in built.params} == {to for to, _ in parameters.values()}
