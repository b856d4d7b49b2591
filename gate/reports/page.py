"""The page that a text report is set on."""

from __future__ import annotations

import textwrap

from gate.model.records import dataclass
from gate.model.verdict import Severity

_RESET = "\x1b[0m"
_STYLES = {
    "bad": "\x1b[1;31m",
    "warn": "\x1b[33m",
    "good": "\x1b[32m",
    "dim": "\x1b[2m",
    "bold": "\x1b[1m",
}
MIN_WIDTH, MAX_WIDTH = 40, 120
"""Lines are wrapped to the terminal within these bounds: longer ones are hard to read."""


@dataclass(frozen=True, slots=True)
class Page:
    """How wide the page is, in characters, whether it takes colour, and what it leaves out."""

    width: int = 100
    colour: bool = False
    quiet: bool = False
    """Whether only what decides is shown, and the verdict."""
    least: Severity | None = None
    """Warnings below this severity are counted and not shown; None shows all."""

    @property
    def columns(self) -> int:
        """How many characters of a line are used."""
        return min(max(self.width, MIN_WIDTH), MAX_WIDTH)

    def style(self, name: str, text: str) -> str:
        """Return the text in a style, where the page takes colour."""
        return f"{_STYLES[name]}{text}{_RESET}" if self.colour else text

    def wrap(self, text: str, *, indent: str, hanging: str = "") -> str:
        """Return text in lines that fit, each indented, the first one by less where `hanging`.

        Long words are kept whole, to be copied.
        """
        return textwrap.fill(
            text,
            self.columns,
            initial_indent=indent,
            subsequent_indent=indent + hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
