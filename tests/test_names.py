"""A name in gate means one thing, and a module is short enough to be read at once."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

GATE = Path(__file__).parents[1] / "gate"
DATA = {"lint/kubernetes/fields.py", "live/kinds.py"}
"""Tables that a script wrote."""


def test_no_two_rooms_have_a_public_class_of_one_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in sorted(GATE.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(GATE).as_posix())
    assert {name: at for name, at in places.items() if len(at) > 1} == {}


SAYING_NOTHING = {
    *("meet", "seen", "symptoms", "pieces", "unmet", "found", "told", "hints", "carrier", "reach"),
    *("utils", "helpers", "common", "core", "manager"),
}


def test_a_module_is_named_after_what_it_holds() -> None:
    for root in (GATE, GATE.parent / "tests" / "builders", GATE.parent / "tests" / "fakes"):
        names = {path.relative_to(root).with_suffix("") for path in root.rglob("*.py")}
        assert [str(name) for name in names if SAYING_NOTHING & set(name.parts)] == []


def code_lines(path: Path) -> int:
    """Return how many lines a module has besides its tables of plain data."""
    text = path.read_text()
    body = ast.parse(text).body
    tables: list[ast.expr | ast.stmt] = [
        node
        for node in body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.value, ast.Dict | ast.Tuple | ast.Call)
    ]
    # A lint rule's data, above its function.
    tables += [d for node in body if isinstance(node, ast.FunctionDef) for d in node.decorator_list]
    in_tables = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in tables)
    return len(text.splitlines()) - in_tables


def test_no_module_has_more_than_300_lines_besides_its_data() -> None:
    lines = {path.relative_to(GATE).as_posix(): code_lines(path) for path in GATE.rglob("*.py")}
    assert {name: n for name, n in lines.items() if n > 300 and name not in DATA} == {}
