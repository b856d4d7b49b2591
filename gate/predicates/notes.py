"""What is wrong in a document that is read all the same."""

from __future__ import annotations

from typing import Final

MOST: Final = 20
"""How many different sentences are kept."""


class Notes:
    """Sentences about one document, each once, and how many more there are."""

    __slots__ = ("_more", "_said")

    def __init__(self) -> None:
        """Begin with none."""
        self._said: dict[str, None] = {}
        self._more = 0

    def add(self, sentence: str) -> None:
        """Keep a sentence, if it is new and there is room; else count it."""
        if sentence in self._said or len(self._said) < MOST:
            self._said[sentence] = None
        else:
            self._more += 1

    def told(self) -> tuple[str, ...]:
        """Return the sentences in the order in which they were added."""
        more = (f"and {self._more} more of the kind",) if self._more else ()
        return (*self._said, *more)
