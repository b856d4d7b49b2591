"""Where the text of a scalar stands in a file, so that it alone can be replaced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gate.errors import DocumentError
from gate.model.location import Location

_BOM: Final = "\ufeff"
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class ScalarText:
    """The text of one scalar: `text[start:end]`, quotes included."""

    start: int
    end: int
    value: str
    quote: str
    """The quote around it; empty for a plain scalar."""


def scalars_at(text: str, path: str, wanted: Mapping[Location, str]) -> tuple[ScalarText, ...]:
    """Return, for each place, the scalar with that value: the one there, or its key's value.

    `text` is a file that `read_yaml` took. Raises DocumentError where what stands there
    cannot be replaced in place: an alias, a block scalar, or no scalar at all.
    """
    from yaml._yaml import CParser  # noqa: PLC0415  # loaded with the first document
    from yaml.events import ScalarEvent, StreamEndEvent  # noqa: PLC0415  # likewise

    body = text.removeprefix(_BOM)
    starts = _line_starts(body)
    shift = len(text) - len(body)
    values = {(place.line - 1, place.column - 1): value for place, value in wanted.items()}
    found: list[ScalarText] = []
    parser: Any = CParser(body)
    event: Any = parser.get_event()
    while not isinstance(event, StreamEndEvent):
        mark = event.start_mark
        # A mapping begins where its first key does: only the key is meant.
        is_scalar = isinstance(event, ScalarEvent)
        value = values.pop((mark.line, mark.column), None) if is_scalar else None
        if value is not None:
            after: Any = parser.get_event()
            here = (e for e in (after, event) if isinstance(e, ScalarEvent) and e.value == value)
            chosen: Any = next(here, None)
            if chosen is None or chosen.style in ("|", ">"):
                raise _irreplaceable(path, event)
            begin, end = (starts[m.line] + m.column for m in _marks(chosen))
            quote = chosen.style if chosen.style in ('"', "'") else ""
            found.append(ScalarText(begin + shift, end + shift, chosen.value, quote))
            event = after
        else:
            event = parser.get_event()
    return tuple(found)


def _marks(event: Any) -> tuple[Any, Any]:  # noqa: ANN401  # one of libyaml's
    return event.start_mark, event.end_mark


def _line_starts(text: str) -> list[int]:
    """Return where each line begins; libyaml ends lines as these three do."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]


def _irreplaceable(path: str, event: Any) -> DocumentError:  # noqa: ANN401  # one of libyaml's
    mark = event.start_mark
    return DocumentError(
        "cannot-pin",
        "what stands here cannot be replaced in place",
        remedy="write the image as plain or quoted text, without an alias or a block scalar",
        location=Location(path, mark.line + 1, mark.column + 1),
    )
