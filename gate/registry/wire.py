"""Strict JSON from the wire: one reading of every byte, or none."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from gate.errors import RegistryError
from gate.registry.codes import Code

_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SHAPE: Final = re.compile(rb"[\[\]{}]")
_LONGEST_NUMBER: Final = 20
_PLAIN: Final = re.compile(r"[^\x21-\x7e]")


def parse_object(content: bytes, *, what: str, depth: int) -> dict[str, Any]:
    """Read a JSON object nested at most `depth` deep.

    Refuses what two readers could read differently: repeated keys, NaN and infinities,
    a byte order mark, anything but UTF-8, lone surrogates, numbers of more than 20
    characters. Raises RegistryError `malformed-answer`; `what` says of what, for people.
    """
    try:
        if _nesting(content) > depth:
            _refuse("it is nested too deep")
        value = json.loads(
            content.decode("utf-8", errors="strict"),
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_int=_integer,
            parse_float=_fraction,
        )
        if not isinstance(value, dict):
            _refuse("it is not an object")
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, _RefusedError) else "it is not JSON"
        raise RegistryError(
            Code.MALFORMED_ANSWER,
            f"{what} cannot be read: {reason}",
            remedy="Look at what the registry or layout holds there, and push it again.",
        ) from error
    return value


def quote(text: str, longest: int = 120) -> str:
    """Return foreign text for a message: printable ASCII, at most `longest` characters."""
    plain = _PLAIN.sub("?", text)
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


class _RefusedError(ValueError):
    """JSON that is well formed for some readers and not for others."""


def _refuse(reason: str) -> NoReturn:
    raise _RefusedError(reason)


def _nesting(content: bytes) -> int:
    deepest = depth = 0
    for bracket in _SHAPE.finditer(_STRINGS.sub(b"", content)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        _refuse("a key is there twice")
    return value


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        _refuse("a number is too long")
    return int(text)


def _fraction(text: str) -> float:
    if len(text) > _LONGEST_NUMBER or float(text) in (float("inf"), float("-inf")):
        _refuse("a number is too long")
    return float(text)


def error_codes(content: bytes) -> frozenset[str]:
    """Return the codes of a registry's error body, as far as it is one. Never raises."""
    return frozenset(code for code, _ in errors(content))


def errors(content: bytes) -> tuple[tuple[str, str], ...]:
    """Return code and message of each error in a registry's error body. Never raises."""
    try:
        found = parse_object(content, what="an error", depth=16).get("errors")
    except RegistryError:
        return ()
    items = found if isinstance(found, list) else []
    return tuple(
        (str(item.get("code", "")), str(item.get("message", "")))
        for item in items
        if isinstance(item, dict)
    )
