"""Modules of the standard library that others import, and that a run seldom uses.

typer imports what starts programs, and the standard library what reads source text and packed
files. While gate's command line is imported, each of them is replaced by a module that is empty. It
imports the real one when it is asked for something, and answers as that does. An import after that
gets the real one.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Final

SELDOM: Final = ("bz2", "lzma", "subprocess", "textwrap", "tokenize")


@contextmanager
def imported_later() -> Iterator[None]:
    """Let what imports one of these modules get an empty one, from here to the end."""
    placed = {name: _empty_module(name) for name in SELDOM if name not in sys.modules}
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name, module in placed.items():
            _make_room(name, module)


def _empty_module(name: str) -> ModuleType:
    empty = ModuleType(name)

    def ask(attribute: str) -> Any:  # noqa: ANN401  # anything that a module has
        _make_room(name, empty)
        return getattr(importlib.import_module(name), attribute)

    vars(empty)["__getattr__"] = ask
    return empty


def _make_room(name: str, empty: ModuleType) -> None:
    if sys.modules.get(name) is empty:
        del sys.modules[name]
