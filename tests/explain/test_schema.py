"""The schemas that gate prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from gate.explain.schema import policy_schema, registries_schema
from gate.policy.duration import parse_duration, write_duration


def with_default(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "default" in node:
            yield node
        for inner in node.values():
            yield from with_default(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from with_default(inner)


@pytest.mark.parametrize("schema", [policy_schema(), registries_schema()])
def test_each_default_is_a_value_that_its_own_schema_accepts(schema: dict[str, Any]) -> None:
    nodes = list(with_default(schema))
    assert nodes
    for node in nodes:
        own = {**node, "$defs": schema.get("$defs", {})}
        jsonschema.Draft202012Validator(own).validate(node["default"])


@pytest.mark.parametrize("text", ["45m", "25h", "90d", "2w"])
def test_a_duration_is_written_as_it_is_read(text: str) -> None:
    assert write_duration(parse_duration(text)) == text


def test_a_duration_is_written_in_the_largest_unit_that_holds_it_whole() -> None:
    assert write_duration(timedelta(hours=48)) == "2d"
