"""Plain YAML scalars as Kubernetes resolves them: go-yaml v2, not YAML 1.2, not PyYAML.

https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go
"""

from __future__ import annotations

import math
import re
from typing import Final, TypeAlias

from gate.model.expressions import expression

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
NUMERIC_START: Final = frozenset("0123456789+-.")
"""How texts begin that may be numbers. All others are text, unless `WORDS` has them."""
_INFINITE: Final = frozenset(
    sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")
) | {".nan", ".NaN", ".NAN"}
_INT: Final = expression(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))", re.ASCII
)
_FLOAT: Final = expression(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_SIGNED_INSIDE: Final = expression(r"[-+]?0[bo][-+][0-9]+", re.ASCII)
_LONG_TEXT: Final = expression(
    r"[-+]?(?:[1-9][0-9]{399,}|0[xX][1-9a-fA-F][0-9a-fA-F]{99,})", re.ASCII
)
_MIN_INT: Final = -(1 << 63)
_MAX_INT: Final = (1 << 63) - 1
_EXACT: Final = 1 << 53
_MAX_DIGITS: Final = 400


class NotFiniteError(ValueError):
    """The scalar is an infinity or not a number, which JSON and so Kubernetes cannot hold."""


class OddNumberError(ValueError):
    """The scalar is a number to one parser and text, or another number, to the next."""


def resolve(text: str) -> Scalar:
    """Return what an unquoted scalar without a tag means. Raises the two errors above.

    Dates and sexagesimal numbers stay text. Numbers are what becomes of them in JSON:
    `1e3` and `1000.0` are the whole number 1000, `-0.0` is 0, and whole numbers beyond
    64 bits with sign are floats. A sign inside, as in `0b+0` (0 to go-yaml v2) and `0o+7`
    (7 to v3 and text to v2), an underscore behind a leading point, and a number of over 400
    characters are odd; whole numbers that no double holds are text, as in Go.
    """
    if text in WORDS:
        return WORDS[text]
    if text[0] not in NUMERIC_START:
        return text
    if text in _INFINITE:
        raise NotFiniteError(text)
    number = text.replace("_", "")
    if _is_odd(text, number):
        raise OddNumberError(text)
    if len(text) > _MAX_DIGITS:
        return text
    whole = _INT.fullmatch(number)
    if whole:
        sign, *digits = whole.groups()
        base, found = next((b, d) for b, d in zip((16, 8, 2, 10), digits, strict=True) if d)
        value = int(sign + found, base)
        if _MIN_INT <= value < 1 << (63 if sign else 64):
            return _finite(text, as_number(value))
    if _FLOAT.fullmatch(number):
        return _finite(text, as_number(float(number)))
    return text


def _finite(text: str, value: float) -> Scalar:
    return text if math.isinf(value) else value


def _is_odd(text: str, number: str) -> bool:
    if len(text) > _MAX_DIGITS:
        is_number = _INT.fullmatch(number) or _FLOAT.fullmatch(number)
        return bool(is_number) and not _LONG_TEXT.fullmatch(number)
    if text[0] == "." and "_" in text:
        return bool(_FLOAT.fullmatch(number))
    return bool(_SIGNED_INSIDE.fullmatch(number))


def as_number(value: float) -> int | float:
    """Return a number as it is after Go wrote it to JSON and Kubernetes read it again.

    Whole numbers of up to 64 bits with sign are int, all others float: 1000.0 becomes 1000, and
    18446744073709551615 becomes 1.8446744073709552e19. An int that no float holds becomes
    infinite.
    """
    if isinstance(value, int):
        if _MIN_INT <= value <= _MAX_INT:
            return value
        try:
            return float(value)
        except OverflowError:
            return math.inf
    if not value.is_integer():
        return value
    if abs(value) < _EXACT:
        return int(value)
    from decimal import Decimal  # noqa: PLC0415  # hardly ever needed

    # The shortest digits are written, and filled up with zeros.
    whole = int(Decimal(repr(value)))
    return whole if _MIN_INT <= whole <= _MAX_INT else value


def is_text(text: str) -> bool:
    """Whether these characters, unquoted, are text to every parser."""
    try:
        return resolve(text).__class__ is str
    except ValueError:
        return False


def key_text(value: float | bool | None) -> str | None:  # noqa: FBT001  # a scalar
    """Return the JSON key that a scalar becomes; None where it is refused or parsers differ.

    Of a number that has more than six digits behind its point, the text is another number.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value) if isinstance(value, int) else format(value, "g")
    return None if "e" in text else text
