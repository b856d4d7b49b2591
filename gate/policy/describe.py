"""From what pydantic says to what a person can act on: a place, one cause, one next step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, get_args

from gate.errors import PolicyError
from gate.model.document import Document, Key, Path
from gate.model.expressions import expression
from gate.policy.pydantic_alone import ValidationError
from gate.policy.referenced import UNKNOWN_SIGNER, UNREADABLE
from gate.policy.section import Section

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def unknown(document: Document, at: Path, key: str, known: Iterable[str]) -> PolicyError:
    """Return the error for a key that means nothing in its place."""
    whole = document.value
    if isinstance(whole, dict) and len(at) == 1 and {"apiVersion", "kind"} <= whole.keys():
        return PolicyError(
            "policy-unknown-key",
            "this is a Kubernetes object, and no policy",
            remedy="name the policy with --policy, and manifests without an option before them",
            location=document.place(*at),
        )
    names = sorted(known)
    remedy = _near(key, names) or f"known here: {', '.join(names)}"
    return PolicyError(
        "policy-unknown-key", f"unknown key {key!r}", remedy=remedy, location=document.place(*at)
    )


def unknown_check(document: Document, at: Path, name: str, known: Iterable[str]) -> PolicyError:
    """Return the error for a check or lint rule that does not exist."""
    return PolicyError(
        "policy-bad-value",
        f"{'.'.join(map(str, at))}: {name!r} is no check and no lint rule",
        remedy=_near(name, known)
        or "`gate lint --list` lists the rules, and `gate schema` names the checks",
        location=document.place(*at),
    )


def _near(name: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415  # of a wrong policy alone

    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def refused(
    error: ValidationError, model: type[Section], document: Document, at: Path
) -> PolicyError:
    """Return the error for the first thing that the model refused.

    A key that is missing comes last: most often it is there and misspelt.
    """
    errors = error.errors(include_url=False)
    first = next((e for e in errors if e["type"] != "missing"), errors[0])
    path = _path(document, at, first["loc"])
    name = ".".join(map(str, path)) or "the policy"
    match first["type"]:
        case "extra_forbidden":
            key = str(first["loc"][-1])
            return unknown(document, path, key, _keys(model, first["loc"][:-1]))
        case "missing":
            return PolicyError(
                "policy-missing-key",
                f"{name} lacks the key {str(first['loc'][-1])!r}",
                remedy="add it; `gate schema` prints what each key means",
                location=document.place(*path),
            )
        case kind if kind == UNREADABLE:
            return PolicyError(
                "policy-file-unreadable",
                f"{name}: {_reason(first)}",
                remedy="give a path from the policy's own folder to a file that is there",
                location=document.place(*path),
            )
        case _ if first.get("input") is None:
            return PolicyError(
                "policy-empty-value",
                f"{name} is empty",
                remedy="fill it in, or remove the key",
                location=document.place(*path),
            )
        case _:
            return PolicyError(
                "policy-bad-value",
                f"{name}: {_reason(first)}",
                remedy="define it under `signers`, or correct its name here"
                if first["type"] == UNKNOWN_SIGNER
                else "correct the value; `gate schema` prints what each key takes",
                location=document.place(*path),
            )


_WANTED: Final = {
    "bool_type": "true or false",
    "dict_type": "a section, keys with their values,",
    "float_type": "a number",
    "int_type": "a whole number",
    "model_type": "a section, keys with their values,",
    "string_type": "text, in quotes where it looks like a number,",
    "tuple_type": "a list, such as [a, b],",
}
"""What each type is called in YAML, by pydantic's name for its absence."""
_PLACED: Final = expression(r"(?P<path>[\w.-]+(?:\[\d+\])?): (?P<problem>.*)", re.DOTALL)


def misplaced(error: ValueError, document: Document, at: Path) -> PolicyError:
    """Return the error for a ValueError whose text is `field[index]: problem`."""
    form = _PLACED.fullmatch(str(error))
    if form is None:
        raise error
    keys = [int(key) if key.isdecimal() else key for key in re.split(r"[.\[\]]+", form["path"])]
    path = _path(document, at, tuple(key for key in keys if key != ""))
    return PolicyError(
        "policy-bad-value",
        f"{'.'.join(map(str, path))}: {form['problem']}",
        remedy="`gate lint --list` lists the rules",
        location=document.place(*path),
    )


def _reason(first: ErrorDetails) -> str:
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] in _WANTED:
        return f"write {_WANTED[first['type']]} here"
    if first["type"] == "too_short":
        return "a list with nothing in it demands nothing; add an item"
    if message.startswith("Input should"):
        message = message.replace("Input", "this", 1)
    return message[:1].lower() + message[1:]


def _path(document: Document, at: Path, loc: tuple[Key, ...]) -> Path:
    """Return `at` and what of `loc` the document has: unions add their own names to it."""
    path: Path = at
    value: Any = document.value
    for key in at:
        value = value[key]
    for key in loc:
        match value:
            case dict() if key in value:
                path, value = (*path, key), value[key]
            case list() if isinstance(key, int) and key < len(value):
                path, value = (*path, key), value[key]
            case _:
                continue
    return path


def _keys(model: type[Section], loc: tuple[Key, ...]) -> list[str]:
    """Return the keys that the section at `loc` knows, as a policy writes them."""
    sections: list[type[Section]] = [model]
    for key in loc:
        below = [
            inner
            for section in sections
            for name, field in section.fields().items()
            if key in (field.alias, name)
            for inner in _models(field.annotation)
        ]
        # A position, a free name, or the name of a union's member leaves the models as they are.
        named = [s for s in sections if s.__name__ == key]
        sections = below or named or sections
    return [field.alias for s in sections for field in s.fields().values()]


def _models(annotation: Any) -> Iterator[type[Section]]:  # noqa: ANN401  # any annotation
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
