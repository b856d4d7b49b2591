"""Every code that a run can print is one row of a table, and every row can be printed."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from gate.checks import CHECKS
from gate.explain.codes import codes, tables
from gate.lint.rules import RULES

ROOT = Path(__file__).parents[2] / "gate"
SINKS = {
    # What takes a code, and at which position or under which name.
    "UsageError": 0,
    "PolicyError": 0,
    "DocumentError": 0,
    "SigningError": 0,
    "TrustRootError": 0,
    "Undecided": 0,
    "Refused": 0,
    "Problem": 0,
    "_error": 0,
    "_differs": 0,
    "_failed": 2,
    "self._refuse": 0,
    "limits.refuse": 0,
    "CHECK.failed": 1,
    "CHECK.finding": 1,
    "check.failed": 1,
    "check.finding": 1,
    "Finding": "code",
    "Piece": "code",
    "ErrorReport": "code",
    "Unavailable": "code",
}


@functools.cache
def sources() -> dict[str, str]:
    return {str(p.relative_to(ROOT)): p.read_text() for p in sorted(ROOT.rglob("*.py"))}


@functools.cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(text) for name, text in sources().items()}


def taken(call: ast.Call) -> ast.expr | None:
    """Return the code that a call is given."""
    if not isinstance(call.func, ast.Name | ast.Attribute):
        return None
    where = SINKS.get(ast.unparse(call.func))
    if where is None:
        return None
    if isinstance(where, int) and where < len(call.args):
        return call.args[where]
    name = "code" if isinstance(where, int) else where
    return next((k.value for k in call.keywords if k.arg == name), None)


@functools.cache
def calls() -> list[tuple[str, ast.expr]]:
    """Return what is given as a code, with the file it is given in."""
    return [
        (name, code)
        for name, tree in trees().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and (code := taken(call)) is not None
    ]


ROWS = ("CodePage(", "shortfall_pages(", "@lint_rule(")
"""What makes a row of a code: a page, the pages that every check has, a lint rule."""
KNOWN = {*codes(), *(rule.name for rule in RULES)}


def test_no_code_is_put_together_from_pieces() -> None:
    made = [f"{name}:{code.lineno}" for name, code in calls() if isinstance(code, ast.JoinedStr)]
    assert made == []


def test_every_code_that_is_raised_is_a_row_of_a_table() -> None:
    literal = [(n, c.value) for n, c in calls() if isinstance(c, ast.Constant)]
    assert len(literal) > 100
    assert [(name, code) for name, code in literal if code not in KNOWN] == []


def printed() -> Iterator[str]:
    """Yield every text of the program that is no key of a table of pages."""
    for tree in trees().values():
        keys = {
            id(key)
            for node in ast.walk(tree)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id == "CodePage"
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in keys
            ):
                yield node.value


def test_every_row_of_a_table_can_be_printed() -> None:
    texts = set(printed())
    said = {code for text in texts for code in re.findall(r"\[([a-z-]+)\]", text)}
    assert [code for code in codes() if code not in texts | said] == []


def test_a_search_for_a_code_in_the_code_base_finds_where_it_is_a_row() -> None:
    texts = "".join(text for text in sources().values() if any(mark in text for mark in ROWS))
    assert [code for code in sorted(KNOWN) if f'"{code}"' not in texts] == []


def test_a_code_in_two_tables_means_the_same_in_both() -> None:
    pages: dict[str, object] = {}
    for table in tables():
        for code, page in table.items():
            assert pages.setdefault(str(code), page) == page


def test_a_page_has_whole_sentences() -> None:
    parts = {
        (code, part)
        for code, page in codes().items()
        for part in (page.headline, page.cause, page.remedy)
    }
    assert {(code, part) for code, part in parts if not _is_whole(part)} == set()


def _is_whole(sentence: str) -> bool:
    begins = sentence[0].isupper() or sentence[0] in "-`"
    named = sentence.startswith(("gate ", "go-yaml "))
    return (begins or named) and sentence.endswith((".", "?"))


def test_each_check_has_a_page_for_what_every_check_on_evidence_can_lack() -> None:
    for name, prefix in {"scan-age": "scan", "pass": "pass", "sbom": "sbom"}.items():
        assert f"{prefix}-absent" in CHECKS[name].codes
