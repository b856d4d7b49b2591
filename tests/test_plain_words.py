"""Plain words in what gate prints and in its first pages: some words are never used there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = re.compile(
    r"(?<![Tt]here )\b(?:is none|is to be)\b|(?i:\b(?:whatever|whoever|hangs? on)\b|\bstands\b)"
)
"""Words that name a thing by going around it. `There is none` is plain."""
PAGES = sorted(
    {
        *ROOT.glob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs/rules").glob("*.md"),
        *(ROOT / "docs/decisions").glob("*.md"),
    }
    # The names of tests, which say what is held and not what a user does.
    - {ROOT / "docs/security-cases.md"}
)


CALLED = sorted(
    {
        ROOT / "action.yml",
        ROOT / ".pre-commit-hooks.yaml",
        *(
            path
            for folder in (".github", "actions", "charts", "examples", "gitlab")
            for path in (ROOT / folder).rglob("*")
            if path.suffix in {".yml", ".yaml", ".tpl", ".txt", ".sh"}
        ),
    }
)
"""What users call or copy: workflows, actions, templates, the chart, examples."""


def printed(source: str) -> Iterator[str]:
    """Yield the texts of a module that a run may print: all literals but docstrings."""
    tree = ast.parse(source)
    said = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def docstrings(source: str) -> Iterator[str]:
    """Yield the texts of a module that explain it: its docstrings."""
    for node in ast.walk(ast.parse(source)):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def circumscribed(text: str) -> list[str]:
    flat = " ".join(text.split())
    return [flat[max(0, m.start() - 40) : m.end() + 20] for m in FORBIDDEN.finditer(flat)]


def test_what_gate_prints_is_said_in_plain_words() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {phrase}"
        for path in (ROOT / "gate").rglob("*.py")
        for text in printed(path.read_text())
        for phrase in circumscribed(text)
    }
    assert sorted(wrong) == []


def test_a_page_that_users_read_first_is_in_plain_words() -> None:
    wrong = {str(page.relative_to(ROOT)): circumscribed(page.read_text()) for page in PAGES}
    assert {name: phrases for name, phrases in wrong.items() if phrases} == {}


def test_what_users_call_or_copy_explains_itself_in_plain_words() -> None:
    wrong = {str(path.relative_to(ROOT)): circumscribed(path.read_text()) for path in CALLED}
    assert {name: phrases for name, phrases in wrong.items() if phrases} == {}


def test_what_explains_the_code_is_said_in_plain_words() -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {phrase}"
        for path in (ROOT / "gate").rglob("*.py")
        for text in docstrings(path.read_text())
        for phrase in circumscribed(text)
    }
    assert sorted(wrong) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("whoever may push", 1),
        ("Whatever\n it holds", 1),
        ("the key stands twice", 1),
        ("nothing hangs on it", 1),
        ("this is none", 1),
        ("where there is none", 0),
        ("it withstands that", 0),
        ("it is not to be had", 0),
    ],
)
def test_the_words_are_found_and_their_neighbours_are_not(text: str, wrong: int) -> None:
    assert len(circumscribed(text)) == wrong


def test_docstrings_are_not_taken_for_printed_text() -> None:
    source = '"""a"""\nx = "b"\n"""c"""\nprint(f"d{x}")\n'
    assert list(printed(source)) == ["b", "d"]
    assert list(docstrings(source)) == ["a", "c"]
