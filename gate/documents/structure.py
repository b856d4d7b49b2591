"""What of a JSON text is outside of its strings: its brackets and its colons.

Told from the bytes in a few passes that each run at the speed of memory; walking the values
would fetch every one of them again, and takes three times as long.
"""

from __future__ import annotations

from typing import Final

from gate.model.records import dataclass

_KEPT: Final = b'[]{}":'
_DROPPED: Final = bytes(set(range(256)) - set(_KEPT))
_AS_LISTS: Final = bytes.maketrans(b"{}", b"[]")


@dataclass(frozen=True, slots=True)
class Structure:
    """The brackets of a JSON text, in their order, and how many keys it writes."""

    brackets: bytes
    """Square ones for all: that an object is closed as one is known."""
    keys: int
    """Repeated ones too."""

    @classmethod
    def of(cls, data: bytes) -> Structure:
        """Take the structure of a text that is known to be JSON; of any other it means nothing.

        A byte is outside of strings when the quotation marks before it are even in number.
        Two that stand side by side change that for nothing behind them, so they may go, and
        with them nearly all strings, for few hold a bracket or a colon. Two colons side by side
        are always inside of a string: outside, a quotation mark is before each.
        """
        if b"\\" in data:
            data = data.replace(rb"\\", b"").replace(rb"\"", b"")
        marks = data.translate(None, _DROPPED).replace(b"::", b"").replace(b'""', b"")
        outside = b"".join(marks.split(b'"')[::2])
        return cls(outside.translate(_AS_LISTS, b":"), outside.count(b":"))

    def is_deeper_than(self, levels: int) -> bool:
        """Whether brackets are nested more than this number of levels."""
        left = self.brackets
        for _ in range(levels):
            left = left.replace(b"[]", b"")
        return bool(left)
