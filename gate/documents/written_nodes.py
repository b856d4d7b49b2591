"""The nodes of a YAML or JSON text with the place where each begins and ends.

Nothing is resolved: an alias is an alias, and a merge key is a key. What a node means says
`read_yaml`; this room says where its text is, so that a part of it can be replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import field
from typing import Any, Final

from gate.model.expressions import expression
from gate.model.records import dataclass

_LINE_END: Final = expression(r"\r\n|\n|\r")


class NotWrittenAsYamlError(ValueError):
    """libyaml does not read the text, as it does not read several JSON texts in a row."""


@dataclass(slots=True, kw_only=True)
class Written:
    """One node: a mapping, a sequence, a scalar or an alias."""

    start: int
    """Of its text, an anchor and a tag included; of a block collection, its first key or dash."""
    end: int
    """Of its content: behind the last quote, bracket or character of the last part."""
    column: int
    """Of the start, from 0."""
    closed: bool = True
    """Whether what follows in its last line is a comment at most. False where a block of text
    (`|` or `>`) ends it, whose trailing lines may belong to it."""
    flow: bool = False
    """Whether a collection is written in braces or brackets."""
    named: bool = False
    """Whether an anchor or a tag is on it."""
    anchor: str | None = None
    """The anchor that it defines."""


@dataclass(slots=True, kw_only=True)
class WrittenScalar(Written):
    """A scalar."""

    text: str
    """What is written, without quotes."""
    style: str
    """The quote around it, or the sign of its block of text; empty for a plain scalar."""


@dataclass(slots=True, kw_only=True)
class WrittenAlias(Written):
    """An alias."""


@dataclass(slots=True, kw_only=True)
class WrittenMapping(Written):
    """A mapping."""

    entries: list[tuple[Written, Written]] = field(default_factory=list)

    def entry(self, key: str) -> tuple[WrittenScalar, Written] | None:
        """Return the key and the value of an entry; None where it is not written."""
        for name, value in self.entries:
            if isinstance(name, WrittenScalar) and name.text == key:
                return name, value
        return None

    @property
    def merges(self) -> bool:
        """Whether another mapping is merged into it."""
        return any(
            isinstance(k, WrittenScalar) and k.text == "<<" and not k.style for k, _ in self.entries
        )


@dataclass(slots=True, kw_only=True)
class WrittenSequence(Written):
    """A sequence."""

    items: list[Written] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """One document of a text."""

    root: Written
    aliased: frozenset[str]
    """The anchors that an alias of the document repeats."""


def written_documents(
    text: str, roots: Collection[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], WrittenDocument]]:
    """Yield the documents whose root begins at one of `roots`, lines and columns from 0.

    `text` has no byte order mark. Raises NotWrittenAsYamlError. Of other documents nothing is
    built.
    """
    from gate.documents.libyaml import YAMLError  # noqa: PLC0415  # loaded with the first document

    try:
        yield from _Reading(text).documents(roots)
    except (YAMLError, UnicodeError) as error:
        raise NotWrittenAsYamlError from error


@dataclass(slots=True)
class _Open:
    """A collection that is open, and the key whose value comes next."""

    node: WrittenMapping | WrittenSequence
    key: Written | None = None

    def take(self, node: Written) -> None:
        """Add a part."""
        if isinstance(self.node, WrittenSequence):
            self.node.items.append(node)
        elif self.key is None:
            self.key = node
        else:
            self.node.entries.append((self.key, node))
            self.key = None
        self.node.end, self.node.closed = node.end, node.closed


class _Reading:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def documents(
        self, roots: Collection[tuple[int, int]]
    ) -> Iterator[tuple[tuple[int, int], WrittenDocument]]:
        from gate.documents.libyaml import (  # noqa: PLC0415  # likewise
            CParser,  # loaded with the first document
            DocumentStartEvent,
            StreamEndEvent,
        )

        parser: Any = CParser(self._text)
        event: Any = parser.get_event()
        while not isinstance(event, StreamEndEvent):
            begins = isinstance(event, DocumentStartEvent)
            event = parser.get_event()
            at = (event.start_mark.line, event.start_mark.column)
            if begins and at in roots:
                yield at, self._document(event, parser)

    def _document(self, event: Any, parser: Any) -> WrittenDocument:  # noqa: ANN401  # no types
        from gate.documents.libyaml import AliasEvent, CollectionEndEvent, CollectionStartEvent  # noqa: PLC0415  # yaml is loaded with the first document

        levels: list[_Open] = []
        aliased: set[str] = set()
        while True:
            if isinstance(event, CollectionStartEvent):
                levels.append(_Open(self._collection(event)))
            else:
                if isinstance(event, CollectionEndEvent):
                    node: Written = levels.pop().node
                    if node.flow:
                        node.end = self._index(event.end_mark)
                else:
                    node = self._leaf(event)
                if isinstance(event, AliasEvent):
                    aliased.add(str(event.anchor))
                if not levels:
                    return WrittenDocument(node, frozenset(aliased))
                levels[-1].take(node)
            event = parser.get_event()

    def _index(self, mark: Any) -> int:  # noqa: ANN401  # libyaml's mark has no type
        return self._starts[int(mark.line)] + int(mark.column)

    def _collection(self, event: Any) -> WrittenMapping | WrittenSequence:  # noqa: ANN401  # libyaml has no types
        from gate.documents.libyaml import MappingStartEvent  # noqa: PLC0415  # as above

        kind = WrittenMapping if isinstance(event, MappingStartEvent) else WrittenSequence
        return kind(
            start=self._index(event.start_mark),
            end=self._index(event.end_mark),
            column=event.start_mark.column,
            flow=bool(event.flow_style),
            named=bool(event.anchor or event.tag),
            anchor=event.anchor,
        )

    def _leaf(self, event: Any) -> Written:  # noqa: ANN401  # a scalar's or an alias' event
        from gate.documents.libyaml import AliasEvent  # noqa: PLC0415  # as above

        start, end = self._index(event.start_mark), self._index(event.end_mark)
        column = event.start_mark.column
        if isinstance(event, AliasEvent):
            return WrittenAlias(start=start, end=end, column=column)
        return WrittenScalar(
            start=start,
            end=end,
            column=column,
            closed=event.style not in ("|", ">"),
            named=bool(event.anchor or event.tag),
            anchor=event.anchor,
            text=event.value,
            style=event.style,
        )
