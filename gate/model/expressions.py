"""Regular expressions that are compiled when they are first used.

A short run imports some two hundred of them, and asks thirty. Python takes 0.05 to 0.5 ms for each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

__all__ = ["expression"]

_METHODS: Final = ("fullmatch", "match", "search", "sub", "split", "findall", "finditer", "pattern")


class _Expression:
    """What a compiled expression does. Tests compile all that gate has."""

    __slots__ = ("_flags", "_text", *_METHODS)

    def __init__(self, text: str | bytes, flags: int = 0) -> None:
        """Take the text, which is not looked at, and the flags of `re`."""
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any method
        """Compile it, and have its methods in the place of this one from now on."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._text, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


if TYPE_CHECKING:
    from re import compile as expression
else:
    expression = _Expression
