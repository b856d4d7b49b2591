"""JSON and words from the wire: read strictly, repeated never raw."""

from __future__ import annotations

from typing import Any, Final

from gate.documents.strict_json import MalformedJson, read_json
from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.registry.codes import Code

_NOT_PLAIN: Final = expression(r"[^\x21-\x7e]")


def parse_object(content: bytes, *, what: str, depth: int) -> dict[str, Any]:
    """Read a JSON object nested at most `depth` deep; `what` says of what, for people.

    Raises RegistryError `malformed-answer`. The reader of the bytes has bounded them.
    """
    try:
        value = read_json(content, max_bytes=len(content), max_depth=depth)
    except MalformedJson as error:
        raise _malformed(what) from error
    if not isinstance(value, dict):
        raise _malformed(what)
    return value


def quote(text: str, longest: int = 120) -> str:
    """Return foreign text for a message: printable ASCII, at most `longest` characters."""
    plain = _NOT_PLAIN.sub("?", text)
    return plain if len(plain) <= longest else f"{plain[:longest]}…"


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


def _malformed(what: str) -> RegistryError:
    return RegistryError(
        Code.MALFORMED_ANSWER,
        f"{what} cannot be read: it is not one JSON object that every reader reads alike",
        remedy="Look at what the registry or layout holds there, and push it again.",
    )
