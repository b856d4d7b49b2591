"""Package URLs, compared part by part and never as text.

https://github.com/package-url/purl-spec
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from gate.model.expressions import expression
from gate.model.records import dataclass

LONGEST: Final = 1024
_CASELESS: Final = frozenset({"deb", "golang", "nuget", "pub"})
"""Types whose names are one in any case, and which the library leaves as they are."""
_BUILDS: Final = frozenset({"arch", "classifier", "epoch", "platform"})
_SEPARATORS: Final = expression(r"[-_.]+")
"""What PyPI does not tell apart: https://packaging.python.org/specifications/name-normalization/"""


@dataclass(frozen=True, slots=True)
class Purl:
    """A package, as far as its name and version go."""

    type: str
    namespace: str
    name: str
    version: str
    repository: str
    """The `repository_url` qualifier; empty where there is none."""
    qualifiers: frozenset[tuple[str, str]] = frozenset()
    """Those that tell one build of a package from another, such as `arch`."""

    @classmethod
    def parse(cls, text: str) -> Purl:
        """Read a purl, its type's own rules of case applied. Raises ValueError."""
        if len(text) > LONGEST:
            msg = f"a purl is longer than {LONGEST} characters"
            raise ValueError(msg)
        if any(not c.isascii() and c.lower().isascii() for c in unquote(text)):
            msg = "a purl has a letter that becomes another, of ASCII, in lowercase"
            raise ValueError(msg)
        if not text.startswith("pkg:"):
            msg = "a purl begins with pkg: and a type, such as pkg:npm/left-pad"
            raise ValueError(msg)
        from packageurl import PackageURL  # noqa: PLC0415  # few policies ask

        read = PackageURL.from_string(text)
        qualifiers = read.qualifiers
        namespace, name = read.namespace or "", read.name
        if read.type in _CASELESS:
            namespace, name = namespace.lower(), name.lower()
        return cls(
            read.type,
            namespace,
            plain_name(name) if read.type == "pypi" else name,
            read.version or "",
            qualifiers.get("repository_url", ""),
            frozenset((k, v) for k, v in qualifiers.items() if k in _BUILDS),
        )

    def same_package(self, other: Purl) -> bool:
        """Whether both name one package, of any version."""
        return (self.type, self.namespace, self.name) == (other.type, other.namespace, other.name)

    def covers(self, other: Purl) -> bool:
        """Whether this is the other, or names every version of it."""
        return self.same_package(other) and self.version in ("", other.version)

    def covers_build(self, other: Purl) -> bool:
        """Whether it covers the other, and names no build that the other does not name too."""
        return self.covers(other) and self.qualifiers <= other.qualifiers


def plain_name(name: str) -> str:
    """Return a name in lower case with one dash for every run of `-`, `_` and `.`."""
    return _SEPARATORS.sub("-", name).lower()


def parsed(text: str) -> Purl | None:
    """Read a purl; None where the text is not one."""
    try:
        return Purl.parse(text)
    except ValueError:
        return None
