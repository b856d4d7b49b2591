"""What single nodes of YAML mean, and which are refused, at their place."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from gate.documents import merging
from gate.documents.libyaml import Mark, ScalarEvent
from gate.documents.scalars import (
    NotFiniteError,
    OddNumberError,
    Scalar,
    as_number,
    key_text,
    resolve,
)
from gate.documents.yaml_limits import moved, refuse
from gate.model.document import Document
from gate.model.location import Location
from gate.model.value import Value

CORE: Final = "tag:yaml.org,2002:"
_SHOWN: Final = 40
_TAGGED: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "null": (type(None),),
}


class Nodes:
    """The nodes of one text."""

    def __init__(self, path: str, origin: tuple[int, int]) -> None:
        """Take the name of the text's file, and the line and column there of its beginning."""
        self._path = path
        self._origin = origin

    def plain(self, event: ScalarEvent) -> Scalar:
        """Return what a scalar without quotes and tag means."""
        text: str = event.value
        try:
            return resolve(text)
        except NotFiniteError:
            self.refuse(
                "yaml-not-finite", f"{text} is not a JSON number", event,
                remedy="write a finite number, or quote the text",
            )  # fmt: skip
        except OddNumberError:
            self.refuse(
                "yaml-number", f"{_short(text)} is not the same number to every parser", event,
                remedy="write the number plainly, or quote the text",
            )  # fmt: skip

    def merge(
        self,
        into: dict[str, Any],
        value: Any,  # noqa: ANN401  # whatever the document says
        state: tuple[array[int], dict[str, array[int]], set[str]],
    ) -> None:
        """Add what follows a merge key to a mapping; `state` is marks, found and inherited."""
        try:
            merging.merge(into, value, *state)
        except merging.MergeConflictError as conflict:
            at = Document(Value(None), self._path, state[0]).place()  # of the merge key
            raise refuse(
                "yaml-merge", str(conflict), moved(at, self._origin), remedy=conflict.remedy
            ) from conflict

    def check_override(self, event: ScalarEvent, key: str) -> None:
        """Refuse to set again a key that was merged, where it may be another key."""
        try:
            merging.check_override(key)
        except merging.MergeConflictError as conflict:
            self.refuse("yaml-merge", str(conflict), event, remedy=conflict.remedy)

    def check_anchor(self, event: Any, anchors: Mapping[str, Any]) -> None:  # noqa: ANN401  # a node
        """Refuse an anchor whose name the document has already."""
        if event.anchor in anchors:
            self.refuse(
                "yaml-anchor",
                f"the anchor {event.anchor!r} is in this document twice, and parsers differ on"
                " which of the two an alias means",
                event,
                remedy="give each anchor its own name",
            )

    def key(self, value: float | bool | None, event: ScalarEvent) -> str:  # noqa: FBT001  # a scalar
        """Return the text of a key that is no text. Raises DocumentError.

        kubectl writes such a key as JSON does, and kustomize as it is in the file: `8080` is
        the same to both, `0x1F`, `1.10` and `yes` are not.
        """
        text = key_text(value)
        if text != event.value:
            self.refuse(
                "yaml-key", f"{_short(event.value)} is not the same key to every parser", event,
                remedy="quote the key",
            )  # fmt: skip
        return text

    def tagged(self, event: ScalarEvent, *, is_key: bool) -> Scalar:
        """Return a scalar that carries one of YAML's own tags.

        `! "1.5"` is text to every parser; `! 1.5` is text to go-yaml v2 and a number to v3.
        """
        text: str = event.value
        if event.tag == "!":
            if is_key or not event.style:
                self.refuse(
                    "yaml-tag", "the tag '!' makes text of this to some parsers only", event,
                    remedy="remove the tag, and quote what is text",
                )  # fmt: skip
            return text
        kind = str(event.tag).removeprefix(CORE)
        if kind == "str":
            return text
        try:
            resolved: Scalar = resolve(text)
        except (NotFiniteError, OddNumberError):
            resolved = text
        fits = kind in _TAGGED and isinstance(resolved, _TAGGED[kind])
        if not fits or isinstance(resolved, bool) != (kind == "bool"):
            self.refuse(
                "yaml-tag", f"the tag {event.tag!r} does not fit here", event,
                remedy="remove the tag",
            )  # fmt: skip
        if kind == "float":
            return as_number(float(resolved))  # type: ignore[arg-type]  # it fits: a number
        return resolved

    def refuse(self, code: str, problem: str, event: Any, *, remedy: str) -> NoReturn:  # noqa: ANN401  # libyaml has no types
        """Raise DocumentError for the place where an event begins."""
        mark: Mark = event.start_mark
        location = Location(self._path, mark.line + 1, mark.column + 1)
        raise refuse(code, problem, moved(location, self._origin), remedy=remedy)


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
