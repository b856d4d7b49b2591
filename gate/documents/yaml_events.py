"""libyaml events to documents. `gate.documents.yaml_text.read_yaml` is the way in."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any, Final

from gate.documents import yaml_limits as limits
from gate.documents.libyaml import (
    AliasEvent,
    CParser,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from gate.documents.merging import spans
from gate.documents.scalars import NUMERIC_START, WORDS, Scalar
from gate.documents.yaml_nodes import CORE, Nodes
from gate.model.document import Document
from gate.model.location import Location
from gate.model.value import Value

_NO_KEY: Final = object()
_MERGE: Final = object()
_SHIFT: Final = 32


class Builder:
    """One pass over one file."""

    def __init__(
        self,
        path: str,
        strings: dict[str, str],
        as_written: bool,  # noqa: FBT001  # private
        origin: tuple[int, int],
    ) -> None:
        """Take the name of the text's file, texts that are kept once, and where it begins there.

        `as_written` is whether keys stay the text that is there.
        """
        self._path = path
        self._strings = strings
        self._as_written = as_written
        self._origin = origin
        self._nodes = Nodes(path, origin)
        self.parts: int
        """How many parts the documents have, aliases expanded; known at their end."""

    def documents(  # noqa: C901, PLR0912, PLR0915  # the hot loop: a call an event halves its speed
        self, parser: CParser
    ) -> tuple[Document, ...]:
        """Return the documents that a parser of the text finds. Raises DocumentError."""
        get_event: Callable[[], Any] = parser.get_event
        strings = self._strings
        plain: dict[str, Scalar] = {}
        done: list[Document] = []
        nodes = 0
        stack: list[Any] = []
        anchors: dict[str, tuple[Any, array[int]] | None] = {}
        judge = self._nodes
        marks: array[int] = array("Q")
        add_mark = marks.append
        root: Any = None
        current: Any = None
        is_map = False
        key: Any = _NO_KEY
        key_at = start = 0
        merged: Any = None  # the marks of each entry, where the mapping has a merge key
        numeric = NUMERIC_START | {""}
        none: set[str] = set()  # of all mappings without a merge: nothing is added to it
        inherited = none
        anchor: str | None = None
        most_nodes = limits.MAX_NODES
        max_depth = limits.MAX_DEPTH
        while True:
            event: Any = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                value = event.value
                if event.tag is not None:
                    value = judge.tagged(event, is_key=is_map and key is _NO_KEY)
                elif event.implicit[0]:
                    try:
                        value = plain[value]
                    except KeyError:
                        if value[:1] not in numeric and value not in WORDS:
                            value = plain[value] = strings.setdefault(value, value)
                        else:
                            resolved = judge.plain(event)
                            if resolved.__class__ is str:
                                resolved = strings.setdefault(resolved, resolved)
                            plain[value] = resolved
                            value = resolved
                else:
                    value = strings.setdefault(value, value)
                nodes += 1
                if is_map and key is _NO_KEY:
                    mark = event.start_mark
                    key_at = len(marks)
                    add_mark(mark.line << _SHIFT | mark.column)
                    if event.anchor:
                        judge.refuse(
                            "yaml-anchor", f"the anchor {event.anchor!r} is on a key", event,
                            remedy="put the anchor on a value",
                        )  # fmt: skip
                    if value == "<<" and event.implicit[0]:
                        if merged is not None:
                            judge.refuse(
                                "yaml-merge", "the mapping has two merge keys", event,
                                remedy="write one merge key with a list: `<<: [*a, *b]`",
                            )  # fmt: skip
                        merged = spans(current, marks, start)
                        inherited = set()
                        key = _MERGE
                        continue
                    if value.__class__ is not str:
                        value = event.value if self._as_written else judge.key(value, event)
                    if value in current:
                        if value not in inherited:
                            judge.refuse(
                                "yaml-duplicate-key", f"the key {value!r} is there twice", event,
                                remedy="keep one of the two",
                            )  # fmt: skip
                        judge.check_override(event, value)
                        inherited.discard(value)
                        del current[value]
                    key = value
                    continue
                if not is_map:
                    mark = event.start_mark
                    add_mark(mark.line << _SHIFT | mark.column)
                if event.anchor:
                    judge.check_anchor(event, anchors)
                    anchors[event.anchor] = (value, array("Q"))
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if is_map and key is _NO_KEY:
                    judge.refuse(
                        "yaml-key", "a mapping or a sequence cannot be a key", event,
                        remedy="quote the text if it was meant as text",
                    )  # fmt: skip
                if len(stack) >= max_depth:
                    judge.refuse(
                        "yaml-too-deep", f"nested deeper than {limits.MAX_DEPTH} levels", event,
                        remedy="flatten the document",
                    )  # fmt: skip
                tag = event.tag
                if tag is not None and tag not in (
                    CORE + ("map" if kind is MappingStartEvent else "seq"),
                    "!",
                ):
                    judge.refuse(
                        "yaml-tag", f"the tag {tag!r} means nothing here", event,
                        remedy="remove the tag",
                    )  # fmt: skip
                nodes += 1
                if not is_map:
                    mark = event.start_mark
                    add_mark(mark.line << _SHIFT | mark.column)
                stack.append((current, is_map, key, key_at, start, merged, inherited, anchor))
                is_map = kind is MappingStartEvent
                current = {} if is_map else []
                key = _NO_KEY
                start = len(marks)
                merged = None
                inherited = none
                anchor = event.anchor
                if anchor:
                    judge.check_anchor(event, anchors)
                    anchors[anchor] = None
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                value = current
                if merged is not None:
                    del marks[start:]
                    for name in value:
                        marks.extend(merged[name])
                if anchor:
                    anchors[anchor] = (value, marks[start:])
                current, is_map, key, key_at, start, merged, inherited, anchor = stack.pop()
            elif kind is AliasEvent:
                target = anchors.get(event.anchor)
                if target is None:
                    judge.refuse(
                        "yaml-alias", f"no anchor {event.anchor!r} ends before this alias", event,
                        remedy="define the anchor above; an anchor cannot hold itself",
                    )  # fmt: skip
                if is_map and key is _NO_KEY:
                    judge.refuse(
                        "yaml-key", "an alias cannot be a key", event, remedy="write the key out"
                    )
                value, below = target
                nodes += len(below) + 1
                if not is_map:
                    mark = event.start_mark
                    add_mark(mark.line << _SHIFT | mark.column)
                marks.extend(below)
            elif kind is DocumentEndEvent:
                if root is not None:
                    done.append(Document(Value(root), self._path, self._moved(marks)))
                continue
            elif kind is DocumentStartEvent:
                if len(done) >= limits.MAX_DOCUMENTS:
                    mark = event.start_mark
                    raise limits.too_many_documents(
                        Location(self._path, mark.line + 1, mark.column + 1)
                    )
                if event.tags or event.version:
                    judge.refuse(
                        "yaml-directive", "kubectl cannot read a directive", event,
                        remedy="remove the line that begins with %",
                    )  # fmt: skip
                root, current, is_map, key = None, None, False, _NO_KEY
                anchors = {}
                del marks[:]
                continue
            elif kind is StreamEndEvent:
                self.parts = nodes
                return tuple(done)
            else:
                continue
            if nodes > most_nodes:
                judge.refuse(
                    "yaml-too-many-nodes", f"more than {limits.MAX_NODES} parts, aliases expanded",
                    event, remedy="split the file, or use fewer aliases",
                )  # fmt: skip
            if is_map:
                if key is _MERGE:
                    judge.merge(current, value, (marks[key_at:], merged, inherited))
                else:
                    current[key] = value
                    if merged is not None:
                        merged[key] = marks[key_at:]
                key = _NO_KEY
            elif current is None:
                root = value
            else:
                current.append(value)

    def _moved(self, marks: array[int]) -> array[int]:
        line, column = self._origin
        if not line and not column:
            return array("Q", marks)
        moved = line << _SHIFT
        return array("Q", [m + moved + (0 if m >> _SHIFT else column) for m in marks])
