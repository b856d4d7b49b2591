"""Mutants of `documents` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_SPEED: Final = "it spares work, and changes no answer"
_WHOLE: Final = "a text at the bound is read whole, and is taken then"
_SHORTEST: Final = (
    "the shortest digits of a double near 64 bits end with zeros, so no whole number is the bound"
)
EQUIVALENT: Final[dict[str, str]] = {
    "gate/documents/field_edits.py FieldEdits._one: True for False": (
        "it is asked for a value that has a key alone, and is set with the key"
    ),
    "gate/documents/strict.py optional_text: Lt for LtE": "`text` takes what has just the length",
    "gate/documents/strict.py stated_text: Lt for LtE": "`text` takes what has just the length",
    "gate/documents/strict_json.py _read: no augassign": _SPEED,
    "gate/documents/strict_json.py _read: True for `structure.keys != kept`": _SPEED,
    (
        "gate/documents/strict_json.py _read: True for "
        "`'\\\\' in text and any((half in text for half in _HALVES))`"
    ): _SPEED,
    "gate/documents/strict_json.py _read: or for and": _SPEED,
    "gate/documents/strict_json.py _read: no `'\\\\' in text`": _SPEED,
    "gate/documents/strict_json.py _read: no `any((half in text for half in _HALVES))`": _SPEED,
    "gate/documents/yaml_once.py build_once: False for `len(text) < _LARGE`": _SPEED,
    "gate/documents/yaml_once.py build_once: LtE for Lt": _SPEED,
    "gate/documents/yaml_once.py build_once: GtE for Gt": _WHOLE,
    "gate/documents/yaml_once.py build_once: GtE for Gt (2)": _WHOLE,
    "gate/documents/yaml_once.py _piece: True for `len(piece) >= _LARGE`": _SPEED,
    "gate/documents/yaml_once.py _piece: Gt for GtE": _SPEED,
    "gate/documents/yaml_once.py _pieces: True for `end - at >= _LARGE`": _SPEED,
    "gate/documents/yaml_once.py _pieces: Gt for GtE": _SPEED,
    "gate/documents/yaml_once.py _pieces: Add for Sub": _SPEED,
    "gate/documents/yaml_text.py read_yaml: False for `b'gate: ignore[' not in text`": _SPEED,
    "gate/documents/yaml_text.py _json: True for `len(found) == 1`": (
        "what JSON takes for one object is one document in braces to libyaml, or is refused"
    ),
    "gate/documents/yaml_text.py _checked: False for `clean`": _SPEED,
}
