"""Every page that `gate explain` can print, by name."""

from __future__ import annotations

import inspect

from gate.checks import CHECKS, registry
from gate.explain.codes import codes
from gate.explain.rules import explain, list_rules


def pages() -> dict[str, str]:
    """Return the text of each check, lint rule and reason code, by its exact name."""
    checks = {name: check.doc for name, check in CHECKS.items()}
    checks[registry.NAME] = inspect.getdoc(registry) or ""
    rules = {rule.name: explain(rule.name) or "" for rule in list_rules()}
    return {**{code: page.text for code, page in codes().items()}, **rules, **checks}
