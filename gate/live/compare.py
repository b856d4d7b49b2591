"""The object in the cluster against what a pass says of the declared one: every field that differs.

A field that was declared has the declared value, or it is named. A field that was not declared is
what the API server fills in where nothing is declared (`gate.live.defaults`), or a field that the
deploy policy leaves to a controller (`gate.live.managed`), or it is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gate.live.controlled import pods_of
from gate.live.defaults import Given
from gate.live.difference import Difference, FieldChange
from gate.live.managed import Segments, narrowed
from gate.live.normal import normal
from gate.live.shape import (
    DAEMON_SET,
    TEMPLATES,
    Salt,
    below,
    clear,
    inner,
    is_clear,
    item_form,
    named,
    text_digest,
    without_affinity,
)
from gate.live.types import root_type
from gate.model.declared import DeclaredObject, Shape
from gate.model.document import Path
from gate.model.image import Digest
from gate.model.kubernetes import field_path

MOST: Final = 50
"""How many differences are looked for."""
_ABSENT: Final = object()


def differences(
    declared: DeclaredObject, live: Mapping[str, Any], managed: Sequence[Segments] = ()
) -> tuple[Difference, ...]:
    """Return the first fields, 50 at most, in which an object differs from the declared one.

    `live` is the object as the cluster stores it or is about to, each image as
    `registry/repository@sha256:…`; `managed` are the fields of its kind that are left to
    controllers. None differs where every declared text, number and truth is in `live` and all
    else in it is known. Never raises.
    """
    try:
        found = normal(live)
        kind = root_type(found.get("apiVersion"), found.get("kind"))
        walk = _Walk(declared, Given(live, found), secret=found.get("kind") == "Secret")
        return walk.whole(declared.shape, found, kind, (), managed, declared.text)
    except (ValueError, RecursionError) as error:
        return _unreadable(error)


def template_differences(
    declared: DeclaredObject, live: Mapping[str, Any], managed: Sequence[Segments] = ()
) -> tuple[Difference, ...] | None:
    """Return how the pods of an object differ from the pod template of a declared one.

    `live` is a Pod, or an object that makes Pods, such as the ReplicaSet of a Deployment; of the
    fields that are left to controllers in that, those of its template count. None where the
    declared object has no template, or `live` is of another kind. Never raises.
    """
    try:
        found = normal(live)
        at, shape = _template_of(declared)
        pods = pods_of(found)
        if declared.template is None or pods is None or shape is None:
            return None
        for key in TEMPLATES.get(root_type(found.get("apiVersion"), found.get("kind")), ()):
            managed, _ = narrowed(managed, key)
        if f"/{DAEMON_SET}/" in f"/{declared.name}":
            shape, pods = without_affinity(shape), without_affinity(pods)
        walk = _Walk(declared, Given(live, found, controlled=True))
        return walk.whole(shape, pods, "PodTemplateSpec", at, managed, declared.template)
    except (ValueError, RecursionError) as error:
        return _unreadable(error)


def _unreadable(error: Exception) -> tuple[Difference, ...]:
    return (Difference(path="", change=FieldChange.UNREADABLE, detail=str(error)[:200]),)


class _EnoughError(Exception):
    def __init__(self, found: list[Difference]) -> None:
        self.found = found


class _Walk:
    """Goes through what was declared and what is there, side by side."""

    def __init__(self, declared: DeclaredObject, given: Given, *, secret: bool = False) -> None:
        self.found: list[Difference] = []
        self.left: list[Path] = []
        """Fields that are left to controllers, were declared and are another way."""
        self._salt = Salt(declared.object, secret=secret)
        self._given = given

    def whole(  # noqa: PLR0917  # where it is, by both sides
        self,
        shape: Shape,
        live: Mapping[str, Any],
        form: str,
        at: Path,
        managed: Sequence[Segments],
        digest: Digest,
    ) -> tuple[Difference, ...]:
        """Return what differs; where nothing is named, the digest over all texts has the word."""
        try:
            texts = self.part(shape, live, form, at, (), managed)
        except _EnoughError as enough:
            return tuple(enough.found[:MOST])
        if self.found:
            return tuple(self.found[:MOST])
        if text_digest(texts) == digest:
            return ()
        left = tuple(Difference(path=_path(path), change=FieldChange.LEFT) for path in self.left)
        return left or (Difference(path="", change=FieldChange.UNPLACED),)

    def part(  # noqa: PLR0917  # where it is, by both sides
        self,
        shape: Shape,
        live: Any,  # noqa: ANN401  # any JSON value
        form: str,
        at: Path,
        where: Path,
        managed: Sequence[Segments],
    ) -> Any:  # noqa: ANN401  # any JSON value
        """Return the declared part of a live value, as `texts_of` does, and note what differs.

        `at` is where it was declared and `where` it is: they differ behind an added item.
        """
        if isinstance(shape, dict) and isinstance(live, dict):
            return self._mapping(shape, live, form, at, where, managed)
        if isinstance(shape, list) and isinstance(live, list):
            return self._list(shape, live, form, at, where, managed)
        if isinstance(shape, dict | list) or isinstance(live, dict | list):
            self._note(where, FieldChange.CHANGED)
        elif is_clear(live, form):
            said = clear(live, form)
            if said.__class__ is not shape.__class__ or said != shape:
                self._note(where, FieldChange.CHANGED, _detail(shape, said))
            return None
        elif live is None:
            if shape is not None:
                self._note(where, FieldChange.CHANGED)
        elif not isinstance(live, str) or shape != self._salt.hint(at, live):
            self._note(where, FieldChange.CHANGED)
        return live

    def _mapping(  # noqa: PLR0917  # both sides and their place
        self,
        shape: dict[str, Shape],
        live: dict[str, Any],
        form: str,
        at: Path,
        where: Path,
        managed: Sequence[Segments],
    ) -> dict[str, Any]:
        owner, free = inner(form)
        left, texts = dict(shape), {}
        for key, value in live.items():
            known = named(owner, free, key)
            part = left.pop(key if known else self._salt.key(at, key), _ABSENT)
            here, exempt = narrowed(managed, key)
            if part is _ABSENT:
                if exempt or self._given.field(owner, key, where, live, shape):
                    continue
                if here and value and isinstance(value, dict | list):
                    nothing: Shape = {} if isinstance(value, dict) else []
                    form_there = below(owner, free, key)
                    self.part(nothing, value, form_there, (*at, key), (*where, key), here)
                else:
                    self._note((*where, key), FieldChange.ADDED)
                continue
            before = len(self.found)
            texts[key] = self.part(
                part,  # type: ignore[arg-type]  # what it was popped from holds shapes
                value,
                below(owner, free, key),
                (*at, key),
                (*where, key),
                here,
            )
            if exempt and len(self.found) > before:
                del self.found[before:]
                self.left.append((*where, key))
        for key, part in left.items():
            if not any(_names(rule, key, at, self._salt) for rule in managed):
                self._note((*where, key), FieldChange.REMOVED)
            elif isinstance(part, bool | int | float) or str(part)[:1] == "=":
                texts[key] = None
            else:
                self.left.append((*where, key))
        return texts

    def _list(  # noqa: PLR0917  # both sides and their place
        self,
        shape: list[Shape],
        live: list[Any],
        form: str,
        at: Path,
        where: Path,
        managed: Sequence[Segments],
    ) -> list[Any]:
        """Line the items up in their order: what fits none is added, or one is missing."""
        texts: list[Any] = []
        one = item_form(form)
        index = 0
        for number, item in enumerate(live):
            place = (*where, number)
            here, exempt = narrowed(managed, number, item)
            if index == len(shape):
                if not exempt and not self._given.item(one, item, place):
                    self._note(place, FieldChange.ADDED)
                continue
            kept, self.found = self.found, []
            projected = self.part(shape[index], item, one, (*at, index), place, here)
            self.found, inside = kept, self.found
            if inside and (exempt or self._given.item(one, item, place)):
                continue
            if inside and len(live) - number > len(shape) - index:
                self._note(place, FieldChange.ADDED)
                continue
            while inside and len(live) - number < len(shape) - index:
                self._note((*where, index), FieldChange.REMOVED)
                index += 1
                kept, self.found = self.found, []
                projected = self.part(shape[index], item, one, (*at, index), place, here)
                self.found, inside = kept, self.found
            self.found += inside
            texts.append(projected)
            index += 1
        for missing in range(index, len(shape)):
            self._note((*where, missing), FieldChange.REMOVED)
        return texts

    def _note(self, path: Path, change: FieldChange, detail: str = "") -> None:
        self.found.append(Difference(path=_path(path), change=change, detail=detail))
        if len(self.found) > MOST:
            raise _EnoughError(self.found)


def _template_of(declared: DeclaredObject) -> tuple[Path, dict[str, Shape] | None]:
    """Return where the template of a declared object is, and its shape; None where it has none."""
    for path in dict.fromkeys(sorted(TEMPLATES.values(), key=len, reverse=True)):
        shape: Shape = declared.shape
        for key in path:
            shape = shape.get(str(key)) if isinstance(shape, dict) else None
        if isinstance(shape, dict):
            return path, shape
    return (), None


def _names(rule: Segments, key: str, at: Path, salt: Salt) -> bool:
    """Whether a rule leaves a key to a controller that was declared and is not there."""
    if len(rule) != 1 or rule[0].key is None:
        return False
    return rule[0].key in ("*", key) or salt.key(at, rule[0].key) == key


def _path(path: Path) -> str:
    """Return a path for people: a key that the pass does not show is said to be one."""
    if path and isinstance(path[-1], str) and path[-1].startswith("~"):
        return f"{field_path(path[:-1])}: a key"
    return field_path(path)


def _detail(shape: Shape, said: Shape) -> str:
    """Say what was declared and what is there, of values that a pass has as they are."""
    if isinstance(shape, str) and shape.startswith("#"):
        return ""
    return f"{_word(shape)} was declared, and it is {_word(said)}"


def _word(value: Shape) -> str:
    if isinstance(value, str):
        return value.removeprefix("=")[:64]
    return "nothing" if value is None else str(value).lower()[:64]
