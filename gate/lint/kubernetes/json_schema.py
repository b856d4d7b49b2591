"""Values held to JSON Schema by jsonschema-rs, and what it finds in our words.

Its regular expressions take linear time, as those of the API server (RE2) do.
See docs/decisions/0036-custom-objects-are-held-to-their-definition.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from gate.model.document import Path
from gate.model.expressions import expression
from gate.model.kubernetes import field_path
from gate.model.records import dataclass
from gate.model.words import clipped

_MOST: Final = 100
"""Faults that are told of one object."""
_SHOWN: Final = 120
"""Characters of a pattern, or of words to choose from, that are shown."""
_PATTERN_BYTES: Final = 1 << 20
"""Memory for one compiled pattern."""


@dataclass(frozen=True, slots=True)
class CustomFault:
    """One place where a value is not what its schema asks for."""

    path: Path
    message: str


class Validator:
    """A schema without references. A pattern that the library does not know as one is left out."""

    def __init__(self, schema: dict[str, Any]) -> None:
        """Take the schema."""
        import jsonschema_rs  # noqa: PLC0415  # loaded with the first custom object

        options = jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES)

        def compiles(pattern: object) -> bool:
            try:
                jsonschema_rs.Draft4Validator({"pattern": pattern}, pattern_options=options)
            except (jsonschema_rs.ValidationError, ValueError):
                return False
            return True

        _drop_patterns(schema, compiles)
        self._validator = jsonschema_rs.Draft4Validator(
            schema, pattern_options=options, validate_formats=True, formats=FORMATS
        )

    def faults(self, value: Any) -> Iterator[CustomFault]:  # noqa: ANN401  # any JSON value
        """Yield what is wrong, one fault a place."""
        seen: set[Path] = set()
        for error in islice(self._validator.iter_errors(value), _MOST):
            path: Path = tuple(error.instance_path)
            details = error.kind.as_dict()
            if error.kind.name == "required":
                path = (*path, str(details["property"]))
            if path not in seen:
                seen.add(path)
                message = _WORDS.get(error.kind.name, _no_form)(details)
                yield CustomFault(path, f"{field_path(path) or 'the object'} {message}")


def _drop_patterns(schema: Any, compiles: Callable[[object], bool]) -> None:  # noqa: ANN401  # any JSON value
    """Take out of a schema, in place, each pattern that does not compile."""
    if isinstance(schema, list):
        for part in schema:
            _drop_patterns(part, compiles)
    elif isinstance(schema, dict):
        pattern = schema.get("pattern")  # a mapping is a field that is called so
        if pattern is not None and not isinstance(pattern, dict) and not compiles(pattern):
            del schema["pattern"]
        for key, part in schema.items():
            if key != "enum":
                _drop_patterns(part, compiles)


def _no_form(_: Mapping[str, Any]) -> str:
    return "has none of the forms that its definition allows"


def _type(details: Mapping[str, Any]) -> str:
    types = sorted(details["types"], key=lambda name: (name == "null", name))
    return "must be " + " or ".join(_TYPES.get(name, name) for name in types)


def _enum(details: Mapping[str, Any]) -> str:
    return f"must be one of {clipped(', '.join(map(str, details['options'])), _SHOWN)}"


def _limit(words: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda details: words.format(details.get("limit", details.get("multiple_of")))


_TYPES: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
_DATE: Final = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_DATE_TIME: Final = expression(
    _DATE + r"[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,30})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_BASE64: Final = expression(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


_CHECKED: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    "byte": (_fits(_BASE64), "base64"),
    "date": (_fits(expression(_DATE)), "a date, such as 2026-01-31"),
    "date-time": (_fits(_DATE_TIME), "a time, such as 2026-01-31T12:00:00Z"),
    "datetime": (_fits(_DATE_TIME), "a time, such as 2026-01-31T12:00:00Z"),
}
_SAID: Final = {name: words for name, (_, words) in _CHECKED.items()}
FORMATS: Final = {name: check for name, (check, _) in _CHECKED.items()}
"""The formats that are held against an object: those that the API server checks alike."""
_WORDS: Final[dict[str, Callable[[Mapping[str, Any]], str]]] = {
    "required": lambda _: "is missing",
    "type": _type,
    "enum": _enum,
    "pattern": lambda details: f"must match {clipped(str(details['pattern']), _SHOWN)}",
    "format": lambda details: f"must be {_SAID.get(details['format'], details['format'])}",
    "maximum": _limit("must be at most {}"),
    "minimum": _limit("must be at least {}"),
    "exclusiveMaximum": _limit("must be below {}"),
    "exclusiveMinimum": _limit("must be above {}"),
    "multipleOf": _limit("must be a multiple of {}"),
    "maxLength": _limit("must have at most {} characters"),
    "minLength": _limit("must have at least {} characters"),
    "maxItems": _limit("must have at most {} items"),
    "minItems": _limit("must have at least {} items"),
    "maxProperties": _limit("must have at most {} entries"),
    "minProperties": _limit("must have at least {} entries"),
    "oneOf": lambda _: "must have exactly one of the forms that its definition lists",
    "not": lambda _: "has a form that its definition rules out",
}
