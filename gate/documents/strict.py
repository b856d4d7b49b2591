"""Parsed documents read strictly: a part of another shape is refused, with its name.

For what decides by itself, such as a predicate: what is malformed is never read as absent.
Every function raises ValueError with one sentence that names the field. JSON of the Sigstore
protocol, where an unknown field is refused too, is read with `gate.trust.proto_json`.

>>> text({"name": "openssl"}["name"], "packages[0].name")
'openssl'
>>> sequence("openssl", "packages")
Traceback (most recent call last):
ValueError: packages is not a list
>>> optional_mapping(None, "metadata")
{}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard

from gate.documents.json_array import JsonArray

TEXT: Final = 4096
"""The most characters that are kept of any one text."""
MANY: Final = 1_000_000
"""The most items that any one list may have."""

_EMPTY: Final[Mapping[str, Any]] = {}


def mapping(value: object, what: str) -> Mapping[str, Any]:
    """Return the value, which must be a JSON object."""
    if not isinstance(value, dict):
        msg = f"{what} is not an object"
        raise ValueError(msg)  # noqa: TRY004  # what a document gets wrong is a value
    return value


def optional_mapping(value: object, what: str) -> Mapping[str, Any]:
    """Return the value, which must be a JSON object, or be absent."""
    return _EMPTY if value is None else mapping(value, what)


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether the value is a JSON array, be it one that is read item by item. Its length is any."""
    return isinstance(value, list | JsonArray)


def sequence(value: object, what: str) -> Sequence[Any]:
    """Return the value, which must be a JSON array of at most MANY items, or be absent."""
    if type(value) is list and len(value) <= MANY:
        return value
    if value is None:
        return ()
    if isinstance(value, JsonArray):
        return value  # one with more items is never made
    if not isinstance(value, list):
        msg = f"{what} is not a list"
        raise ValueError(msg)  # noqa: TRY004  # what a document gets wrong is a value
    msg = f"{what} has {len(value)} items, over {MANY}"
    raise ValueError(msg)


def mappings(value: object, what: str, item: str) -> Sequence[Mapping[str, Any]]:
    """Return a sequence, as `sequence` does, of JSON objects alone; `item` names one of them."""
    items = sequence(value, what)
    if not (isinstance(items, JsonArray) and items.only_objects):
        for one in items:
            mapping(one, item)
    return items


def text(value: object, what: str) -> str:
    """Return the value, which must be a string of 1 to TEXT characters."""
    if type(value) is str and 0 < len(value) <= TEXT:
        return value
    long = isinstance(value, str) and value
    msg = f"{what} is {f'longer than {TEXT} characters' if long else 'missing or not text'}"
    raise ValueError(msg)


def optional_text(value: object, what: str) -> str:
    """Return the value, which must be a string of at most TEXT characters, or "" if absent."""
    if type(value) is str and len(value) <= TEXT:
        return value
    return "" if value is None else text(value, what)


def stated_text(value: object, what: str) -> str:
    """Return the value, which must be a string of at most TEXT characters, empty ones too."""
    if type(value) is str and len(value) <= TEXT:
        return value
    return text(value, what)
