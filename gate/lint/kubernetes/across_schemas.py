"""What the fields of a custom kind's schema, and of its conversion, say together.

A schema must be structural: each field that it names has a type.
https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from gate.documents.lenient import is_number, sequence
from gate.lint.kubernetes.across import Asked, Problem, is_set, needed
from gate.lint.kubernetes.formats import is_whole
from gate.model.document import Path

_EITHER: Final = "x-kubernetes-int-or-string"
_UNKNOWN: Final = "x-kubernetes-preserve-unknown-fields"
_LIST: Final = "x-kubernetes-list-type"
_KEYS: Final = "x-kubernetes-list-map-keys"
_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": is_whole,
    "number": is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
TYPES: Final = tuple(_FITS)


def _typed(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    kind = value.get("type")
    if not is_set(kind) and value.get(_EITHER) is not True and value.get(_UNKNOWN) is not True:
        yield (*path, "type"), "type must be set"
    if is_set(kind) and value.get(_EITHER) is True:
        yield (*path, "type"), f"type may not be set where {_EITHER} is true"
    if kind == "array" and value.get("items") is None:
        yield (*path, "items"), "items must be set where the type is array"
    if value.get("properties") and value.get("additionalProperties") not in (None, False):
        message = "a schema may have only one of properties and additionalProperties"
        yield (*path, "additionalProperties"), message


def _listed(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    form = value.get(_LIST)
    if is_set(form) and value.get("type") != "array":
        yield (*path, _LIST), f"{_LIST} needs the type array"
    if form == "map" and not sequence(value.get(_KEYS)):
        yield (*path, _KEYS), f"{_KEYS} must be set where {_LIST} is map"
    elif form != "map" and sequence(value.get(_KEYS)):
        yield (*path, _KEYS), f"{_KEYS} needs {_LIST} map"


def _default(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    """Hold a default to the type, the words and the bounds that are beside it."""
    default, kind = value.get("default"), value.get("type")
    if default is None:
        return
    place = (*path, "default")
    fits = _FITS.get(kind) if isinstance(kind, str) else None
    if fits is not None and not fits(default):
        yield place, f"default must be of the type {kind}"
    elif sequence(value.get("enum")) and default not in value["enum"]:
        yield place, "default must be one of enum"
    elif is_number(default):
        low, high = value.get("minimum"), value.get("maximum")
        if (is_number(low) and default < low) or (is_number(high) and default > high):
            yield place, "default must be between minimum and maximum"


def _definition(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    if value.get("preserveUnknownFields") is True:
        message = f"preserveUnknownFields must be false; {_UNKNOWN} in the schema says the same"
        yield (*path, "preserveUnknownFields"), message


def _conversion(value: dict[str, Any], path: Path) -> Iterator[Problem]:
    strategy, webhook = value.get("strategy"), value.get("webhook")
    if strategy == "Webhook" and webhook is None:
        yield (*path, "webhook"), "webhook must be set where strategy is Webhook"
    elif strategy == "None" and webhook is not None:
        yield (*path, "webhook"), "webhook may not be set where strategy is None"


_SCHEMA: Final = (_typed, _listed, _default)
ACROSS: Final[Mapping[str, tuple[Asked, ...]]] = {
    "CustomResourceConversion": (_conversion,),
    "CustomResourceDefinitionSpec": (_definition,),
    "JSONSchemaProps": _SCHEMA,
    "JSONSchemaPropsOrBool": _SCHEMA,
    "WebhookConversion": (needed("clientConfig"),),
}
