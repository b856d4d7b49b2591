"""Mutants of `documents` that change nothing that anybody could see, each with the reason."""

from __future__ import annotations

from typing import Final

_SPEED: Final = "it spares work, and changes no answer"
_WHOLE: Final = "a text at the bound is read whole, and is taken then"
_SHORTEST: Final = (
    "the shortest digits of a double near 64 bits end with zeros, so no whole number is the bound"
)
_PRINTABLE: Final = "U+00FF, U+0100 and U+10000 are printable, and are written as they are"
_WINDOW: Final = "the first value that is read makes a window"
_QUOTE: Final = "a quotation mark is before each escape"
EQUIVALENT: Final[dict[str, str]] = {
    "gate/documents/canonical_json.py _write: True for `isinstance(value, list)`": _SPEED,
    "gate/documents/field_edits.py FieldEdits._one: True for False": (
        "it is asked for a value that has a key alone, and is set with the key"
    ),
    "gate/documents/json_stream.py _object: True for `'\\\\' in text[at:end]`": _SPEED,
    "gate/documents/large_json.py _Window.__init__: 1 for 0": _WINDOW,
    "gate/documents/large_json.py _Window.__init__: False for True": _WINDOW,
    "gate/documents/large_json.py _Window.__init__: no `not`": _WINDOW,
    "gate/documents/large_json.py _Window.value: Lt for LtE": _SPEED,
    "gate/documents/large_json.py _Window.value: 1 for 0": _SPEED,
    "gate/documents/large_json.py _Window.value: Lt for LtE (2)": _SPEED,
    "gate/documents/large_json.py _Window.value: 3 for 2": _SPEED,
    "gate/documents/large_json.py _Window.value: False for `self._is_ascii`": _SPEED,
    "gate/documents/large_json.py _Window._in_full: False for `part.isascii()`": _SPEED,
    "gate/documents/large_json.py _Text._mark: True for `after[1] == b','`": (
        "what is read next may begin with space too"
    ),
    (
        "gate/documents/large_json.py _Text._check_whole: True for "
        "`self._has_halves and any((self._data.find(half, at, end) >= 0 for half in HALVES))`"
    ): _SPEED,
    "gate/documents/large_json.py _Text._check_whole: or for and": _SPEED,
    "gate/documents/large_json.py _Text._check_whole: no `self._has_halves`": _SPEED,
    (
        "gate/documents/large_json.py _Text._check_whole: "
        "no `any((self._data.find(half, at, end) >= 0 for half in HALVES))`"
    ): _SPEED,
    "gate/documents/large_json.py _Text._check_whole: Gt for GtE": _QUOTE,
    "gate/documents/large_json.py _Text._check_whole: 1 for 0": _QUOTE,
    "gate/documents/scalars.py resolve: False for True": "there are as many groups as bases",
    "gate/documents/scalars.py as_number: False for `abs(value) < _EXACT`": _SPEED,
    "gate/documents/scalars.py as_number: LtE for Lt": _SPEED,
    "gate/documents/scalars.py as_number: Lt for LtE (3)": _SHORTEST,
    "gate/documents/scalars.py as_number: Lt for LtE (4)": _SHORTEST,
    "gate/documents/strict.py optional_text: Lt for LtE": "`text` takes what has just the length",
    "gate/documents/strict.py stated_text: Lt for LtE": "`text` takes what has just the length",
    "gate/documents/strict_json.py _read: no augassign": _SPEED,
    "gate/documents/strict_json.py _read: True for `structure.keys != kept`": _SPEED,
    (
        "gate/documents/strict_json.py _read: True for "
        "`b'\\\\' in data and any((half in data for half in HALVES))`"
    ): _SPEED,
    "gate/documents/strict_json.py _read: or for and": _SPEED,
    "gate/documents/strict_json.py _read: no `b'\\\\' in data`": _SPEED,
    "gate/documents/strict_json.py _read: no `any((half in data for half in HALVES))`": _SPEED,
    "gate/documents/structure.py Structure.of: True for `b'\\\\' in data`": _SPEED,
    "gate/documents/yaml_events.py Builder.documents: True for False": (
        "each document sets it at its start"
    ),
    "gate/documents/yaml_events.py Builder.documents: 1 for 0 (2)": (
        "it is where the parts of a mapping begin, and is set with each mapping"
    ),
    (
        "gate/documents/yaml_events.py Builder.documents: "
        "False for `value[:1] not in numeric and value not in WORDS`"
    ): _SPEED,
    "gate/documents/yaml_events.py Builder.documents: True for `anchor` (2)": (
        "no alias names the anchor of a node without one"
    ),
    "gate/documents/yaml_events.py Builder.documents: no continue (4)": (
        "the root is set again, and the start of the next document forgets it"
    ),
    "gate/documents/yaml_events.py Builder._moved: False for `not line and (not column)`": _SPEED,
    "gate/documents/yaml_once.py build_once: LtE for Lt": _SPEED,
    "gate/documents/yaml_once.py build_once: GtE for Gt": _WHOLE,
    "gate/documents/yaml_once.py build_once: GtE for Gt (2)": _WHOLE,
    "gate/documents/yaml_once.py _piece: True for `len(piece) >= _LARGE`": _SPEED,
    "gate/documents/yaml_once.py _piece: Gt for GtE": _SPEED,
    "gate/documents/yaml_once.py _pieces: True for `end - at >= _LARGE`": _SPEED,
    "gate/documents/yaml_once.py _pieces: Gt for GtE": _SPEED,
    "gate/documents/yaml_once.py _pieces: Add for Sub": _SPEED,
    "gate/documents/yaml_stream.py check_lines: True for `b'\\r' in text`": _SPEED,
    "gate/documents/yaml_stream.py check_lines: True for `b'---' in text`": _SPEED,
    "gate/documents/yaml_stream.py check_lines: False for `text.isascii()`": _SPEED,
    "gate/documents/yaml_text.py read_yaml: False for `b'gate: ignore[' not in text`": _SPEED,
    "gate/documents/yaml_text.py _json: True for `len(found) == 1`": (
        "what JSON takes for one object is one document in braces to libyaml, or is refused"
    ),
    "gate/documents/yaml_text.py _checked: False for `clean`": _SPEED,
    "gate/documents/yaml_written.py _quoted: True for `_NOT_PLAIN.search(text)`": _SPEED,
    "gate/documents/yaml_written.py _character: Lt for LtE": _PRINTABLE,
    "gate/documents/yaml_written.py _character: 256 for 255": _PRINTABLE,
    "gate/documents/yaml_written.py _character: 65536 for 65535": _PRINTABLE,
}
