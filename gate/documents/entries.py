"""Where the entries of a YAML or JSON text are, so that the text of one can be replaced."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from typing import Any, Final

from gate.errors import DocumentError
from gate.model.expressions import expression
from gate.model.location import Location
from gate.model.records import dataclass

_BOM: Final = "\ufeff"
_LINE_END: Final = expression(r"\r\n|\n|\r")
_PROPERTY: Final = expression(r"[&!]\S*(?:\s+|#[^\r\n]*)*")
"""An anchor or a tag before a scalar, and what lies between them and it."""


@dataclass(frozen=True, slots=True)
class ScalarText:
    """The text of one scalar or alias: `text[start:end]`, quotes included, no anchor or tag."""

    start: int
    end: int
    value: str
    """Of an alias, what it repeats."""
    quote: str
    """The quote around it; empty for a plain scalar and for an alias."""
    shared: bool
    """Whether an alias that is not at a wanted place repeats it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a mapping, or an item of a sequence, that has a scalar."""

    text: ScalarText
    anchor: ScalarText | None
    """Where `text` is an alias: the scalar at its anchor."""
    column: int
    """Of the key, from 0."""
    flow: bool
    """Whether the mapping is written in braces."""
    key_quote: str


def entries_at(text: str, path: str, places: Collection[Location]) -> Mapping[Location, Entry]:
    """Return the entry at each place: a key's, as `Document.place` has it, or an item's.

    `text` is a file that `read_yaml` took. A place without a plain or quoted scalar, or an alias
    of one, is left out: a block scalar cannot be replaced in its line. Raises DocumentError
    `cannot-pin` for a text that is no YAML to libyaml, such as several JSON texts in a row.
    """
    from gate.documents.libyaml import YAMLError  # noqa: PLC0415  # loaded with the first document

    wanted = {(place.line - 1, place.column - 1): place for place in places}
    reading = _Reading(text, frozenset(wanted))
    try:
        reading.read()
    except YAMLError as error:
        raise DocumentError(
            "cannot-pin",
            "this file is read, and its text cannot be edited in place",
            remedy="write it as YAML documents between lines `---`",
            location=Location(path, 1),
        ) from error
    return {wanted[mark]: entry for mark, entry in reading.entries()}


@dataclass(slots=True)
class _Level:
    """A collection that is open."""

    is_mapping: bool
    flow: bool
    key: Any = None
    """The event of the key whose value comes next."""


@dataclass(slots=True)
class _Reading:
    """One pass over a text."""

    text: str
    wanted: frozenset[tuple[int, int]]
    _found: dict[tuple[int, int], tuple[Any, Any, bool]] = field(default_factory=dict)
    """By place: the event of the key or item, that of its value, and whether in braces."""
    _anchors: dict[str | None, Any] = field(default_factory=dict)
    """By name: the event of the scalar that has it, None for another node. Of nodes without an
    anchor, the last."""
    _meant: dict[tuple[int, int], Any] = field(default_factory=dict)
    """By the place of an alias: the event of the scalar that it repeats."""
    _elsewhere: set[tuple[int, int]] = field(default_factory=set)
    """Where the scalars begin that an alias at no wanted place repeats."""

    def read(self) -> None:
        """Take every event of the text."""
        from gate.documents.libyaml import (  # noqa: PLC0415  # likewise
            CollectionEndEvent,
            CollectionStartEvent,
            CParser,  # loaded with the first document
            DocumentStartEvent,
            MappingStartEvent,
            NodeEvent,
            StreamEndEvent,
        )

        parser: Any = CParser(self.text.removeprefix(_BOM))
        levels: list[_Level] = []
        event: Any = parser.get_event()
        while not isinstance(event, StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                levels = [_Level(is_mapping=False, flow=False)]
                self._anchors.clear()
            elif isinstance(event, CollectionEndEvent):
                levels.pop()
            elif isinstance(event, NodeEvent):
                self._node(event, levels[-1])
                if isinstance(event, CollectionStartEvent):
                    is_mapping = isinstance(event, MappingStartEvent)
                    levels.append(_Level(is_mapping, bool(event.flow_style)))
            event = parser.get_event()

    def _node(self, event: Any, level: _Level) -> None:  # noqa: ANN401  # any node's event
        from gate.documents.libyaml import AliasEvent, ScalarEvent  # noqa: PLC0415  # loaded with `read`

        if level.is_mapping and level.key is None:
            level.key = event
            return
        head, level.key = (level.key or event), None
        place = (head.start_mark.line, head.start_mark.column)
        if isinstance(event, AliasEvent):
            meant = self._anchors.get(str(event.anchor))
            if meant is None:
                return
            if place in self.wanted:
                self._meant[place] = meant
            else:
                self._elsewhere.add((meant.start_mark.line, meant.start_mark.column))
        else:
            self._anchors[event.anchor] = event if isinstance(event, ScalarEvent) else None
        if place in self.wanted and isinstance(event, AliasEvent | ScalarEvent):
            self._found[place] = (head, event, level.flow)

    def entries(self) -> Iterator[tuple[tuple[int, int], Entry]]:
        """Yield each place that was found, with its entry."""
        starts = [0, *(end.end() for end in _LINE_END.finditer(self.text.removeprefix(_BOM)))]
        if self.text.startswith(_BOM):
            starts = [start + 1 for start in starts]
        for place, (head, event, flow) in self._found.items():
            meant = self._meant.get(place, event)
            if meant.style in ("|", ">"):
                continue
            text = self._scalar(event, meant, starts)
            anchor = None if meant is event else self._scalar(meant, meant, starts)
            yield place, Entry(text, anchor, place[1], flow, _quote(head))

    def _scalar(self, event: Any, meant: Any, starts: list[int]) -> ScalarText:  # noqa: ANN401  # libyaml has no types
        begin, end = (starts[m.line] + m.column for m in (event.start_mark, event.end_mark))
        while property_ := _PROPERTY.match(self.text, begin, end):
            begin = property_.end()
        mark = meant.start_mark
        shared = (mark.line, mark.column) in self._elsewhere
        return ScalarText(begin, end, meant.value, _quote(event), shared)


def _quote(event: Any) -> str:  # noqa: ANN401  # a scalar's event, or any key's
    style = getattr(event, "style", None)
    return style if style in ('"', "'") else ""
