"""PyYAML's parser by libyaml, its events and its errors: all that gate uses of PyYAML.

PyYAML's first import loads its own parser, its constructors and its writers too, and compiles their
expressions: that was a seventh of a lint of one file. They are loaded when somebody asks for one of
them, and each error's module when there is such an error.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from gate.model.in_part import import_in_part

_ERRORS: Final = {
    "reader": "ReaderError",
    "scanner": "ScannerError",
    "parser": "ParserError",
    "composer": "ComposerError",
    "constructor": "ConstructorError",
    "emitter": "EmitterError",
    "serializer": "SerializerError",
    "representer": "RepresenterError",
}
"""The errors that libyaml's parser raises, by the module of PyYAML that has each."""


def _later(module: str, name: str) -> Callable[..., Any]:
    """Return what makes an error of a module's class, and imports the module when it does."""

    def make(*said: object) -> Any:  # noqa: ANN401  # the error
        return getattr(importlib.import_module(f"yaml.{module}"), name)(*said)

    return make


def _raising() -> dict[str, ModuleType]:
    """Return modules that have nothing but the error that libyaml's parser raises of each."""
    made = {name: ModuleType(name) for name in _ERRORS}
    for name, module in made.items():
        setattr(module, _ERRORS[name], _later(name, _ERRORS[name]))
    return made


import_in_part(
    "yaml",
    {f"yaml.{name}": () for name in ("error", "tokens", "events", "nodes", "_yaml")},
    meanwhile=_raising(),
)

from yaml._yaml import CParser  # noqa: E402  # it is there now
from yaml.error import Mark, YAMLError  # noqa: E402  # after what it imports is put in place
from yaml.events import (  # noqa: E402  # after what it imports is put in place
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

__all__ = [
    "AliasEvent",
    "CParser",
    "CollectionEndEvent",
    "CollectionStartEvent",
    "DocumentEndEvent",
    "DocumentStartEvent",
    "MappingEndEvent",
    "MappingStartEvent",
    "Mark",
    "NodeEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "StreamEndEvent",
    "YAMLError",
]
