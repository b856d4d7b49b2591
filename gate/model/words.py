"""Times, long texts and lists, as every message and document writes them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from gate.model.expressions import expression

_DIGEST: Final = expression(r"(sha256:[0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])")


def timestamp(at: datetime) -> str:
    """Return a moment as RFC 3339 in UTC, to the second: `2026-11-21T10:00:00Z`.

    >>> timestamp(datetime(2026, 11, 21, 10, 0, 0, 999, tzinfo=UTC))
    '2026-11-21T10:00:00Z'
    """
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def clipped(text: str, longest: int) -> str:
    """Return a text of at most `longest` characters; where it was longer it ends in `…`.

    >>> clipped("sha256:0123", 8)
    'sha256:…'
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def short_digests(text: str) -> str:
    """Return a text with each SHA-256 digest in it cut to its first twelve digits.

    >>> short_digests("shop@sha256:" + "0123456789abcdef" * 4)
    'shop@sha256:0123456789ab…'
    """
    return _DIGEST.sub(r"\1…", text)


def counted(number: int, word: str) -> str:
    """Return a number with its noun: `1 image`, `1,200 images`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def listed(names: Collection[str], most: int) -> str:
    """Return the first names, and how many more there are.

    >>> listed(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    shown = list(names)[:most]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
