"""A structural schema: what the API server does to a custom object before it takes it.

It drops nulls, fills in defaults, refuses unknown fields (as kubectl asks it to), and holds the
rest to the schema. Rules in CEL (`x-kubernetes-validations`) are not evaluated.
https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import mapping, sequence, strings
from gate.lint.kubernetes.json_schema import FORMATS, CustomFault, Validator
from gate.model.document import Path
from gate.model.kubernetes import field_path

MAX_PARTS: Final = 100_000
"""Parts of a schema. The largest that are known have a tenth of it."""
_INT32: Final = {"minimum": -(2**31), "maximum": 2**31 - 1}
_KEPT: Final = (
    *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "multipleOf"),
    *("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"),
    *("pattern", "enum", "required"),
)
_HEAD: Final = frozenset(("apiVersion", "kind", "metadata"))
_UNKNOWN: Final = "x-kubernetes-preserve-unknown-fields"
_EMBEDDED: Final = "x-kubernetes-embedded-resource"
_EITHER: Final = "x-kubernetes-int-or-string"


class UnusableSchemaError(ValueError):
    """A schema that the API server refuses, or that is too large; the text says why."""


class Structural:
    """One schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Take the schema as it is written. Raises UnusableSchemaError."""
        self._schema = schema
        self._left = MAX_PARTS
        self._validator = Validator(self._translated(schema))

    def faults(self, value: dict[str, Any]) -> Iterator[CustomFault]:
        """Yield each place where an object is not what the schema asks for."""
        found: list[CustomFault] = []
        cleaned = _clean(value, self._schema, (), found, head=True)
        yield from found
        yield from self._validator.faults(cleaned)

    def _translated(self, schema: Any) -> dict[str, Any]:  # noqa: ANN401  # any JSON value
        """Return a schema as JSON Schema has it: null and `int-or-string` are types there."""
        if not isinstance(schema, dict):
            message = "a part of the schema is no mapping"
            raise UnusableSchemaError(message)
        self._left -= 1 + len(schema)
        if self._left < 0:
            message = f"the schema has more than {MAX_PARTS:,} parts"
            raise UnusableSchemaError(message)
        if "$ref" in schema:
            message = "the schema has a $ref, which the API server refuses"
            raise UnusableSchemaError(message)
        found = _plain(schema)
        if isinstance(schema.get("properties"), dict):
            parts = schema["properties"].items()
            found["properties"] = {str(key): self._translated(part) for key, part in parts}
        for key in ("items", "additionalProperties", "not"):
            if isinstance(schema.get(key), dict):
                found[key] = self._translated(schema[key])
        for key in ("allOf", "anyOf", "oneOf"):
            if sequence(schema.get(key)):
                found[key] = [self._translated(part) for part in schema[key]]
        if schema.get("format") == "int32" and schema.get("type") == "integer":
            found["allOf"] = [*found.get("allOf", ()), _INT32]
        return found


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a schema says itself, without its parts."""
    found = {key: schema[key] for key in _KEPT if schema.get(key) is not None}
    types = [schema["type"]] if isinstance(schema.get("type"), str) else []
    if schema.get(_EITHER) is True:
        types = ["integer", "string"]
    if types:
        found["type"] = [*types, "null"] if schema.get("nullable") is True else types
    if schema.get(_EMBEDDED) is True:
        found["required"] = sorted({*strings(found.get("required")), "apiVersion", "kind"})
    if schema.get("format") in FORMATS:
        found["format"] = schema["format"]
    return found


def _clean(
    value: Any,  # noqa: ANN401  # any JSON value
    schema: Mapping[str, Any],
    path: Path,
    found: list[CustomFault],
    *,
    head: bool = False,
) -> Any:  # noqa: ANN401  # likewise
    """Return a value without nulls that are dropped, with defaults, and note unknown fields."""
    if isinstance(value, dict):
        return _clean_mapping(value, schema, path, found, head=head)
    if isinstance(value, list):
        items = mapping(schema.get("items"))
        found += _twice(value, schema, path)
        if not items:
            return value
        return [_clean(item, items, (*path, i), found) for i, item in enumerate(value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _clean_mapping(
    value: dict[str, Any],
    schema: Mapping[str, Any],
    path: Path,
    found: list[CustomFault],
    *,
    head: bool,
) -> dict[str, Any]:
    properties = mapping(schema.get("properties"))
    others = schema.get("additionalProperties")
    open_ = others is True or schema.get(_UNKNOWN) is True
    head = head or schema.get(_EMBEDDED) is True
    cleaned: dict[str, Any] = {}
    for key, part in value.items():
        known = properties.get(key, others if isinstance(others, dict) else None)
        if isinstance(known, dict) and not (head and key == "metadata"):
            if part is not None or known.get("nullable") is True:
                cleaned[key] = _clean(part, known, (*path, key), found)
        elif open_ or (head and key in _HEAD):
            cleaned[key] = part
        else:
            where = field_path(path) or "the object"
            found.append(CustomFault((*path, key), f"{key} is not a field of {where}"))
    for key, known in properties.items():
        if isinstance(known, dict) and "default" in known and key not in cleaned:
            cleaned[key] = _clean(copy.deepcopy(known["default"]), known, (*path, key), [])
    return cleaned


def _twice(value: list[Any], schema: Mapping[str, Any], path: Path) -> Iterator[CustomFault]:
    """Yield items of a list that is a set, or a mapping by its keys, which are there already."""
    kind = schema.get("x-kubernetes-list-type")
    if kind not in ("set", "map"):
        return
    keys = strings(schema.get("x-kubernetes-list-map-keys"))
    properties = mapping(mapping(schema.get("items")).get("properties"))
    defaults = {key: mapping(properties.get(key)).get("default") for key in keys}
    seen = set()
    for index, item in enumerate(value):
        if kind == "map":
            if not isinstance(item, dict):
                continue
            item = {key: item.get(key, defaults[key]) for key in keys}  # noqa: PLW2901  # its key
        text = json.dumps(item, sort_keys=True)
        if text in seen:
            yield CustomFault((*path, index), f"{field_path((*path, index))} is in the list twice")
        seen.add(text)
