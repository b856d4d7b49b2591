"""One YAML text to documents, and what libyaml says against it in our words."""

from __future__ import annotations

from typing import Any, Final

from gate.documents.libyaml import CParser, Mark, YAMLError
from gate.documents.yaml_events import Builder
from gate.documents.yaml_limits import moved, refuse
from gate.documents.yaml_words import conflict, in_words
from gate.errors import DocumentError
from gate.model.document import Document
from gate.model.location import Location

_SPACES: Final = "write spaces in place of the tab"
_CONFLICT: Final = "here begins one side of a merge conflict"
_RESOLVE: Final = "resolve the conflict, and remove the lines with <<<<<<<, ======= and >>>>>>>"
_TAB: Final = "here is a tab, and YAML is indented with spaces"


def build(
    data: bytes,
    path: str,
    strings: dict[str, str],
    *,
    as_written: bool,
    origin: tuple[int, int] = (0, 0),
) -> tuple[Document, ...]:
    """Return the documents that libyaml's events describe. Raises DocumentError.

    `origin` is the line and the column, both from 0, of the first character in its file.
    """
    try:
        return Builder(path, strings, as_written, origin).documents(CParser(data))
    except (YAMLError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        if mark is None:
            problem = f"the file cannot be read: {error}"
            raise _error(problem, moved(Location(path, 1), origin)) from error
        _check_depth(mark, data, path, origin)
        at = moved(_inside(mark, data, path), origin)
        if _is_tab(mark, data):
            raise _error(_TAB, at, _SPACES) from error
        line = conflict(data.decode("utf-8"))
        if line is not None:
            place = moved(Location(path, line + 1, 1), origin)
            raise _error(_CONFLICT, place, _RESOLVE) from error
        raise _error(*_sentence(error, at)) from error


def _check_depth(mark: Mark, data: bytes, path: str, origin: tuple[int, int]) -> None:
    """Say in our own words that the text is too deep, where the parser stopped for that first.

    libyaml reads ahead through `[[[[`, and stops at a depth of its own since 0.2.6. Cut where it
    stopped, the text has the same beginning, which is judged as all texts are.
    """
    beginning = data.decode("utf-8")[: mark.index].encode()
    try:
        Builder(path, {}, True, origin).documents(CParser(beginning))  # noqa: FBT003  # the keys as they are written
    except DocumentError as refused:
        if refused.code == "yaml-too-deep":
            raise
    except (YAMLError, ValueError):
        pass


def _sentence(error: Any, at: Location) -> tuple[str, Location, str]:  # noqa: ANN401  # one with a mark
    problem, remedy = in_words(error.context, error.problem)
    return problem, at, remedy


def _is_tab(mark: Mark, data: bytes) -> bool:
    return data.decode("utf-8")[mark.index : mark.index + 1] == "\t"


def _inside(mark: Mark, data: bytes, path: str) -> Location:
    """Return the mark's place; the end of the text for the line that libyaml sees behind it."""
    lines = data.rstrip(b"\n").split(b"\n")
    if mark.line < len(lines):
        return Location(path, mark.line + 1, mark.column + 1)
    return Location(path, len(lines), len(lines[-1].decode("utf-8")) + 1)


def _error(
    problem: str, location: Location, remedy: str = "correct the file at this place"
) -> DocumentError:
    return refuse("yaml-parse-error", problem, location, remedy=remedy)
