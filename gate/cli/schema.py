"""`gate schema`: what a policy may say, as JSON Schema for editors and for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel


def schema() -> int:
    """Print the JSON Schema of the policy file."""
    sys.stdout.write(json.dumps(policy_schema(), indent=1, sort_keys=True) + "\n")
    return 0


def policy_schema() -> dict[str, Any]:
    """Return the schema of `.gate.yaml`, every check's own section included."""
    from pydantic.json_schema import models_json_schema

    from gate.checks import CHECKS
    from gate.policy.document import EntryName, PolicyFile

    models: list[type[BaseModel]] = [PolicyFile, EntryName]
    models += (check.params for check in CHECKS.values())
    refs, document = models_json_schema(
        [(model, "validation") for model in models],
        by_alias=True,
        ref_template="#/$defs/{model}",
    )
    definitions: dict[str, Any] = document["$defs"]
    _describe(definitions)
    policy = definitions.pop(PolicyFile.__name__)
    entry = definitions.pop(EntryName.__name__)
    for name, check in CHECKS.items():
        entry["properties"][name] = refs[check.params, "validation"]
    policy["properties"]["images"]["items"] = entry
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The policy of gate, version 1",
        **policy,
        "$defs": definitions,
    }


def _describe(definitions: dict[str, Any]) -> None:
    """Give each key the text that stands below its field in the code."""
    from gate.policy.field_docs import field_docs
    from gate.policy.section import Section

    for section in _sections(Section):
        properties = definitions.get(section.__name__, {}).get("properties", {})
        for key, text in field_docs(section).items():
            if key in properties:
                properties[key]["description"] = text


def _sections(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for section in base.__subclasses__():
        yield section
        yield from _sections(section)
