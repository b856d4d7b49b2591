"""Texts and numbers of Kubernetes' fields: which values the API server takes.

Each function returns None for a value that is taken, else what the value must be, which goes on
after `must be`. A value of another type than the field's is not judged here; `faults` says that.
https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeGuard

from gate.model.expressions import expression

Format: TypeAlias = Callable[[Any], str | None]
"""Returns what a value must be; None where the value is that already."""
Held: TypeAlias = tuple[Format, range | None]
"""A format, and the minor versions of Kubernetes that ask it; None where all do."""

LOWER: Final = frozenset(f"{string.ascii_lowercase}{string.digits}-")
ALNUM: Final = frozenset(string.ascii_letters + string.digits)
_NAME: Final = ALNUM | frozenset("-_.")
_LABEL: Final = 63
_LIMITED: Final = ("Container", "PersistentVolumeClaim", "Pod")
_SUBDOMAIN: Final = 253
_INT32: Final = 2**31 - 1
_MOMENT: Final = expression(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,]\d{1,64})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)


def is_label(text: str) -> bool:
    """Whether a text is a label of RFC 1123, in lower case, of at most 63 characters.

    >>> is_label("web-1"), is_label("Web"), is_label("-web")
    (True, False, False)
    """
    return 0 < len(text) <= _LABEL and LOWER.issuperset(text) and text[0] != "-" and text[-1] != "-"


def is_subdomain(text: str) -> bool:
    """Whether a text is a subdomain of RFC 1123: labels with dots, 253 characters in all.

    Its labels may be longer than 63 characters, as Kubernetes allows.

    >>> is_subdomain("a.b-c"), is_subdomain("a..b"), is_subdomain("A.b")
    (True, False, False)
    """
    return len(text) <= _SUBDOMAIN and all(
        part and LOWER.issuperset(part) and part[0] != "-" and part[-1] != "-"
        for part in text.split(".")
    )


def is_qualified(text: str) -> bool:
    """Whether a text is the key of a label: `name`, or `prefix.example/name`.

    >>> is_qualified("a.example/App_1"), is_qualified("a b"), is_qualified("/a")
    (True, False, False)
    """
    prefix, slash, name = text.rpartition("/")
    return (not slash or is_subdomain(prefix)) and bool(name) and is_label_value(name)


def is_label_value(text: str) -> bool:
    """Whether a text is the value of a label; an empty one is."""
    return not text or (
        len(text) <= _LABEL and _NAME.issuperset(text) and text[0] in ALNUM and text[-1] in ALNUM
    )


def label(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a container, a volume, a Namespace or a Service."""
    wrong = isinstance(value, str) and value and not is_label(value)
    return (
        "at most 63 lower case letters, digits and '-', with no '-' at either end"
        if wrong
        else None
    )


def subdomain(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of an object of most kinds."""
    wrong = isinstance(value, str) and value and not is_subdomain(value)
    return (
        "at most 253 lower case letters, digits, '-' and '.', with a letter or digit at both "
        "ends and beside each '.'"
        if wrong
        else None
    )


def path_segment(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a Role or a binding, which may have any letters."""
    wrong = isinstance(value, str) and (value in {".", ".."} or "/" in value or "%" in value)
    return "a name without '/' and '%' that is not '.' or '..'" if wrong else None


def qualified(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the key of a label, of a toleration, or of a topology."""
    wrong = isinstance(value, str) and value and not is_qualified(value)
    return (
        "a name of at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both "
        "ends, and before it a domain and '/' if you want one"
        if wrong
        else None
    )


def annotation_key(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the key of an annotation; capitals count as small letters."""
    return qualified(value.lower()) if isinstance(value, str) else None


def driver(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a CSI driver; capitals count as small letters."""
    wrong = isinstance(value, str) and value and not is_subdomain(value.lower())
    wrong = wrong or (isinstance(value, str) and len(value) > _LABEL)
    return f"the name of a driver, at most {_LABEL} letters, digits, '-' and '.'" if wrong else None


def domain_path(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of a controller: a domain, '/' and a path."""
    if not isinstance(value, str) or not value:
        return None
    domain, slash, path = value.partition("/")
    fits = slash and path and is_subdomain(domain) and " " not in path
    return None if fits else "a domain and a path, such as acme.example/controller"


def limited_type(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold what a LimitRange limits: a word of Kubernetes, or one behind a domain."""
    if not isinstance(value, str) or not value or value in _LIMITED:
        return None
    fits = "/" in value and is_qualified(value)
    return None if fits else f"{', '.join(_LIMITED)}, or a type behind a domain"


def label_value(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the value of a label."""
    wrong = isinstance(value, str) and not is_label_value(value)
    return (
        "at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends"
        if wrong
        else None
    )


def environment_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of an environment variable, as releases since 1.32 do."""
    wrong = isinstance(value, str) and not all(" " <= char <= "~" and char != "=" for char in value)
    return "printable ASCII characters without '='" if wrong else None


def plain_environment_name(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold the name of an environment variable, as releases before 1.32 do."""
    wrong = isinstance(value, str) and (
        not _NAME.issuperset(value) or value[:1].isdigit() or value == "." or value[:2] == ".."
    )
    return "letters, digits, '-', '_' and '.', with no digit at the start" if wrong else None


def label_from_letter(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a label of RFC 1035, which begins with a letter, such as names of definitions."""
    wrong = isinstance(value, str) and value and not (is_label(value) and value[0].isalpha())
    return (
        "at most 63 lower case letters, digits and '-', with a letter at the start and no '-' at "
        "the end"
        if wrong
        else None
    )


def data_key(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a key of a ConfigMap or a Secret."""
    wrong = isinstance(value, str) and not (
        0 < len(value) <= _SUBDOMAIN
        and _NAME.issuperset(value)
        and value != "."
        and value[:2] != ".."
    )
    return "at most 253 letters, digits, '-', '_' and '.'" if wrong else None


def bytes64(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold bytes, which JSON writes as base64 (RFC 4648); line ends inside are taken."""
    if not isinstance(value, str):
        return None
    try:
        base64.b64decode(value.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        return "base64"
    return None


def relative_path(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a path that stays inside a volume."""
    wrong = isinstance(value, str) and (value[:1] == "/" or ".." in value.split("/"))
    return "a relative path without '..'" if wrong else None


def forward_path(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a path that does not go up."""
    wrong = isinstance(value, str) and ".." in value.split("/")
    return "a path without '..'" if wrong else None


def absolute_path(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a path of an HTTP request."""
    return "a path that begins with '/'" if isinstance(value, str) and value[:1] != "/" else None


def filled(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a text that must not be empty."""
    return "set" if value == "" else None


def amount_or_percent(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a whole number from 0, or a percentage such as `25%`."""
    if isinstance(value, str):
        digits = value[:-1]
        fits = value[-1:] == "%" and digits.isascii() and digits.isdigit()
        return None if fits else "a whole number, or a percentage such as 25%"
    if is_fraction(value):
        return "a whole number, or a percentage such as 25%"
    if is_whole(value) and value > _INT32:
        return f"at most {_INT32}"
    return "0 or more" if is_whole(value) and value < 0 else None


def moment(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a time of RFC 3339, as Go reads it: `2026-01-31T08:00:00Z`."""
    if not isinstance(value, str):
        return None
    found = _MOMENT.fullmatch(value)
    try:
        read = found and datetime.fromisoformat(f"{found[1]}+00:00")
    except ValueError:
        read = None
    return None if read else "a time such as 2026-01-31T08:00:00Z"


def percent_at_most_100(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
    """Hold a whole number from 0, or a percentage of at most `100%`."""
    problem = amount_or_percent(value)
    too_much = problem is None and isinstance(value, str) and int(value[:-1][:9]) > 100  # noqa: PLR2004  # the whole
    return "at most 100%" if too_much else problem


def between(low: int, high: int) -> Format:
    """Return a format that holds whole numbers of a range, its ends included."""
    must = f"between {low} and {high}"

    def format_(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
        return must if is_whole(value) and not low <= value <= high else None

    return format_


def at_least(low: int) -> Format:
    """Return a format that holds whole numbers from `low` up."""

    def format_(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
        return f"{low} or more" if is_whole(value) and value < low else None

    return format_


def one_of(*values: str) -> Format:
    """Return a format that holds one of some words; an empty text counts as not set."""
    known = frozenset((*values, ""))
    must = _choice(values)

    def format_(value: Any) -> str | None:  # noqa: ANN401  # any JSON value
        return must if isinstance(value, str) and value not in known else None

    return format_


def _choice(values: tuple[str, ...]) -> str:
    shown = sorted(values)
    if len(shown) > _SHOWN:
        return f"one of {len(shown)} words, such as {', '.join(shown[:_SHOWN])}"
    return " or ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


_SHOWN: Final = 8


def is_fraction(value: Any) -> bool:  # noqa: ANN401  # any JSON value
    """Whether a value is true, false or a number with a fraction: no whole number, and no text."""
    return value.__class__ is bool or (isinstance(value, float) and not value.is_integer())


def is_whole(value: Any) -> TypeGuard[int | float]:  # noqa: ANN401  # any JSON value
    """Whether a value is a whole number, however it is written; true and false are none."""
    return value.__class__ is int or (isinstance(value, float) and value.is_integer())
