"""What is edited in a text so that one of its documents has more fields."""

from __future__ import annotations

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
from gate.model.expressions import expression
from gate.model.records import dataclass

_REST: Final = expression(r"[ \t]*(?:#[^\r\n]*)?(?=\r\n|\n|\Z)")
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
    key: WrittenScalar | None
    """The key whose value it is; None for an item and for the root."""
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
        node, step, flow = self.document.root, _STEP, False
        key: WrittenScalar | None = None
        for depth, part in enumerate(setting.path):
            self._check_own(node)
            if isinstance(node, WrittenMapping) and isinstance(part, str):
                entry = node.entry(part)
                if entry is None:
                    if node.merges:
                        message = "a merge key (<<) completes the mapping"
                        raise _CannotSetError(message)
                    self._add(node, key, setting, depth, (step, flow))
                    return
                flow = node.flow
                key, value = entry
                if isinstance(value, WrittenMapping) and not value.flow:
                    step = max(value.column - node.column, 1)
                node = value
            elif (
                isinstance(node, WrittenSequence)
                and isinstance(part, int)
                and part <= len(node.items)
            ):
                if part == len(node.items):
                    self.edits.append(self._appended(node, key, str(setting.value)))
                    return
                node, key = node.items[part], None
            elif isinstance(node, WrittenScalar) and key is not None and _is_null(node):
                self._add(node, key, setting, depth, (step, flow))
                return
            else:
                message = "something else is written there"
                raise _CannotSetError(message)
        self._check_own(node)
        self.edits.append(_replaced(node, key, setting.value))

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
        key: WrittenScalar | None,
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
        here[last] = setting.value

    def _added(self, addition: _Addition) -> list[Edit]:
        node = addition.node
        if isinstance(node, WrittenMapping) and node.entries:
            return list((self._beside if node.flow else self._below)(node, addition))
        key = addition.key
        if addition.flow or node.named or key is None or "\n" in self.text[key.start : node.end]:
            new = as_flow(addition.entries, quoted=_is_json(key))
            if isinstance(node, WrittenMapping):  # the braces of an empty mapping stay
                start = self.text.index("{", node.start) + 1
                return [Edit(start, start, new[1:-1])]
            if node.named:
                message = "an anchor or a tag is on the empty value"
                raise _CannotSetError(message)
            return [_put(node, new)]
        column = key.column + addition.step
        at = self._line_end(node.end)
        lines = as_block(addition.entries, column, addition.step)
        begin = len(self.text[: node.start].rstrip(" \t"))
        below = Edit(at, at, "".join(f"{self._eol}{line}" for line in lines), column)
        return [Edit(begin, node.end, ""), below]

    @property
    def _eol(self) -> str:
        """Return what ends new lines."""
        return "\r\n" if "\r\n" in self.text else "\n"

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
                at = self._line_end(node.entries[after - 1][1].end)
                yield Edit(at, at, "".join(f"{self._eol}{line}" for line in lines), column)
            else:
                at = node.entries[after][0].start
                yield Edit(at, at, self._eol.join((*lines, " " * column))[column:])

    def _beside(self, node: WrittenMapping, addition: _Addition) -> Iterator[Edit]:
        """Yield the edits that add entries in braces, as lines where each entry has its own."""
        first, last = node.entries[0][0], node.entries[-1]
        quoted = _is_json(first)
        indent = self.text[: last[0].start].rpartition("\n")[2]
        lined = not indent.strip() and "\n" in self.text[last[1].end : node.end]
        closing = self.text[: node.end - 1].rpartition("\n")[2]
        step = indent.removeprefix(closing) or " " * _STEP
        for index, entries in _positions(node, addition.entries):
            new = as_flow(entries, quoted=quoted)[1:-1]
            gap = " "
            if lined:
                new = as_lines(entries, indent, step, quoted=quoted).replace("\n", self._eol)
                new, gap = new[len(indent) :], f"{self._eol}{indent}"
            if index:
                at = node.entries[index - 1][1].end
                yield Edit(at, at, f",{gap}{new}")
            else:
                yield Edit(first.start, first.start, f"{new},{gap}")

    def _appended(self, node: WrittenSequence, key: WrittenScalar | None, value: str) -> Edit:
        if not node.items:
            at = self.text.index("[", node.start) + 1
            return Edit(at, at, as_flow(value, quoted=_is_json(key)))
        last = node.items[-1]
        if not isinstance(last, WrittenScalar) or not last.closed or node.named:
            message = "the list has other things than words"
            raise _CannotSetError(message)
        new = f"{last.style}{value}{last.style}"
        if node.flow:
            return Edit(last.end, last.end, f", {new}")
        at = self._line_end(last.end)
        return Edit(at, at, f"{self._eol}{' ' * node.column}- {new}", node.column)

    def _line_end(self, after: int) -> int:
        """Return where the line of a value ends."""
        rest = _REST.match(self.text, after)
        if rest is None:
            message = "more is written in the same line"
            raise _CannotSetError(message)
        return rest.end()


def _replaced(
    node: Written,
    key: WrittenScalar | None,
    value: bool | str | tuple[str, ...],  # noqa: FBT001  # the value that is set
) -> Edit:
    if not isinstance(node, WrittenScalar) or not node.closed or node.named:
        message = "something else is written there"
        raise _CannotSetError(message)
    if node.style and isinstance(value, str):
        return _put(node, f"{node.style}{value}{node.style}")
    return _put(node, as_flow(value, quoted=_is_json(key)))


def _put(node: Written, new: str) -> Edit:
    """Return the edit that writes a text in the place of a scalar, which may be empty."""
    return Edit(node.start, node.end, new if node.start < node.end else f" {new}")


def _is_json(key: Written | None) -> bool:
    """Whether a key is written as JSON has it, so that its value is written so too."""
    return isinstance(key, WrittenScalar) and key.style == '"'


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
    return node.text in _NULLS and not node.style
