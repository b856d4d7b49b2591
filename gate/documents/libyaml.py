"""PyYAML's parser by libyaml, its events and its errors: all that gate uses of PyYAML.

PyYAML's first import loads its own parser, its constructors and its writers too, and compiles their
expressions: that was a seventh of a lint of one file. They are loaded when somebody asks for one of
them, and each error's module when there is such an error.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any, Final

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


def _load_parser_alone() -> None:
    """Import libyaml's parser, and leave the rest of PyYAML to the first who asks for it."""
    spec = find_spec("yaml")
    if spec is None or spec.loader is None:
        return  # the imports below say that it is not there
    loader, package = spec.loader, module_from_spec(spec)

    def load(name: str) -> Any:  # noqa: ANN401  # any name of PyYAML
        vars(package).pop("__getattr__", None)
        loader.exec_module(package)
        return getattr(package, name)

    sys.modules["yaml"] = package
    for name in ("error", "tokens", "events", "nodes"):
        importlib.import_module(f"yaml.{name}")
    stated = {name: ModuleType(name) for name in _ERRORS}
    for name, module in stated.items():
        setattr(module, _ERRORS[name], _later(name, _ERRORS[name]))
    vars(package).update(stated)
    importlib.import_module("yaml._yaml")
    for name in stated:
        del vars(package)[name]
    vars(package)["__getattr__"] = load


if "yaml" not in sys.modules:
    _load_parser_alone()

from yaml._yaml import CParser  # noqa: E402  # it is there now
from yaml.error import Mark, YAMLError  # noqa: E402
from yaml.events import (  # noqa: E402
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
