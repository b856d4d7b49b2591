"""What a policy's keys mean, in the words that stand below each field in the code."""

from __future__ import annotations

import ast
import inspect
import itertools
import textwrap
from collections.abc import Iterator

from pydantic import BaseModel


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the text below each field, by the key that a policy writes."""
    found: dict[str, str] = {}
    for section in reversed(model.__mro__):
        if issubclass(section, BaseModel) and section is not BaseModel:
            found |= dict(_documented(section))
    keys = {name: field.alias or name for name, field in model.model_fields.items()}
    return {keys[name]: text for name, text in found.items() if name in keys}


def _documented(section: type[BaseModel]) -> Iterator[tuple[str, str]]:
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
