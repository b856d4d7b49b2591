"""What a policy's keys mean, in the words that stand below each field in the code."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Iterator

from gate.policy.section import Section


def field_docs(model: type[Section]) -> dict[str, str]:
    """Return the text below each field, by the key that a policy writes."""
    found: dict[str, str] = {}
    for section in reversed(model.__mro__):
        if issubclass(section, Section) and section is not Section:
            found |= dict(_documented(section))
    keys = {name: field.alias for name, field in model.fields().items()}
    return {keys[name]: text for name, text in found.items() if name in keys}


def _documented(section: type[Section]) -> Iterator[tuple[str, str]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(section)))
    definition = tree.body[0]
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    for field, text in itertools.pairwise(body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(doc))),
            ):
                yield name, " ".join(doc.split())
            case _:
                continue
