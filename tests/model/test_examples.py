"""Examples in docstrings are what the code does."""

from __future__ import annotations

import doctest
import importlib

import pytest

WITH_EXAMPLES = ("gate.model.dsse", "gate.model.image", "gate.model.words", "gate.packages.ranges")


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_each_example_gives_what_it_says(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert (failed, tried > 0) == (0, True)
