"""How predicates are taken apart: typed, bounded, and with a sentence for what is wrong.

Every function raises ValueError with one sentence that names the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from gate.documents.strict_json import read_json
from gate.model.image import Digest

TEXT: Final = 4096
"""The most characters that are kept of any one text."""
MANY: Final = 1_000_000
"""The most items that any one list may have."""

_SHOWN: Final = 80
_WRAPPED: Final = 64 * 1024 * 1024
_DEPTH: Final = 128
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d{0,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DIGEST: Final = re.compile(r"sha256(?::|%3A|%3a)([0-9a-f]{64})")
_ZERO_YEAR: Final = 1
_ZERO: Final = "0001-01-01T00:00:00Z"
_EMPTY: Final[Mapping[str, Any]] = {}


def mapping(value: object, what: str) -> Mapping[str, Any]:
    """Return the value, which must be a JSON object."""
    if not isinstance(value, dict):
        msg = f"{what} is not an object"
        raise ValueError(msg)  # noqa: TRY004  # what a document gets wrong is a value
    return value


def optional_mapping(value: object, what: str) -> Mapping[str, Any]:
    """Return the value, which must be a JSON object, or be absent."""
    return _EMPTY if value is None else mapping(value, what)


def sequence(value: object, what: str) -> Sequence[Any]:
    """Return the value, which must be a JSON array of at most MANY items, or be absent."""
    if type(value) is list and len(value) <= MANY:
        return value
    if value is None:
        return ()
    if not isinstance(value, list):
        msg = f"{what} is not a list"
        raise ValueError(msg)  # noqa: TRY004  # what a document gets wrong is a value
    msg = f"{what} has {len(value)} items, over {MANY}"
    raise ValueError(msg)


def text(value: object, what: str) -> str:
    """Return the value, which must be a string of 1 to TEXT characters."""
    if type(value) is str and 0 < len(value) <= TEXT:
        return value
    long = isinstance(value, str) and value
    msg = f"{what} is {f'longer than {TEXT} characters' if long else 'missing or not text'}"
    raise ValueError(msg)


def optional_text(value: object, what: str) -> str:
    """Return the value, which must be a string of at most TEXT characters, or "" if absent."""
    if type(value) is str and len(value) <= TEXT:
        return value
    return "" if value is None else text(value, what)


def stated_text(value: object, what: str) -> str:
    """Return the value, which must be a string of at most TEXT characters, empty ones too."""
    if type(value) is str and len(value) <= TEXT:
        return value
    return text(value, what)


def quoted(value: object) -> str:
    """Return what a sentence shows of a value, so that its place in the document is found."""
    if value is None:
        return "missing"
    if not isinstance(value, str | int | float):
        return type(value).__name__
    shown = repr(value[:_SHOWN] if isinstance(value, str) else value)
    return shown if len(shown) <= 2 * _SHOWN else type(value).__name__


def digests(*texts: object) -> frozenset[Digest]:
    """Return every SHA-256 digest that stands in a text, as in an image's name or its purl."""
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
    form = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if form is not None:
        fraction = (form[2] or "0")[:6].ljust(6, "0")
        try:
            time = datetime.fromisoformat(f"{form[1]}.{fraction}{form[3]}").astimezone(UTC)
        except (ValueError, OverflowError):
            form = None
    if form is None:
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
