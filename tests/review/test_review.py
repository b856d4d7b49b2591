"""What the hostile review says of itself is so: its tests are there, and its tables can be read."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
FILES: Final = sorted(Path(__file__).parent.glob("*.json"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def reviewed(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(request.param.read_text())
    return found


def test_each_class_says_when_and_what_was_tried(reviewed: dict[str, Any]) -> None:
    assert reviewed.keys() == {"name", "date", "tried"}
    assert {tuple(sorted(one)) for one in reviewed["tried"]} == {("does", "test", "what")}


def test_each_test_that_is_named_is_there(reviewed: dict[str, Any]) -> None:
    named = {one["test"] for one in reviewed["tried"]} - {""}
    assert {name for name in named if not is_there(name)} == set()


def test_no_row_breaks_its_table(reviewed: dict[str, Any]) -> None:
    texts = [text for one in reviewed["tried"] for text in one.values()]
    assert [text for text in texts if "\n" in text or "|" in text] == []


def is_there(name: str) -> bool:
    path, _, function = name.partition("::")
    if not (ROOT / path).is_file():
        return False
    nodes = ast.walk(ast.parse((ROOT / path).read_text()))
    return function in {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
