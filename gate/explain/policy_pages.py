"""The policy reference, made from the schema that `gate schema` prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_TOP: Final = (
    ("signers", ("KeySigner", "KeylessSigner")),
    ("trusted-roots", ("RootSource",)),
    ("registries", ("RegistriesSection",)),
    ("manifests", ("ManifestsSection", "ImageField")),
    ("waivers", ("Waiver",)),
    ("pass", ("PassSection", "SignWith")),
    ("revocations", ("RevocationsSection",)),
    ("shards", ("ShardsSection",)),
    ("admission", ("AdmissionSection", "AuditLabels")),
)
"""The top-level keys that hold sections, and the sections that each can hold."""
_INNER: Final = {"sbom": ("BaseImageParams",)}
_INTRO: Final = """\
# The policy, key by key

Made from the code by `make docs`; `gate schema` prints the same as JSON Schema, and `gate init`
puts that where editors find it. A policy is one YAML document, `.gate.yaml`. A key that is
misspelt, empty, doubled or of the wrong type is refused with its place. Durations are a number
and `m`, `h`, `d` or `w`. What each check looks at is in [checks](checks.md), how signers are
verified in [trust](trust.md), and how images are named in [registry](registry.md).
"""


def policy_page(schema: dict[str, Any]) -> str:
    """Return the page in Markdown."""
    definitions: dict[str, Any] = schema["$defs"]
    entry: dict[str, Any] = schema["properties"]["images"]["items"]
    parts = [_INTRO, "## Top level\n", *_table(schema, definitions)]
    for key, names in _TOP:
        parts += [f"\n## {key}\n"]
        for name in names:
            parts += [f"{_said(definitions[name])}\n", *_table(definitions[name], definitions), ""]
    parts += ["\n## images\n", "Each entry has `match` and at least one check.\n"]
    for key, value in entry["properties"].items():
        section = _resolved(value, definitions)
        parts.append(f"\n### {key}\n\n{_said(section)}\n")
        if "const" in section:
            parts.append(f"Written `{key}: {section['const']}`.\n")
        if "properties" in section:
            parts += _table(section, definitions)
            for name in _INNER.get(key, ()):
                inner = definitions[name]
                parts += [f"\n`base-image`: {_said(inner)}\n", *_table(inner, definitions)]
    return "\n".join(parts).rstrip("\n").replace("\n\n\n", "\n\n") + "\n"


def _table(section: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    yield "| key | takes | if left out | meaning |"
    yield "| --- | --- | --- | --- |"
    required = section.get("required", ())
    for key, value in section["properties"].items():
        absent = "refused" if key in required else _default(value.get("default"))
        meaning = value.get("description") or _said(_resolved(value, definitions))
        yield f"| `{key}` | {_takes(value, definitions)} | {absent} | {_cell(meaning)} |"


def _default(value: object) -> str:
    match value:
        case None | [] | {}:
            return "not asked"
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`"


def _takes(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    value = _resolved(value, definitions)
    if "const" in value:
        return f"`{value['const']}`" if value["const"] is not True else "`true`"
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    choices = value.get("anyOf") or value.get("oneOf")
    if choices:
        taken = [_takes(c, definitions) for c in choices if c.get("type") != "null"]
        return " or ".join(dict.fromkeys(taken))
    return _typed(value, definitions)


def _typed(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    match value.get("type"):
        case "array":
            taken = f"list of {_takes(value['items'], definitions)}"
        case "object":
            inner = value.get("additionalProperties")
            taken = f"{_takes(inner, definitions)}, by name" if inner else "section"
        case "boolean":
            taken = "`true`, `false`"
        case "integer" | "number":
            taken = _number(value)
        case _ if value.get("examples"):
            taken = f"duration, such as `{value['examples'][0]}`"
        case _:
            taken = "text"
    return taken


def _number(value: dict[str, Any]) -> str:
    low = value.get("minimum", value.get("exclusiveMinimum"))
    high = value.get("maximum")
    if low is None:
        return "number"
    above = "above" if "exclusiveMinimum" in value else "from"
    return f"number {above} {low}{f' to {high}' if high is not None else ''}"


def _resolved(value: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = value.get("$ref")
    return definitions[reference.rpartition("/")[2]] if reference else value


def _said(section: dict[str, Any]) -> str:
    return " ".join(str(section.get("description", "")).split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
