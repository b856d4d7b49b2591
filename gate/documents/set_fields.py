"""Fields that are set in the text of a YAML or JSON file, and nothing else changed in it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Final

from gate.documents.field_edits import Edit, FieldEdits, Root, Setting
from gate.documents.written_nodes import NotWrittenAsYamlError, written_documents
from gate.model.records import dataclass

_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Patched:
    """A text in which fields were set."""

    text: str
    refused: tuple[tuple[Setting, str], ...]
    """Each setting that was left out, and why, as the end of a sentence."""


def set_fields(text: str, settings: Iterable[Setting]) -> Patched:
    """Return the text with each field set that can be set, every other character unchanged.

    New entries follow the last one of their mapping; where its keys are sorted, they stay so.
    A field that an alias repeats, or that a merge key brings, is left out. Of a text that libyaml
    does not read, as several JSON texts in a row, every field is left out. Raises nothing.
    """
    by_root: dict[Root, list[Setting]] = {}
    for setting in settings:
        by_root.setdefault(setting.root, []).append(setting)
    bare = text.removeprefix(_BOM)
    edits: list[Edit] = []
    refused: list[tuple[Setting, str]] = []
    try:
        for root, document in written_documents(bare, by_root):
            FieldEdits(bare, document, edits, refused).all(by_root.pop(root))
    except NotWrittenAsYamlError:
        every = [s for found in by_root.values() for s in found]
        return Patched(
            text, (*refused, *((s, "the text is not one that YAML knows") for s in every))
        )
    for left in by_root.values():
        refused += [(setting, "the document does not begin where it was read") for setting in left]
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end, -e.column)):
        parts += (bare[done : edit.start], edit.new)
        done = edit.end
    return Patched(text[: len(text) - len(bare)] + "".join((*parts, bare[done:])), tuple(refused))


def with_fields(value: Any, settings: Iterable[Setting]) -> Any:  # noqa: ANN401  # any JSON value
    """Return what a document's value is with the fields set.

    `{"a": None}` with `a.b` set to true is `{"a": {"b": True}}`.
    """
    value = copy.deepcopy(value)
    for setting in settings:
        *parents, last = setting.path
        here = value
        for key in parents:
            if isinstance(here, dict) and here.get(key) is None:
                here[key] = {}
            here = here[key]
        new = list(setting.value) if isinstance(setting.value, tuple) else setting.value
        if last == len(here):
            here.append(new)
        else:
            here[last] = new
    return value
