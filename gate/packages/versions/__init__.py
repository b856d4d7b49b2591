"""How the versions of packages are ordered: one module an order, and the table of types.

To add a type: write its order as a module beside this one and list it in _MODULES. A module has
`compare(one, other)`, which returns -1, 0 or 1 and raises ValueError where either text is not a
version of its kind. What cannot be ordered is never taken for the milder side: see `ranges`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Final

from gate.model.by_name import ByName

LONGEST: Final = 256
"""The most characters of a version."""

Order = Callable[[str, str], int]

_MODULES: Final = {
    **dict.fromkeys(("npm", "cargo", "golang", "hex", "swift"), "semantic"),
    **dict.fromkeys(("nuget", "gem", "pub"), "lenient"),
    "composer": "composer",
    "pypi": "pep440",
    "deb": "debian",
    "rpm": "rpm",
    "apk": "alpine",
    "maven": "maven",
}


def _order(kind: str) -> Order:
    module = importlib.import_module(f"gate.packages.versions.{_MODULES[kind]}")
    found: Order = module.compare
    return found


ORDERS: Final[Mapping[str, Order]] = ByName(_MODULES, _order)
"""By the type of a purl. A run imports the orders of the types that it meets."""


def compare(kind: str, one: str, other: str) -> int:
    """Return -1, 0 or 1 as two versions of a type in ORDERS are ordered.

    Raises ValueError where either cannot be.

    >>> compare("npm", "1.0.0-rc.1", "1.0.0")
    -1
    >>> compare("pypi", "1.0.post1", "1.0")
    1
    >>> compare("deb", "1.0~rc1-1", "1.0-1"), compare("deb", "1:1.0", "2.0")
    (-1, 1)
    >>> compare("rpm", "1.05", "1.5"), compare("apk", "1.2.3-r0", "1.2.3-r1")
    (0, -1)
    >>> compare("maven", "1.0-SNAPSHOT", "1.0")
    -1
    >>> compare("npm", "latest", "1.0.0")
    Traceback (most recent call last):
    ValueError: 'latest' is not a version of Semantic Versioning, so it cannot be ordered
    """
    for text in (one, other):
        if len(text) > LONGEST:
            msg = f"a version is longer than {LONGEST} characters"
            raise ValueError(msg)
        if text != text.strip():
            msg = f"{text!r} is not a version: it begins or ends with space"
            raise ValueError(msg)
    return ORDERS[kind](one, other)
