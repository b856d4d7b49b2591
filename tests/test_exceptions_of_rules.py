"""Where code is not held to a rule of ruff, or to a type, it says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("gate", "actions", "tests", "benchmarks", "docs")
BARE = re.compile(r"# (?:noqa(?!: PLC0415)[:A-Z0-9, ]*|type: ignore[a-z\[\], -]*)$")
"""An exception that ends its line, so that no reason follows. An import inside of a function
needs none: a start waits for no module that a run may not need."""


def without_reason(source: str) -> list[int]:
    return [n for n, line in enumerate(source.splitlines(), 1) if BARE.search(line.rstrip())]


def test_each_exception_of_a_rule_says_why() -> None:
    modules = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    wrong = {
        str(path.relative_to(ROOT)): lines
        for path in modules
        if (lines := without_reason(path.read_text()))
    }
    assert (wrong, len(modules) > 1000) == ({}, True)


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("def f(a: Any) -> None:  # " + "noqa: ANN401", [1]),
        ("def f(a: Any) -> None:  # " + "noqa: ANN401  # any JSON value", []),
        ("f(1)  # type: " + "ignore[arg-type]", [1]),
        ("f(1)  # type: " + "ignore[arg-type]  # " + "noqa: SLF001", [1]),
        ("f(1)  # type: " + "ignore[arg-type]  # a table", []),
        ("import a  # noqa: PLC0415", []),
    ],
)
def test_an_exception_without_a_reason_is_found(line: str, lines: list[int]) -> None:
    assert without_reason(line) == lines
