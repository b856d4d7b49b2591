"""What a configuration demands, line by line, and what became of it in the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Any

from gate.model.document import Document, Key, Path
from gate.model.location import Location
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """One demand."""

    location: Location
    demand: str
    """As the configuration writes it. Foreign text."""
    key: str = ""
    """Where the policy makes it; empty where nothing does."""
    note: str = ""
    """Why it has no equivalent, or what the policy demands in its place."""

    def __str__(self) -> str:
        """Return it for people: foreign text, to be neutralised."""
        where = f"{self.location.path}:{self.location.line}"
        became = f"→ {self.key}" if self.key else "no equivalent"
        return f"{where}: {self.demand} {became}{f': {self.note}' if self.note else ''}"


@dataclass(slots=True)
class DocumentAccount:
    """The lines about one YAML document; what nobody read in it is told at the end."""

    document: Document
    lines: list[TakenLine] = field(default_factory=list)
    hidden: int = 1
    """How many keys of each path are not shown: `spec`, which every part of an object has."""
    _read: set[Path] = field(default_factory=set)

    def carried(self, path: Path, key: str, note: str = "") -> None:
        """Say where the policy makes the demand of a part, and of all in it."""
        self._add(path, key, note)

    def whole(self, demand: str, key: str, note: str = "") -> None:
        """Say where the policy makes what a file demands by being there."""
        at = Location(self.document.place().path, 1)
        self.lines.append(TakenLine(location=at, demand=demand, key=key, note=note))

    def lost(self, path: Path, why: str) -> None:
        """Say why the demand of a part, and of all in it, has no equivalent."""
        self._add(path, "", why)

    def quiet(self, *paths: Path) -> None:
        """Say that parts demand nothing: a name, or what another line tells."""
        self._read.update(paths)

    def closed(self, *at: Key) -> list[TakenLine]:
        """Return every line, with one for each part below a place that nobody read."""
        value: Any = self.document.value
        for key in at:
            value = value.get(key) if isinstance(value, dict) else None
        for path in _leaves(value, at):
            if not any(path[: len(read)] == read for read in self._read):
                self.lost(path, "gate does not read this field")
        return sorted(self.lines, key=lambda line: (line.location.line, line.demand))

    def _add(self, path: Path, key: str, note: str) -> None:
        self._read.add(path)
        value: Any = self.document.value
        for depth, step in enumerate(path):
            if isinstance(value, dict) and step not in value:
                path = path[:depth]  # what is missing is told at the place that lacks it
                break
            value = value[step]
        shown = ".".join(map(str, path[self.hidden :]))
        text = f"{shown} {value}" if isinstance(value, str | int | bool) else shown
        self.lines.append(
            TakenLine(
                location=self.document.place(*path),
                demand=text if len(text) <= 200 else f"{text[:200]}…",  # noqa: PLR2004  # a line
                key=key,
                note=note,
            )
        )


def _leaves(value: Any, path: Path) -> Iterator[Path]:  # noqa: ANN401  # any JSON value
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, index))
    elif value is not None:
        yield path
