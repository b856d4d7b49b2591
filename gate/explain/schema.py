"""What a policy, and the file of --registries, may say, as JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gate.policy.section import Section


def registries_schema() -> dict[str, Any]:
    """Return the schema of the file that `--registries` names."""
    from gate.explain.models import model_of
    from gate.explain.policy_fields import field_docs
    from gate.registry.registries_file import ClientCertificate, GitHubSection, RegistriesFile

    found = model_of(RegistriesFile).model_json_schema(by_alias=True)
    parts = (ClientCertificate, GitHubSection)
    sections = ((found, RegistriesFile), *((found["$defs"][p.__name__], p) for p in parts))
    for section, model in sections:
        for key, text in field_docs(model).items():
            section["properties"][key]["description"] = text
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def policy_schema() -> dict[str, Any]:
    """Return the schema of `.gate.yaml`, every check's own section included."""
    from pydantic.json_schema import models_json_schema

    from gate.checks import CHECKS
    from gate.explain.models import model_of
    from gate.manifests.plain import SCHEMA_TITLE
    from gate.policy.document import EntryName, PolicyFile

    sections: list[type[Section]] = [PolicyFile, EntryName]
    sections += (check.params for check in CHECKS.values())
    refs, document = models_json_schema(
        [(model_of(section), "validation") for section in sections],
        by_alias=True,
        ref_template="#/$defs/{model}",
    )
    definitions: dict[str, Any] = document["$defs"]
    _forbid_null(definitions)
    _describe(definitions)
    policy = definitions.pop(PolicyFile.__name__)
    entry = definitions.pop(EntryName.__name__)
    for name, check in CHECKS.items():
        entry["properties"][name] = refs[model_of(check.params), "validation"]
    policy["properties"]["images"]["items"] = entry
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **policy,
        "title": SCHEMA_TITLE,
        "$defs": definitions,
    }


def _forbid_null(schema: Any) -> None:  # noqa: ANN401  # parsed JSON
    """Let nothing be null: in the code, null is what a key has that the policy does not have."""
    if isinstance(schema, list):
        for part in schema:
            _forbid_null(part)
    if not isinstance(schema, dict):
        return
    if schema.get("default", ...) is None:
        del schema["default"]
    kinds = schema.get("anyOf", [])
    left = [kind for kind in kinds if kind != {"type": "null"}]
    if len(left) < len(kinds):
        schema["anyOf"] = left
        if len(left) == 1:
            schema.update(schema.pop("anyOf")[0])
    for part in schema.values():
        _forbid_null(part)


def _describe(definitions: dict[str, Any]) -> None:
    """Give each key the text below its field in the code."""
    from gate.explain.policy_fields import field_docs
    from gate.policy.section import Section

    for section in _sections(Section):
        if section.word is not None and section.__name__ in definitions:
            definitions[section.__name__] = dict(section.word)
        properties = definitions.get(section.__name__, {}).get("properties", {})
        for key, text in field_docs(section).items():
            if key in properties:
                properties[key]["description"] = text


def _sections(base: type[Section]) -> Iterator[type[Section]]:
    for section in base.__subclasses__():
        yield section
        yield from _sections(section)
