"""What is edited in a text so that one of its documents has more fields."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any, Final, TypeAlias

from gate.documents.rendered_fields import as_block, as_flow, as_lines
from gate.documents.written_nodes import (
    Written,
    WrittenAlias,
    WrittenDocument,
    WrittenMapping,
    WrittenScalar,
    WrittenSequence,
)
from gate.model.document import Path
from gate.model.records import dataclass

_REST: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?(\r\n|\n|\Z)")
"""What may follow a value in its line."""
_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_STEP: Final = 2

Root: TypeAlias = tuple[int, int]
"""Line and column, from 0, where a document's root begins."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field, and what it shall be."""

    root: Root
    """Of which document."""
    path: Path
    """From the document's root. The last part may be the position behind the last item of a
    list: the value is then added there. Mappings that lie between are made."""
    value: bool | str | tuple[str, ...]


class _CannotSetError(ValueError):
    """A field cannot be set here without changing something else; the text says why."""


@dataclass(slots=True)
class Edit:
    """`text[start:end]` becomes `new`; of those at one place, the one further in comes first."""

    start: int
    end: int
    new: str
    column: int = 0


@dataclass(slots=True)
class _Addition:
    """Entries that one mapping gets, or the empty value that becomes a mapping."""

    node: Written
    key: Written | None
    """The key of an empty value; None where the mapping has entries."""
    flow: bool
    """Whether the empty value is inside of braces."""
    step: int
    entries: dict[str, Any] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)


@dataclass(slots=True)
class FieldEdits:
    """The fields that are set in one document."""

    text: str
    document: WrittenDocument
    edits: list[Edit]
    refused: list[tuple[Setting, str]]
    additions: dict[int, _Addition] = field(default_factory=dict)

    def all(self, settings: Iterable[Setting]) -> None:
        """Collect the edits, and what cannot be set and why."""
        for setting in settings:
            try:
                self._one(setting)
            except _CannotSetError as error:
                self.refused.append((setting, str(error)))
        for addition in self.additions.values():
            try:
                self.edits += self._added(addition)
            except _CannotSetError as error:
                self.refused += [(setting, str(error)) for setting in addition.settings]

    def _one(self, setting: Setting) -> None:
        node, key, step, flow = self.document.root, None, _STEP, False
        for depth, part in enumerate(setting.path):
            self._check_own(node)
            if isinstance(node, WrittenMapping) and isinstance(part, str):
                entry = node.entry(part)
                if entry is None:
                    if node.merges:
                        message = "a merge key (<<) completes the mapping"
                        raise _CannotSetError(message)
                    empty = None if node.entries else key
                    self._add(node, empty, setting, depth, (step, flow))
                    return
                flow = flow or node.flow
                key, value = entry
                if isinstance(value, WrittenMapping) and not value.flow and not node.flow:
                    step = max(value.column - node.column, 1)
                node = value
            elif isinstance(node, WrittenSequence) and isinstance(part, int):
                if part == len(node.items):
                    self.edits.append(self._appended(node, str(setting.value)))
                    return
                flow = flow or node.flow
                node, key = node.items[part], None
            elif isinstance(node, WrittenScalar) and key is not None and _is_null(node):
                self._add(node, key, setting, depth, (step, flow))
                return
            else:
                message = "something else is written there"
                raise _CannotSetError(message)
        self._check_own(node)
        self.edits.append(self._replaced(node, setting.value))

    def _check_own(self, node: Written) -> None:
        if isinstance(node, WrittenAlias):
            message = "an alias (*) is written there"
            raise _CannotSetError(message)
        if node.anchor in self.document.aliased:
            message = f"an alias repeats it elsewhere (&{node.anchor})"
            raise _CannotSetError(message)

    def _add(
        self,
        node: Written,
        key: Written | None,
        setting: Setting,
        depth: int,
        style: tuple[int, bool],
    ) -> None:
        step, flow = style
        addition = self.additions.setdefault(id(node), _Addition(node, key, flow, step))
        addition.settings.append(setting)
        here = addition.entries
        *parents, last = (str(part) for part in setting.path[depth:])
        for part in parents:
            here = here.setdefault(part, {})
        value = setting.value
        here[last] = list(value) if isinstance(value, tuple) else value

    def _added(self, addition: _Addition) -> list[Edit]:
        node = addition.node
        if addition.key is None and isinstance(node, WrittenMapping):
            if not node.flow:
                return list(self._below(node, addition))
            if node.entries:
                return list(self._beside(node, addition))
        quoted = isinstance(addition.key, WrittenScalar) and addition.key.quote == '"'
        if addition.flow or node.named or addition.key is None or not self._on_one_line(addition):
            new = as_flow(addition.entries, quoted=quoted)
            start = node.start
            if isinstance(node, WrittenMapping):  # the braces of an empty mapping stay
                start, new = self.text.index("{", node.start) + 1, new[1:-1]
                return [Edit(start, start, new)]
            if node.named:
                message = "an anchor or a tag is on the empty value"
                raise _CannotSetError(message)
            return [Edit(start, node.end, new if start < node.end else f" {new}")]
        column = addition.key.column + addition.step
        at, eol = self._line_end(node.end)
        lines = as_block(addition.entries, column, addition.step)
        begin = len(self.text[: node.start].rstrip(" \t")) if node.start < node.end else node.start
        below = Edit(at, at, "".join(f"{eol}{line}" for line in lines), column)
        return [Edit(begin, node.end, ""), below] if begin < node.end else [below]

    def _on_one_line(self, addition: _Addition) -> bool:
        key = addition.key
        return key is not None and "\n" not in self.text[key.start : addition.node.end]

    def _below(self, node: WrittenMapping, addition: _Addition) -> Iterator[Edit]:
        """Yield the edits that add lines: below the entry before them, or else above the next.

        A block of text may end with empty lines that belong to it, so that nothing is added
        right below one.
        """
        column = node.entries[0][0].column  # not the node's own: an anchor may begin it elsewhere
        for index, entries in _positions(node, addition.entries):
            lines = list(as_block(entries, column, addition.step))
            closed = (i for i in range(index, 0, -1) if node.entries[i - 1][1].closed)
            after = index if index < len(node.entries) else next(closed, 0)
            if after and node.entries[after - 1][1].closed:
                at, eol = self._line_end(node.entries[after - 1][1].end)
                yield Edit(at, at, "".join(f"{eol}{line}" for line in lines), column)
            else:
                at = node.entries[after][0].start
                eol = "\r\n" if "\r\n" in self.text else "\n"
                yield Edit(at, at, eol.join((*lines, " " * column))[column:])

    def _beside(self, node: WrittenMapping, addition: _Addition) -> Iterator[Edit]:
        """Yield the edits that add entries in braces, as lines where each entry has its own."""
        first, last = node.entries[0][0], node.entries[-1]
        quoted = isinstance(first, WrittenScalar) and first.quote == '"'
        begin = self.text.rfind("\n", 0, last[0].start) + 1
        indent = self.text[begin : last[0].start]
        lined = begin and not indent.strip() and "\n" in self.text[last[1].end : node.end]
        eol = "\r\n" if self.text[:begin].endswith("\r\n") else "\n"
        closing = self.text[self.text.rfind("\n", 0, node.end) + 1 : node.end - 1]
        step = indent[len(closing) :] if indent.startswith(closing) else ""
        for index, entries in _positions(node, addition.entries):
            new = as_flow(entries, quoted=quoted)[1:-1]
            gap = " "
            if lined:
                new = as_lines(entries, indent, step or "  ", quoted=quoted).replace("\n", eol)
                new, gap = new[len(indent) :], f"{eol}{indent}"
            if index:
                at = node.entries[index - 1][1].end
                yield Edit(at, at, f",{gap}{new}")
            else:
                yield Edit(first.start, first.start, f"{new},{gap}")

    def _appended(self, node: WrittenSequence, value: str) -> Edit:
        if node.flow and not node.items:
            at = self.text.index("[", node.start) + 1
            quote = '"' if self.text.lstrip().startswith("{") else ""
            return Edit(at, at, f"{quote}{value}{quote}")
        last = node.items[-1] if node.items else None
        if not isinstance(last, WrittenScalar) or last.block or node.named:
            message = "the list has other things than words"
            raise _CannotSetError(message)
        new = f"{last.quote}{value}{last.quote}"
        if node.flow:
            return Edit(last.end, last.end, f", {new}")
        at, eol = self._line_end(last.end)
        return Edit(at, at, f"{eol}{' ' * node.column}- {new}", node.column)

    def _replaced(self, node: Written, value: bool | str | tuple[str, ...]) -> Edit:  # noqa: FBT001
        if not isinstance(node, WrittenScalar) or node.block or node.named:
            message = "something else is written there"
            raise _CannotSetError(message)
        if isinstance(value, tuple):
            new = f"[{', '.join(value)}]"
        elif isinstance(value, bool):
            new = str(value).lower()
        else:
            new = f"{node.quote}{value}{node.quote}"
        return Edit(node.start, node.end, new if node.start < node.end else f" {new}")

    def _line_end(self, after: int) -> tuple[int, str]:
        """Return where the line of a value ends, and the line end that new lines take."""
        rest = _REST.match(self.text, after)
        if rest is None:
            message = "more is written in the same line"
            raise _CannotSetError(message)
        before = self.text.rfind("\n", 0, after)
        eol = rest[1] or ("\r\n" if before > 0 and self.text[before - 1] == "\r" else "\n")
        return rest.start(1), eol


def _positions(
    node: WrittenMapping, entries: dict[str, Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield new entries with how many written ones come before them.

    That are all, unless the keys are sorted: those stay so.
    """
    keys = [key.text if isinstance(key, WrittenScalar) else "" for key, _ in node.entries]
    found: dict[int, dict[str, Any]] = {}
    for key in sorted(entries):
        index = bisect(keys, key) if keys == sorted(keys) else len(keys)
        found.setdefault(index, {})[key] = entries[key]
    yield from found.items()


def _is_null(node: WrittenScalar) -> bool:
    return node.text in _NULLS and not node.quote and not node.block
