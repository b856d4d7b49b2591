"""Packages as a policy forbids them: one version, a range of versions, or all of them.

`pkg:npm/event-stream@3.3.6`, `pkg:npm/lodash@>=4.0.0,<4.17.21`, `pkg:npm/left-pad`.

`versions` orders them; for a type of package that it does not know a range is refused at load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import unquote

from pydantic import AfterValidator

from gate.packages.purl import Purl
from gate.packages.versions import RANGED, compare

_RANGE: Final = re.compile(r"(<=|>=|<|>)([^<>=,\s]+)")
_NOT_A_VERSION: Final = re.compile(r"^[~^=!]|[*<>|,\s]")
"""What ranges of other tools have in them: as a version it would forbid no package."""
_HOLDS: Final[Mapping[str, Callable[[int], bool]]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


@dataclass(frozen=True, slots=True)
class PackagePattern:
    """Packages that a policy names.

    >>> below = PackagePattern.parse("pkg:npm/lodash@<4.17.21")
    >>> below.matches(Purl.parse("pkg:npm/lodash@4.17.20"))
    True
    >>> below.matches(Purl.parse("pkg:npm/lodash@4.17.21"))
    False
    """

    text: str
    package: Purl
    """Its version is empty where a range or every version is meant."""
    bounds: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> PackagePattern:
        """Read a purl whose version may be a range. Raises ValueError."""
        head, at, stated = text.partition("@") if text.count("@") == 1 else text.rpartition("@")
        wanted = unquote(stated)
        if not at or wanted[:1] not in ("<", ">"):
            if _NOT_A_VERSION.search(wanted):
                msg = (
                    f"{wanted!r} is no version: name one, or write a range as <, <=, > or >= and a "
                    "version, such as >=1.2,<2"
                )
                raise ValueError(msg)
            return cls(text, Purl.parse(text))
        package = Purl.parse(head)
        if package.type not in RANGED:
            msg = f"versions of {package.type} packages cannot be ordered: name each one"
            raise ValueError(msg)
        bounds = []
        for part in wanted.split(","):
            form = _RANGE.fullmatch(part.strip())
            if form is None:
                msg = f"{part!r} is not <, <=, > or >= and a version"
                raise ValueError(msg)
            compare(package.type, form[2], form[2])
            bounds.append((form[1], form[2]))
        return cls(text, package, tuple(bounds))

    def matches(self, found: Purl) -> bool:
        """Whether a package is meant; one whose version cannot be ordered is."""
        if not self.bounds:
            return self.package.covers(found)
        if not self.package.same_package(found):
            return False
        try:
            return all(
                _HOLDS[operator](compare(found.type, found.version, bound))
                for operator, bound in self.bounds
            )
        except ValueError:
            return True


def _checked(text: str) -> str:
    return PackagePattern.parse(text).text


Package = Annotated[str, AfterValidator(_checked)]
"""A policy field that names packages."""
