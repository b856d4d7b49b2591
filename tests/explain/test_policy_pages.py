"""The reference of the policy, and the schema that editors read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import yaml

from gate.explain.policy_pages import policy_page
from gate.explain.schema import policy_schema
from tests.builders.policies import GOOD

SCHEMA = policy_schema()


def sections() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "policy", SCHEMA
    yield "entry", SCHEMA["properties"]["images"]["items"]
    yield from SCHEMA["$defs"].items()


def test_every_key_of_a_policy_says_what_it_means() -> None:
    silent = [
        f"{name}.{key}"
        for name, section in sections()
        for key, value in section.get("properties", {}).items()
        if "description" not in value and "$ref" not in value
    ]
    assert silent == []


def test_every_key_of_a_policy_is_on_the_page() -> None:
    page = policy_page(SCHEMA)
    entry = SCHEMA["properties"]["images"]["items"]["properties"]
    keys = {
        key
        for _, section in sections()
        if section is not SCHEMA["properties"]["images"]["items"]
        for key in section.get("properties", {})
    }
    assert {key for key in keys if f"| `{key}` |" not in page} == set()
    assert {key for key in entry if f"\n### {key}\n" not in page} == set()


def test_a_check_that_takes_one_word_is_shown_as_it_is_written() -> None:
    page = policy_page(SCHEMA)
    digest = page.partition("\n### digest\n")[2].partition("\n### ")[0]
    assert "Written `digest: required`." in digest


def test_the_schema_takes_what_the_loader_takes() -> None:
    checked = jsonschema.Draft202012Validator(SCHEMA)
    policy = yaml.safe_load(GOOD)
    assert not list(checked.iter_errors(policy))
    policy["images"].append({"match": "docker.io/library/*", "digest": "required"})
    assert not list(checked.iter_errors(policy))


def test_the_schema_refuses_a_key_that_means_nothing() -> None:
    policy = yaml.safe_load(GOOD.replace("signature:", "signatur:"))
    messages = [e.message for e in jsonschema.Draft202012Validator(SCHEMA).iter_errors(policy)]
    assert messages == [
        "Additional properties are not allowed ('signatur' was unexpected)",
    ]
