"""Every page that `gate explain` can print, by name."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from gate.checks import CHECKS, registry
from gate.explain.codes import CODES
from gate.explain.rules import explain, list_rules
from gate.registry import codes as registry_codes
from gate.trust import refusal

_PREFIXES: Final = {"scan-age": "scan", "vulnerabilities": "vulnerability"}
"""What codes of a check begin with besides the check's name."""


def pages() -> dict[str, str]:
    """Return the text of each check, lint rule and reason code."""
    checks = {name: check.doc for name, check in CHECKS.items()}
    checks[registry.NAME] = inspect.getdoc(registry) or ""
    rules = {rule.name: explain(rule.name) or "" for rule in list_rules()}
    listed = dict(_members(registry_codes)) | dict(_members(refusal))
    return {**CODES, **listed, **rules, **checks}


def page_of(name: str, known: dict[str, str]) -> str | None:
    """Return the page of a name: its own, or that of the check whose code it is."""
    if name in known:
        return known[name]
    for check in CHECKS:
        prefixes = {check, _PREFIXES.get(check, check)}
        if any(name == prefix or name.startswith(f"{prefix}-") for prefix in prefixes):
            return known[check]
    return None


def _members(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the codes of a module's enumeration with the text below each."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ClassDef):
            for member, text in zip(node.body, [*node.body[1:], None], strict=True):
                match member, text:
                    case (
                        ast.Assign(value=ast.Constant(value=str(code))),
                        ast.Expr(value=ast.Constant(value=str(doc))),
                    ):
                        yield code, " ".join(doc.split())
                    case _:
                        continue
