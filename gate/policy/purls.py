"""Package URLs, compared part by part and never as text.

https://github.com/package-url/purl-spec
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from packageurl import PackageURL

LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Purl:
    """A package, as far as its name and version go."""

    type: str
    namespace: str
    name: str
    version: str
    repository: str
    """The `repository_url` qualifier; empty where there is none."""

    @classmethod
    def parse(cls, text: str) -> Purl:
        """Read a purl, its type's own rules of case applied. Raises ValueError."""
        if len(text) > LONGEST:
            msg = f"a purl is longer than {LONGEST} characters"
            raise ValueError(msg)
        if any(not c.isascii() and c.lower().isascii() for c in unquote(text)):
            msg = "a purl has a letter that becomes another, of ASCII, in lowercase"
            raise ValueError(msg)
        read = PackageURL.from_string(text)
        qualifiers = read.qualifiers
        return cls(
            read.type,
            read.namespace or "",
            read.name,
            read.version or "",
            qualifiers.get("repository_url", ""),
        )

    def same_package(self, other: Purl) -> bool:
        """Whether both name one package, whatever its version."""
        return (self.type, self.namespace, self.name) == (other.type, other.namespace, other.name)

    def covers(self, other: Purl) -> bool:
        """Whether this is the other, or names every version of it."""
        return self.same_package(other) and self.version in ("", other.version)


def parsed(text: str) -> Purl | None:
    """Read a purl; None where the text is not one."""
    try:
        return Purl.parse(text)
    except ValueError:
        return None
