"""Text as a scalar of YAML that gate writes: plain where people may read it so, else quoted."""

from __future__ import annotations

import json
from typing import Final

from gate.model.expressions import expression

_PLAIN: Final = expression(r"[A-Za-z0-9](?:[A-Za-z0-9._/@*+~-]|:(?=[A-Za-z0-9/]))*")
WORDS: Final = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
"""Plain scalars that some reader of YAML takes for something else than text."""
_NUMBER: Final = expression(r"[0-9._+-]+(?:[eE][0-9+-]+)?|0[xob].*")


def scalar(text: str) -> str:
    """Return text as YAML that means just this text, quoted where it has to be."""
    plain = _PLAIN.fullmatch(text) and not _NUMBER.fullmatch(text)
    return text if plain and text.lower() not in WORDS else json.dumps(text)
