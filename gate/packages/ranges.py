"""Packages as a policy forbids them: one version, a range of versions, or all of them.

`pkg:npm/event-stream@3.3.6`, `pkg:npm/lodash@>=4.0.0,<4.17.21`, `pkg:npm/left-pad`.

`versions` orders them as the package's ecosystem does; for a type of package that it does not know
a range is refused at load. A version that cannot be ordered is forbidden by every range, and a
package without a version by every one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote

from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.packages.purl import Purl
from gate.packages.versions import ORDERS, compare

_RANGE: Final = expression(r"(<=|>=|<|>)([^<>=,\s]+)")
_NOT_A_VERSION: Final = expression(r"^[~^=!]|[*<>|,\s]")
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
        if package.type not in ORDERS:
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
        """Whether a package is meant; one without a version is, and one that cannot be ordered."""
        return self.why(found) is not None

    def why(self, found: Purl) -> str | None:
        """Return why a package is meant; None where it is not, and "" where it plainly is.

        `pkg:npm/a@>=1,<2` means `pkg:npm/a@1.5.0` plainly, and `pkg:npm/a@master` because
        "'master' is not a version of Semantic Versioning, so it cannot be ordered".
        """
        if not self.package.same_package(found):
            return None
        version = full_version(found)
        if not self.bounds:
            if not version and self.package.version:
                return "it has no version, so it may be that one"
            return "" if _is_one_of(found.type, version, full_version(self.package)) else None
        try:
            orders = [(o, compare(found.type, version, bound)) for o, bound in self.bounds]
        except ValueError as problem:
            return str(problem)
        return "" if all(_HOLDS[operator](order) for operator, order in orders) else None


def full_version(purl: Purl) -> str:
    """Return a version with its epoch, which purls of RPM packages have beside it."""
    epoch = dict(purl.qualifiers).get("epoch", "")
    inside = ":" in purl.version or purl.type not in ("rpm", "deb")
    return purl.version if inside or not epoch or not purl.version else f"{epoch}:{purl.version}"


def _is_one_of(kind: str, version: str, wanted: str) -> bool:
    """Whether a version is the wanted one in any spelling; every one where none is wanted."""
    if wanted in ("", version):
        return True
    try:
        return kind in ORDERS and compare(kind, version, wanted) == 0
    except ValueError:
        return False


def checked(text: str) -> str:
    """Return the text of a pattern. Raises ValueError for another text."""
    return PackagePattern.parse(text).text
