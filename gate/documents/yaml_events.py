"""libyaml events to documents. `gate.documents.yaml_text.read_yaml` is the way in."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any, Final, NoReturn

from yaml._yaml import CParser
from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from gate.documents import yaml_limits as limits
from gate.documents.merging import MergeConflictError, merge, spans
from gate.documents.scalars import NotFiniteError, Scalar, key_text, resolve
from gate.errors import DocumentError
from gate.model.document import Document
from gate.model.location import Location

_TAB: Final = ": a tab, where YAML wants spaces"
_CORE: Final = "tag:yaml.org,2002:"
_NO_KEY: Final = object()
_MERGE: Final = object()
_NOTHING: Final = object()
_SHIFT: Final = 32
_TAGGED: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}


def build(
    data: bytes, path: str, strings: dict[str, str], *, as_written: bool
) -> tuple[Document, ...]:
    """Return the documents that libyaml's events describe. Raises DocumentError."""
    try:
        return _Builder(path, strings, as_written=as_written).documents(CParser(data))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = _inside(mark, data, path)
        problem = _sentence(error) + (_TAB if _is_tab(mark, data) else "")
        raise _error("yaml-parse-error", problem, at) from error
    except YAMLError as error:
        raise _error("yaml-parse-error", str(error), Location(path, 1)) from error
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        problem = f"the file cannot be read: {error}"
        raise _error("yaml-parse-error", problem, Location(path, 1)) from error


class _Builder:
    """One pass over one file."""

    def __init__(self, path: str, strings: dict[str, str], *, as_written: bool) -> None:
        self._path = path
        self._strings = strings
        self._as_written = as_written

    def documents(  # noqa: C901, PLR0912, PLR0915  # the hot loop: a call an event halves its speed
        self, parser: CParser
    ) -> tuple[Document, ...]:
        get_event: Callable[[], Any] = parser.get_event
        strings = self._strings
        plain: dict[str, Scalar] = {}
        done: list[Document] = []
        nodes = 0
        stack: list[Any] = []
        anchors: dict[str, tuple[Any, array[int]]] = {}
        marks: array[int] = array("Q")
        add_mark = marks.append
        root: Any = _NOTHING
        current: Any = None
        is_map = False
        key: Any = _NO_KEY
        key_at = start = 0
        merged: dict[str, array[int]] | None = None
        inherited: set[str] = set()
        anchor: str | None = None
        while True:
            event: Any = get_event()
            kind = event.__class__
            if kind is ScalarEvent:
                value = event.value
                if event.implicit[0]:
                    try:
                        value = plain[value]
                    except KeyError:
                        try:
                            resolved = resolve(value)
                        except NotFiniteError:
                            self._refuse(
                                "yaml-not-finite", f"{value} is not a JSON number", event,
                                remedy="write a finite number, or quote the text",
                            )  # fmt: skip
                        if resolved.__class__ is str:
                            resolved = strings.setdefault(resolved, resolved)
                        plain[value] = resolved
                        value = resolved
                elif event.tag is not None and event.tag != "!":
                    value = self._tagged(event)
                else:
                    value = strings.setdefault(value, value)
                nodes += 1
                if is_map and key is _NO_KEY:
                    mark = event.start_mark
                    key_at = len(marks)
                    add_mark(mark.line << _SHIFT | mark.column)
                    if value == "<<" and event.implicit[0]:
                        if merged is None:
                            merged = spans(current, marks, start)
                        key = _MERGE
                        continue
                    if value.__class__ is not str:
                        value = event.value if self._as_written else self._key(value, event)
                    if value in current:
                        if value not in inherited:
                            self._refuse(
                                "yaml-duplicate-key", f"the key {value!r} stands twice", event,
                                remedy="keep one of the two",
                            )  # fmt: skip
                        inherited.discard(value)
                        del current[value]
                    key = value
                    if event.anchor:
                        anchors[event.anchor] = (value, array("Q"))
                    continue
                if not is_map:
                    mark = event.start_mark
                    add_mark(mark.line << _SHIFT | mark.column)
                if event.anchor:
                    anchors[event.anchor] = (value, array("Q"))
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if is_map and key is _NO_KEY:
                    self._refuse(
                        "yaml-key", "a mapping or a sequence cannot be a key", event,
                        remedy="quote the text if it was meant as text",
                    )  # fmt: skip
                if len(stack) >= limits.MAX_DEPTH:
                    self._refuse(
                        "yaml-too-deep", f"nested deeper than {limits.MAX_DEPTH} levels", event,
                        remedy="flatten the document",
                    )  # fmt: skip
                tag = event.tag
                if tag is not None and tag not in (
                    _CORE + ("map" if kind is MappingStartEvent else "seq"),
                    "!",
                ):
                    self._refuse(
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
                inherited = set()
                anchor = event.anchor
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
                if event.anchor not in anchors:
                    self._refuse(
                        "yaml-alias", f"no anchor {event.anchor!r} ends before this alias", event,
                        remedy="define the anchor above; an anchor cannot hold itself",
                    )  # fmt: skip
                if is_map and key is _NO_KEY:
                    self._refuse(
                        "yaml-key", "an alias cannot be a key", event, remedy="write the key out"
                    )
                value, below = anchors[event.anchor]
                nodes += len(below) + 1
                if not is_map:
                    mark = event.start_mark
                    add_mark(mark.line << _SHIFT | mark.column)
                marks.extend(below)
            elif kind is DocumentEndEvent:
                if root is not None and root is not _NOTHING:
                    done.append(Document(root, self._path, array("Q", marks)))
                continue
            elif kind is DocumentStartEvent:
                if len(done) >= limits.MAX_DOCUMENTS:
                    self._refuse(
                        "yaml-too-many-documents",
                        f"more than {limits.MAX_DOCUMENTS} documents in one file", event,
                        remedy="split the file",
                    )  # fmt: skip
                if event.tags:
                    self._refuse(
                        "yaml-tag", "a %TAG directive means nothing here", event,
                        remedy="remove the directive",
                    )  # fmt: skip
                root, current, is_map, key = _NOTHING, None, False, _NO_KEY
                anchors = {}
                del marks[:]
                continue
            elif kind is StreamEndEvent:
                return tuple(done)
            else:
                continue
            if nodes > limits.MAX_NODES:
                self._refuse(
                    "yaml-too-many-nodes", f"more than {limits.MAX_NODES} parts, aliases expanded",
                    event, remedy="split the file, or use fewer aliases",
                )  # fmt: skip
            if is_map:
                if key is _MERGE and merged is not None:
                    self._merge(event, current, value, (marks[key_at:], merged, inherited))
                else:
                    current[key] = value
                    if merged is not None:
                        merged[key] = marks[key_at:]
                key = _NO_KEY
            elif current is None:
                root = value
            else:
                current.append(value)

    def _merge(
        self,
        event: Any,  # noqa: ANN401  # any event
        into: dict[str, Any],
        value: Any,  # noqa: ANN401  # whatever the document says
        state: tuple[array[int], dict[str, array[int]], set[str]],
    ) -> None:
        try:
            merge(into, value, *state)
        except MergeConflictError as conflict:
            self._refuse("yaml-merge", str(conflict), event, remedy=conflict.remedy)

    def _key(self, value: Scalar, event: ScalarEvent) -> str:
        text = key_text(value)
        if text is None:
            self._refuse(
                "yaml-key", f"{event.value!r} cannot be a key", event, remedy="quote the key"
            )
        return text

    def _tagged(self, event: ScalarEvent) -> Scalar:
        """Return a scalar that carries one of YAML's own tags."""
        text: str = event.value
        kind = str(event.tag).removeprefix(_CORE)
        if kind == "str":
            return text
        try:
            resolved: Scalar = resolve(text)
        except NotFiniteError:
            resolved = text
        fits = kind in _TAGGED and isinstance(resolved, _TAGGED[kind])
        if not fits or isinstance(resolved, bool) != (kind == "bool"):
            self._refuse(
                "yaml-tag", f"the tag {event.tag!r} does not fit here", event,
                remedy="remove the tag",
            )  # fmt: skip
        return resolved

    def _refuse(self, code: str, problem: str, event: Any, *, remedy: str) -> NoReturn:  # noqa: ANN401
        mark: Mark = event.start_mark
        location = Location(self._path, mark.line + 1, mark.column + 1)
        raise limits.refuse(code, problem, location, remedy=remedy)


def _sentence(error: MarkedYAMLError) -> str:
    parts = [str(part) for part in (error.context, error.problem) if part]
    return ": ".join(parts) or "the file is not YAML"


def _is_tab(mark: Mark | None, data: bytes) -> bool:
    lines = data.split(b"\n")
    if mark is None or mark.line >= len(lines):
        return False
    return lines[mark.line].decode("utf-8")[mark.column : mark.column + 1] == "\t"


def _inside(mark: Mark | None, data: bytes, path: str) -> Location:
    """Return the mark's place; the end of the text for the line that libyaml sees behind it."""
    if mark is None:
        return Location(path, 1)
    lines = data.rstrip(b"\n").split(b"\n")
    if mark.line < len(lines):
        return Location(path, mark.line + 1, mark.column + 1)
    return Location(path, len(lines), len(lines[-1].decode("utf-8")) + 1)


def _error(code: str, problem: str, location: Location) -> DocumentError:
    return limits.refuse(code, problem, location, remedy="correct the file at this place")
