"""HTML that is built from elements: text that others choose can only become text.

A `str` in an element is neutralised and escaped; only `Html` is markup, and only this module
makes it. https://html.spec.whatwg.org/multipage/syntax.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from gate.model.records import dataclass
from gate.reports.neutral import html

LONGEST: Final = 1_000
"""The longest text in an element, in characters; the rest is said to be cut."""
_VOID: Final = frozenset({"input", "meta"})


@dataclass(frozen=True, slots=True)
class Html:
    """Markup."""

    markup: str


Part: TypeAlias = Html | str
Attribute: TypeAlias = str | int | bool
"""True is an attribute without a value, False is no attribute."""


def tag(name: str, /, *parts: Part, **attributes: Attribute) -> Html:
    """Return an element. `class_` is `class`, and `data_kind` is `data-kind`.

    >>> tag("p", "1 < 2", class_="sum").markup
    '<p class="sum">1 &lt; 2</p>'
    """
    opened = f"<{name}{''.join(_attributes(attributes))}>"
    if name in _VOID:
        return Html(opened)
    return Html(f"{opened}{''.join(map(_markup, parts))}</{name}>")


def together(parts: Iterable[Part]) -> Html:
    """Return parts that follow each other, without an element around them."""
    return Html("".join(map(_markup, parts)))


def raw(name: str, text: str) -> Html:
    """Return `style` or `script` with a text of our own, which nothing in it may end."""
    if "</" in text or "<!--" in text:
        msg = f"the text of {name} would end it"
        raise ValueError(msg)
    return Html(f"<{name}>{text}</{name}>")


def fitting(items: Iterable[Html], most: int) -> list[Html]:
    """Return the first items that fit into `most` bytes together."""
    left, kept = most, []
    for item in items:
        left -= len(item.markup.encode())
        if left < 0:
            break
        kept.append(item)
    return kept


def cut(number: int, noun: str) -> Iterator[Html]:
    """Yield a paragraph that says how many are left out, unless it is 0."""
    if number:
        text = f"{number:,} more {noun} are not shown here. The JSON report has all of them."
        yield tag("p", text, class_="cut")


def _markup(part: Part) -> str:
    return part.markup if isinstance(part, Html) else html(part, limit=LONGEST)


def _attributes(attributes: dict[str, Attribute]) -> Iterator[str]:
    for name, value in attributes.items():
        key = name.rstrip("_").replace("_", "-")
        if value is True:
            yield f" {key}"
        elif value is not False:
            yield f' {key}="{html(str(value), limit=LONGEST)}"'
