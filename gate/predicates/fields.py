"""What predicates of several formats hold: times, digests, package URLs, cosign's wrapping.

Every function raises ValueError with one sentence that names the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

from gate.documents.strict import TEXT, mapping, optional_text
from gate.documents.strict_json import read_json
from gate.model.expressions import expression
from gate.model.image import Digest

_SHOWN: Final = 80
_WRAPPED: Final = 64 * 1024 * 1024
_DEPTH: Final = 128
_INSTANT: Final = expression(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,18})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)
_DIGEST: Final = expression(r"sha256(?::|%3A|%3a)([0-9a-f]{64})")
_ZERO_YEAR: Final = 1
_ZERO: Final = "0001-01-01T00:00:00Z"


def quoted(value: object) -> str:
    """Return what a sentence shows of a value, so that its place in the document is found."""
    if value is None:
        return "missing"
    if not isinstance(value, str | int | float):
        return type(value).__name__
    shown = repr(value[:_SHOWN] if isinstance(value, str) else value)
    return shown if len(shown) <= 2 * _SHOWN else type(value).__name__


def digests(*texts: object) -> frozenset[Digest]:
    """Return every SHA-256 digest that is in a text, as in an image's name or its purl."""
    return frozenset(Digest(d) for t in texts if isinstance(t, str) for d in _DIGEST.findall(t))


def noted_purl(value: object, what: str, note: Callable[[str], None]) -> str:
    """Return the value, which should begin as a package URL does, or "" if absent.

    https://github.com/package-url/purl-spec

    Its parts are not looked at. A text that begins otherwise is noted, and returned as it is.
    """
    if type(value) is str and value.startswith("pkg:") and "/" in value and len(value) <= TEXT:
        return value
    purl = optional_text(value, what)
    if purl and not is_purl(purl):
        note(f"{what} is not a package URL: {quoted(purl)}")
    return purl


def is_purl(text: str) -> bool:
    """Whether a text begins as a package URL does."""
    return text[:4].lower() == "pkg:" and "/" in text


def instant(value: object, what: str) -> datetime:
    """Read an RFC 3339 time, to the microsecond, as UTC.

    A time without an offset, a leap second, `24:00:00`, and the zero time that Go
    writes for "not set" are refused.
    """
    time = None
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        with suppress(ValueError, OverflowError):  # such as 30 February
            time = datetime.fromisoformat(value).astimezone(UTC)
    if time is None:
        msg = f"{what} is not an RFC 3339 time with an offset"
        raise ValueError(msg)
    if time.year == _ZERO_YEAR:
        msg = f"{what} is the zero time, so it was never set"
        raise ValueError(msg)
    return time


def instant_if_set(value: object, what: str) -> datetime | None:
    """Read a time as `instant` does; None where it is absent, or Go's zero time for "not set"."""
    return None if value is None or value == _ZERO else instant(value, what)


def instant_if_stated(value: object) -> datetime | None:
    """Read a time as `instant` does; None where the value is not one."""
    try:
        return instant(value, "time")
    except ValueError:
        return None


def unwrapped(predicate: object, what: str) -> Mapping[str, Any]:
    """Return the document itself: cosign before 2.0 put it under `Data`, at times as text."""
    document = mapping(predicate, what)
    if "Data" not in document or not set(document) <= {"Data", "Timestamp"}:
        return document
    data = document["Data"]
    if isinstance(data, str):
        data = _strict_json(data, what)
    return mapping(data, what)


def _strict_json(source: str, what: str) -> object:
    try:
        return read_json(source.encode(), max_bytes=_WRAPPED, max_depth=_DEPTH)
    except ValueError as problem:
        msg = f"{what} inside `Data` is not strict JSON"
        raise ValueError(msg) from problem
