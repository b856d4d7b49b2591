"""Settings in JSON, told from manifests without the places of their parts.

A folder of sources holds thousands of them (package.json, dashboards, locales), and reading
each with every place costs ten times as much. Nothing is decided here that the whole reading
would decide otherwise: where a text could mean two things, it is left to that.
"""

from __future__ import annotations

import json
from typing import Any, Final

from gate.manifests.plain import Plain, nature_of
from gate.model.expressions import expression
from gate.model.location import Location

_MOST: Final = 262_144
"""Bytes. A larger file is read whole, within the bounds that hold for all files."""
_DEEP: Final = 30
"""Brackets that may open one inside the other; readers of YAML count them differently."""
_LONG: Final = 128
"""Characters of a key. libyaml looks 1,024 characters ahead for the colon."""
_DIGITS: Final = 15
"""Of a whole number: each reader keeps so many."""
_ODD: Final = expression(rb'[^ -~\n]|\\|<<|\{\{|gate: ignore\[|"[ \n]+:')
"""Bytes that readers of JSON and of YAML, or tools that render, may read differently: escapes,
tabs, merges, templates, a colon on another line than its key, anything but ASCII."""


def settings_in_json(data: bytes, path: str) -> Plain | None:
    """Return the one document of a file if it is JSON that nothing can be deployed from.

    None where the file holds anything else, or anything that wants a closer look: then it has
    to be read whole.

    >>> settings_in_json(b'{"name": "shop", "private": true}', "shop/package.json").nature
    <Nature.TOOL: 1>
    >>> settings_in_json(b'{"kind": "Pod"}', "pod.json") is None
    True
    >>> settings_in_json(b'{"name": "shop", "name": "other"}', "package.json") is None
    True
    """
    if not data.startswith(b"{") or len(data) > _MOST or _ODD.search(data):
        return None
    if data.count(b"{") + data.count(b"[") > _DEEP and _depth(data) > _DEEP:
        return None
    try:
        value = _DECODER.decode(data.decode("ascii"))
    except ValueError:
        return None
    nature = nature_of(path, value) if value else None
    return None if nature is None else Plain(nature, Location(path, 1, 1))


def _depth(data: bytes) -> int:
    """Return at least the depth: brackets inside of texts count too, closing ones only outside."""
    depth = deepest = 0
    for index, part in enumerate(data.split(b'"')):
        for byte in part:
            if byte in b"{[":
                depth += 1
                deepest = max(deepest, depth)
            elif byte in b"}]" and index % 2 == 0:
                depth -= 1
    return deepest


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs) or any(len(key) > _LONG for key in value):
        raise ValueError
    return value


def _whole(text: str) -> int:
    if len(text) > _DIGITS or text == "-0":
        raise ValueError
    return int(text)


def _other(text: str) -> float:
    raise ValueError(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_mapping, parse_int=_whole, parse_float=_other, parse_constant=_other
)
