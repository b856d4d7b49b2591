"""Plain YAML scalars as Kubernetes resolves them: go-yaml v2, not YAML 1.2, not PyYAML.

https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
"""

from __future__ import annotations

import math
import re
from typing import Final, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

WORDS: Final[dict[str, Scalar]] = {
    **dict.fromkeys(
        ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True
    ),
    **dict.fromkeys(
        ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"),
        False,
    ),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NUMERIC_START: Final = frozenset("0123456789+-.")
_INFINITE: Final = frozenset(
    sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")
) | {".nan", ".NaN", ".NAN"}
_INT: Final = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))", re.ASCII
)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_MIN_INT: Final = -(1 << 63)
_MAX_INT: Final = (1 << 64) - 1
_MAX_DIGITS: Final = 400


class NotFiniteError(ValueError):
    """The scalar is an infinity or not a number, which JSON and so Kubernetes cannot hold."""


def resolve(text: str) -> Scalar:
    """Return what an unquoted scalar without a tag means. Raises NotFiniteError.

    Dates and sexagesimal numbers stay text. Whole numbers beyond 64 bits become floats,
    as they do in Go.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if text in _INFINITE:
        raise NotFiniteError(text)
    if len(text) > _MAX_DIGITS:
        return text
    number = text.replace("_", "")
    whole = _INT.fullmatch(number)
    if whole:
        sign, *digits = whole.groups()
        base, found = next((b, d) for b, d in zip((16, 8, 2, 10), digits, strict=True) if d)
        value = int(sign + found, base)
        if _MIN_INT <= value <= _MAX_INT:
            return value
    if _FLOAT.fullmatch(number):
        real = float(number)
        return text if math.isinf(real) else real
    return text


def key_text(value: Scalar) -> str | None:
    """Return the JSON key that a scalar key becomes; None where Kubernetes refuses it."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            text = format(value, "g")
            return text if float(text) == value else None
        case None:
            return None
