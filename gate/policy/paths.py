"""How a policy names files: literals and two wildcards, never regular expressions.

Globs as `gate.policy.glob` matches them, in linear time. A pattern that matches a folder
matches all that is in it.
"""

from __future__ import annotations

from typing import Final

from gate.model.records import dataclass
from gate.policy.glob import ANY, check_bounds, spans

_OTHER_WILDCARDS: Final = frozenset("?[]{}\\")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern over paths with slashes, as reports print them.

    >>> PathPattern("**/node_modules").matches("web/node_modules/x/package.json")
    True
    >>> PathPattern("node_modules").matches("web/node_modules/x/package.json")
    False
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse what cannot match, or means something else in other tools. Raises ValueError."""
        check_bounds(self.text)
        segments = self.text.split("/")
        if not self.text or self.text.startswith("!") or _OTHER_WILDCARDS & set(self.text):
            msg = f"{self.text!r} is not a path pattern: * and ** are the only wildcards"
            raise ValueError(msg)
        if not {"", ".", ".."}.isdisjoint(segments) or not self.text.isprintable():
            msg = (
                f"{self.text!r} is not a path pattern: write the path as reports print it, from "
                "the working folder, without a slash at its start or end"
            )
            raise ValueError(msg)
        if any(ANY in segment and segment != ANY for segment in segments):
            msg = f"{self.text!r} is not a path pattern: ** is a whole segment, as in **/charts"
            raise ValueError(msg)

    def matches(self, path: str) -> bool:
        """Whether the path, or a folder above it, matches."""
        return spans(self.text, path) or spans(f"{self.text}/{ANY}", path)
