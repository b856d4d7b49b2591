"""Packages of others, imported in part: the modules that gate uses, and not the rest.

The text of a package often imports all that it has. gate has single modules of some packages
imported, and their names put into the package, before anybody imports it. The first who asks the
package for another name gets it as ever: then the package is imported as a whole.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any


def import_in_part(
    package: str,
    names: Mapping[str, tuple[str, ...]],
    *,
    meanwhile: Mapping[str, object] | None = None,
) -> None:
    """Import modules, each with the names that its package has from it, in place of the package.

    A package that is there already stays as it is. One that has other modules than these is left
    alone: the next import gets it as a whole. `meanwhile` is what the package has, by name, until
    the modules are there.
    """
    spec = None if package in sys.modules else find_spec(package)
    if spec is None or spec.loader is None:
        return
    made = module_from_spec(spec)
    vars(made).update(meanwhile or {})
    sys.modules[package] = made
    try:
        for module, of_module in names.items():
            found = importlib.import_module(module)
            vars(made).update({name: getattr(found, name) for name in of_module})
    except (ImportError, AttributeError):
        del sys.modules[package]
        return
    for name in meanwhile or {}:
        del vars(made)[name]
    vars(made)["__getattr__"] = _Rest(made, spec).ask
    parent, _, child = package.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, made)


class _Rest:
    """What a package has besides the modules that were imported."""

    def __init__(self, package: ModuleType, spec: ModuleSpec) -> None:
        self._package = package
        self._spec = spec
        self._begun = False
        self._one_at_a_time = threading.RLock()

    def ask(self, name: str) -> Any:  # noqa: ANN401  # anything that a package has
        """Return what the package has under a name. Raises AttributeError where it has nothing."""
        held = vars(self._package)
        with self._one_at_a_time:
            if not self._begun and self._spec.loader is not None:
                self._begun = True
                self._spec.loader.exec_module(self._package)
        if name in held:
            return held[name]
        msg = f"module {self._spec.name!r} has no attribute {name!r}"
        raise AttributeError(msg)
