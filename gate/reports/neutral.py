"""Foreign text made harmless, one function a medium.

Image names, SBOM fields, identities and registries' messages are chosen by others. Each
format passes every such text through its function here, and nothing else prints it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from gate.model.expressions import expression

_COMMANDS: Final = expression(r"##(?=\w*\[)|(?:(?<=\s)|\A)::(?=[\w:])|section_(?=start:|end:)")
"""What CI systems obey in a log: GitHub's `::x::` and `##[x]`, Azure's and TeamCity's `##x[`,
and GitLab's section marks."""

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that move, hide or reorder what is around them."""

MAX_TERMINAL: Final = 2_000
"""The longest foreign text in a line of a log, in characters; the rest is said to be cut."""


def terminal(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text that no terminal and no CI log obeys, on one line."""
    shown = text[:limit]
    if not shown.isprintable():  # most texts are, and looking at each character takes long
        shown = "".join(map(_visible, shown))
    shown = _COMMANDS.sub(lambda m: m[0][0] + "\u200a" + m[0][1:], shown)
    cut = len(text) - limit
    return f"{shown}… ({cut} more characters)" if cut > 0 else shown


def _visible(character: str) -> str:
    if character.isascii():
        return character if character.isprintable() else f"\\x{ord(character):02x}"
    if unicodedata.category(character) in _INVISIBLE:
        return f"\\u{{{ord(character):x}}}"
    return character


_LINK: Final = expression(r"\](?=\()|\{(?=\d+\})")
"""What a viewer of SARIF takes for a link (3.11.6) or a place to fill in (3.11.5)."""
_MENTION: Final = expression(r"(?<!\w)@(?=\w)")


def sarif(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text that a viewer of SARIF shows as it is: no link, no placeholder, no mention."""
    shown = _LINK.sub(lambda m: m[0] + "\u200a", terminal(text, limit=limit))
    return _MENTION.sub("@\u200a", shown)


_MARKUP: Final = {c: f"&#{ord(c)};" for c in "\\`*_{}[]<>#|~!&$@^\"'"}
_REFERENCE: Final = expression(r"[@#!~%$&^:](?=[\w/\[\"])|(?<=www)\.|(?<=GH)-", re.IGNORECASE)
"""What GitHub or GitLab turns into a link or a mention, also after entities are resolved:
`@name`, `#1`, `!1`, `~label`, `https://…`, `www.…`, `:emoji:`."""


def markdown(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text as one line of Markdown and HTML that makes no element, link or mention.

    It is in a paragraph, a table cell or an HTML element, never first on its line.
    """
    shown = _REFERENCE.sub(lambda m: m[0] + "\u200b", terminal(text, limit=limit))
    return "".join(_MARKUP.get(c, c) for c in shown)


def markdown_code(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text in a `code` element, to be copied as it is; there nothing is linked."""
    shown = terminal(text, limit=limit)
    entities = "".join(f"&#{ord(c)};" if _is_mark(c) else c for c in shown)
    return f"<code>{entities}</code>"


def _is_mark(character: str) -> bool:
    return character.isascii() and not character.isalnum() and character not in " ./-"


def html(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text for HTML, in an element or in a quoted attribute: it makes no markup."""
    from html import escape  # noqa: PLC0415  # one format needs it, and it knows every entity

    return escape(terminal(text, limit=limit), quote=True)


def command_data(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text as the message of a GitHub workflow command."""
    return terminal(text, limit=limit).replace("%", "%25")


def command_property(text: str, *, limit: int = MAX_TERMINAL) -> str:
    """Return text as a property of a GitHub workflow command."""
    return command_data(text, limit=limit).replace(":", "%3A").replace(",", "%2C")
