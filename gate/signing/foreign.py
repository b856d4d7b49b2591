"""What other people's exceptions say, fit to print."""

from __future__ import annotations

from typing import Final

LIMIT: Final = 200


def printable(text: str) -> str:
    """Return the beginning of foreign text in ASCII, with control characters escaped."""
    return ascii(text[:LIMIT])[1:-1]


def reason(error: BaseException) -> str:
    """Return one bounded, printable line on a foreign exception, with its deepest cause."""
    deepest = error
    while deepest.__cause__ is not None:
        deepest = deepest.__cause__
    said = [printable(str(one)) or type(one).__name__ for one in (error, deepest)]
    return ": ".join(dict.fromkeys(said))
