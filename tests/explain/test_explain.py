"""Every code that gate can print has a page."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from gate.checks.demand.shortfall import Sought
from gate.explain.pages import page_of, pages

RAISED = re.compile(
    r"(?:UsageError|PolicyError|DocumentError|SigningError|TrustRootError)\(\s*\"([a-z0-9-]+)\""
)
CODE = re.compile(r"\bcode=\"([a-z0-9-]+)\"")


def codes() -> set[str]:
    """Return every code that stands as text in the program."""
    return {
        code
        for path in Path("gate").rglob("*.py")
        for pattern in (RAISED, CODE)
        for code in pattern.findall(path.read_text())
    }


def test_some_codes_are_found() -> None:
    assert {"policy-unknown-key", "nothing-to-judge", "registry-not-allowed"} <= codes()


@pytest.mark.parametrize("code", sorted(codes()))
def test_a_code_has_a_page(code: str) -> None:
    assert page_of(code, pages())


@pytest.mark.parametrize(
    "module",
    ["layout", "provenance", "sbom", "scan_age", "signature", "verdict_pass", "vulnerabilities"],
)
def test_a_code_that_a_check_puts_together_has_the_page_of_the_check(module: str) -> None:
    check = importlib.import_module(f"gate.checks.{module}")
    sought = next(v for v in vars(check).values() if isinstance(v, Sought))
    assert page_of(f"{sought.code}-absent", pages()) == check.CHECK.doc
