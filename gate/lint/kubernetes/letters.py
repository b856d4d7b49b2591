"""What the letters of the table of fields take: see `gate.lint.kubernetes.fields`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gate.documents.lenient import is_number
from gate.lint.kubernetes.formats import Held, between, moment

_TEXT: Final[tuple[Callable[[Any], bool], str]] = (lambda v: isinstance(v, str), "text")
_WHOLE: Final[tuple[Callable[[Any], bool], str]] = (
    lambda v: is_number(v) and (isinstance(v, int) or v.is_integer()),
    "a whole number",
)
FITS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    **dict.fromkeys("st", _TEXT),
    **dict.fromkeys("il", _WHOLE),
    "n": (is_number, "a number"),
    "b": (lambda v: isinstance(v, bool), "true or false"),
    "q": (lambda v: isinstance(v, str | int | float), "a number or text"),
    "o": (lambda _: True, "set"),
}
"""Whether a value is of the type, and what it must be."""

HELD: Final[dict[str, tuple[Held, ...]]] = {
    "i": ((between(-(2**31), 2**31 - 1), None),),
    "l": ((between(-(2**63), 2**63 - 1), None),),
    "t": ((moment, None),),
}
"""What the API server can read into a field of a type, beside all else that it asks."""
SURE: Final[dict[str, frozenset[type]]] = {
    "s": frozenset((str,)),
    "t": frozenset((str,)),
    "i": frozenset((int,)),
    "l": frozenset((int,)),
    "n": frozenset((int, float)),
    "b": frozenset((bool,)),
    "q": frozenset((str, int, float, bool)),
    "o": frozenset((str, int, float, bool, dict, list)),
    "JSONSchemaPartOrBool": frozenset((bool,)),
    "JSONSchemaPropsOrBool": frozenset((bool,)),
}
"""Classes whose values surely are of the type."""
