"""What typer and others import, and a run seldom uses: imported when it is asked for."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from gate.cli import later
from gate.cli.later import SELDOM, imported_later


@pytest.fixture(autouse=True)
def _absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no module be there yet, and put back all of them at the end."""
    for name in SELDOM:
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_an_import_inside_gets_an_empty_module_that_imports_the_real_one_when_it_is_asked() -> None:
    with imported_later():
        import textwrap  # noqa: PLC0415  # what is tested

        assert [textwrap.__spec__] == [None]
        assert textwrap.indent("a", "-") == "-a"
        assert sys.modules["textwrap"].__spec__ is not None
    assert textwrap.indent is sys.modules["textwrap"].indent


def test_an_import_afterwards_gets_the_real_module_and_an_empty_one_answers_as_that() -> None:
    with imported_later():
        import subprocess as inside  # noqa: PLC0415  # what is tested
    assert not set(SELDOM) & set(sys.modules)
    import subprocess as outside  # noqa: PLC0415  # what is tested

    assert outside.__spec__ is not None
    assert inside.run is outside.run


def test_what_a_module_does_not_have_its_empty_one_does_not_have() -> None:
    with imported_later():
        import tokenize  # noqa: PLC0415  # what is tested
    assert not hasattr(tokenize, "nothing")


def test_a_module_that_is_there_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    there = ModuleType("textwrap")
    monkeypatch.setitem(sys.modules, "textwrap", there)
    with imported_later():
        assert sys.modules["textwrap"] is there
    assert sys.modules["textwrap"] is there


def test_each_is_a_module_of_the_standard_library() -> None:
    assert set(later.SELDOM) <= sys.stdlib_module_names
