"""Foreign text made harmless, one function a medium.

Image names, SBOM fields, identities and registries' messages are chosen by others. Each
format passes every such text through its function here, and nothing else prints it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_COMMANDS: Final = re.compile(r"##(?=\w*\[)|(?:(?<=\s)|\A)::(?=\w)|section_(?=start:|end:)")
"""What CI systems obey in a log: GitHub's `::x::` and `##[x]`, Azure's and TeamCity's `##x[`,
and GitLab's section marks."""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that move, hide or reorder what is around them."""

MAX_TERMINAL: Final = 2_000
"""The longest foreign text in a line of a log, in characters; the rest is said to be cut."""


def terminal(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text that no terminal and no CI log obeys, on one line."""
    shown = "".join(_visible(c) for c in text[:limit])
    shown = _COMMANDS.sub(lambda m: m[0][0] + "\u200a" + m[0][1:], shown)
    cut = len(text) - limit
    return f"{shown}… ({cut} more characters)" if cut > 0 else shown


def _visible(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else f"\\x{ord(character):02x}"
    if unicodedata.category(character) in _INVISIBLE:
        return f"\\u{{{ord(character):x}}}"
    return character
