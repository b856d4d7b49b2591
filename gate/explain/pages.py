"""Every page that `gate explain` can print, by name."""

from __future__ import annotations

import inspect

from gate.checks import CHECKS, registry
from gate.explain.codes import codes
from gate.explain.rules import explain, list_rules


def page_of(name: str) -> str | None:
    """Return the text of a check, a lint rule or a reason code; None for any other name."""
    if name == registry.NAME:
        return inspect.getdoc(registry)
    if name in CHECKS:
        return CHECKS[name].doc
    page = codes().get(name)
    return explain(name) or (page.text if page else None)


def names() -> tuple[str, ...]:
    """Return every name that has a page, sorted."""
    rules = (rule.name for rule in list_rules())
    return tuple(sorted({registry.NAME, *CHECKS, *codes(), *rules}))
