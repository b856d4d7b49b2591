"""What a workflow or a script sets its variables to.

IDENTITY="https://github.com/$REPOSITORY/release.yml"      one text, with another variable in it
DIGEST=$(crane digest "$IMAGE")                            what a command prints: not known
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Final

from gate.model.expressions import expression
from gate.model.records import dataclass

_SET: Final = expression(
    r"^[ \t]*(?:-[ \t]+)?(?:(?:export|readonly|local|declare)[ \t]+)?"
    r"([A-Za-z_]\w{0,99})(?:=|:[ \t]+)(\S.{0,2000})$",
    re.MULTILINE,
)
_USED: Final = expression(
    r"\$\{\{\s*(?:env\.(\w+)|(github\.repository(?:_owner)?))\s*\}\}|\$\{(\w+)\}|\$(\w+)"
)
_GIVEN: Final = (
    *("GITHUB_REPOSITORY", "GITHUB_REPOSITORY_OWNER"),
    *("github.repository", "github.repository_owner"),
)
_DEPTH: Final = 4
_LONGEST: Final = 4096
_MOST: Final = 10_000
"""How often a file may set variables; more are not looked at, and none is known."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Variables that a text sets, each to one text."""

    known: Mapping[str, str]

    @classmethod
    def of(cls, text: str, repository: str = "") -> Variables:
        """Return those of a text. One that is set twice in different ways is not known.

        `repository` is what a workflow of GitHub finds in `GITHUB_REPOSITORY`.
        """
        said: dict[str, str | None] = {}
        for count, found in enumerate(_SET.finditer(text)):
            if count >= _MOST:
                return cls({})
            name, value = found[1], _one_word(found[2])
            said[name] = value if said.get(name, value) == value else None
        if repository:
            said |= dict(zip(_GIVEN, (repository, repository.partition("/")[0]) * 2, strict=True))
        return cls({name: value for name, value in said.items() if value is not None})

    def filled(self, text: str) -> str:
        """Return a text with what is known in place of the variables."""
        for _ in range(_DEPTH):
            made = _USED.sub(self._value, text)
            if made == text or len(made) > _LONGEST:
                break
            text = made
        return text

    def _value(self, found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[3] or found[4]
        return self.known.get(name, found[0])


def _one_word(written: str) -> str | None:
    """Return the one word that is written, without its quotes; None for a command or a list."""
    try:
        words = shlex.split(written, comments=True)
    except ValueError:
        return None
    return words[0] if len(words) == 1 else None
