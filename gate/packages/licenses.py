"""Licences as SPDX expressions, and what a policy says of them.

https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection
from typing import Any, Final

from gate.model.expressions import expression

LONGEST: Final = 2048
_LEAVES: Final = 200
_COMPOUND: Final = {
    "GPL-2.0-with-GCC-exception": "GPL-2.0-only WITH GCC-exception-2.0",
    "GPL-2.0-with-autoconf-exception": "GPL-2.0-only WITH Autoconf-exception-2.0",
    "GPL-2.0-with-bison-exception": "GPL-2.0-only WITH Bison-exception-2.2",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "GPL-2.0-with-font-exception": "GPL-2.0-only WITH Font-exception-2.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only WITH GCC-exception-3.1",
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only WITH Autoconf-exception-3.0",
}
"""Deprecated ids of the SPDX list that are a licence and an exception in one."""
_FAMILIES: Final = frozenset({"GPL", "LGPL", "AGPL", "GFDL", "BSD"})
"""Names of many licences, some of which the library takes for one of them."""
_WORD: Final = expression(r"[A-Za-z0-9](?:[A-Za-z0-9.+-]*[A-Za-z0-9+])?", re.ASCII)
_WHOLE: Final = {name.lower(): meaning for name, meaning in _COMPOUND.items()}
_COMPOUNDS: Final = expression("|".join(_COMPOUND), re.IGNORECASE)


def _whole(found: re.Match[str]) -> str:
    return _WHOLE[found[0].lower()]


@functools.cache
def _licensing() -> Any:  # noqa: ANN401  # the library has no types
    from license_expression import get_spdx_licensing  # noqa: PLC0415  # few policies ask

    return get_spdx_licensing()


@functools.lru_cache(maxsize=8192)
def _read(text: str) -> Any:  # noqa: ANN401  # the library's own tree, or None
    """Read an expression; None where the text is not one."""
    if len(text) > LONGEST:
        return None
    try:
        tree = _licensing().parse(_COMPOUNDS.sub(_whole, text))
    except Exception:  # noqa: BLE001  # the library raises IndexError and more on odd text
        return None
    if tree is None or len(tree.literals) > _LEAVES:
        return None
    return tree


def allowed(text: str, only: Collection[str]) -> bool:
    """Whether the expression can be met by these licences alone: `OR` is a choice."""
    tree = _read(text)
    return tree is not None and _met(tree, frozenset(only).__contains__)


def forbidden(text: str, banned: Collection[str]) -> bool:
    """Whether the expression cannot be met without one of these: `OR` is a choice.

    A licence with an exception is also the licence. Text that is no expression, or too long
    to be read as one, is every licence whose id is in it.
    """
    if not banned:
        return False
    tree = _read(text)
    if tree is None:
        return _mentions(text, banned)
    return not _met(tree, lambda name: not _is_one(name, banned))


def _is_one(name: str, banned: Collection[str]) -> bool:
    """Whether a licence of an expression is one of these, with or without an exception."""
    licence = name.partition(" WITH ")[0]
    if not {name, licence}.isdisjoint(banned):
        return True
    # The library takes any words for the name of one licence that it does not know.
    return " " in licence and _mentions(licence, banned)


def _mentions(text: str, banned: Collection[str]) -> bool:
    return any(_names(word, banned) for word in set(_WORD.findall(text)))


def _names(word: str, banned: Collection[str]) -> bool:
    """Whether a word is one of these ids, in any case or in a spelling of before SPDX 3.0."""
    if any(word.lower() == name.lower() for name in banned):
        return True
    tree = _read(word) if "-" in word else None
    return tree is not None and str(tree.render("{symbol.key}")) in banned


def _met(tree: Any, holds: Callable[[str], bool]) -> bool:  # noqa: ANN401  # the library's tree
    parts = [_met(arg, holds) for arg in getattr(tree, "args", ())]
    operator = getattr(tree, "operator", "").strip().upper()
    if operator == "AND":
        return all(parts)
    if operator == "OR":
        return any(parts)
    return holds(str(tree.render("{symbol.key}")))


def listed_license(text: str) -> str:
    """Return one licence of the SPDX list in SPDX's spelling. Raises ValueError."""
    tree = None if text.upper() in _FAMILIES else _read(text)
    if tree is None or len(tree.literals) != 1 or _licensing().unknown_license_keys(tree):
        msg = f"{text!r} is not one licence of the SPDX list"
        raise ValueError(msg)
    return str(tree.render("{symbol.key}"))
