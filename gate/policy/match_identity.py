"""How a policy names identities: literals and one wildcard, never regular expressions.

`*` matches any text, also none, that has neither `/` nor `@` in it. The host, the owner and
the repository are always literal, so nobody can register a name that slips in.
"""

from __future__ import annotations

from typing import Final

from gate.model.expressions import expression
from gate.model.records import dataclass
from gate.policy import glob

MAX_IDENTITY: Final = 1024
"""The most characters of an identity, and of a pattern for one."""

_BOUNDARY: Final = expression(r"([/@])")
_PRINTABLE: Final = expression(r"[!-~]+")
_FOREIGN: Final = expression(r"[\[\]{}?^$\\|()]")
_BOT: Final = expression(r"\[bot\]@")
"""In the address of an account of a program, as GitHub makes it: `dependabot[bot]@…`."""
_GITHUB: Final = expression(r"(https://[^/]+/[^/]+/[^/]+)/\.github/workflows/[^@]+@.+")
_GITLAB: Final = expression(r"(https://[^/]+/[^/@]+(?:/[^/@]+)+)//[^@]+@.+")
_FIXED_SEGMENTS: Final = 5
"""Of a URI: scheme, nothing, host, owner, repository."""


@dataclass(frozen=True, slots=True)
class IdentityPattern:
    """An identity, or a pattern for some. An instance names a host and cannot match all."""

    text: str

    def __post_init__(self) -> None:
        """Refuse what is no identity, and patterns where none may be. Raises ValueError."""
        check_plain(self.text, "an identity")
        if self.text.strip("*") == "":
            msg = "an identity of * alone would trust everybody who has an account there"
            raise ValueError(msg)
        check_glob(self.text)
        _check_fixed(self.text)

    def matches(self, identity: str) -> bool:
        """Whether the identity is one of those that are meant."""
        return matches(self.text, identity)

    @property
    def repository(self) -> str | None:
        """The repository that a GitHub or GitLab workflow's identity starts with, as a URL."""
        form = _GITHUB.fullmatch(self.text) or _GITLAB.fullmatch(self.text)
        return form[1] if form else None


def check_plain(text: str, what: str) -> None:
    """Refuse empty, overlong and non-ASCII text, and blanks in it. Raises ValueError."""
    if not text:
        msg = f"{what} may not be empty: it would demand nothing"
        raise ValueError(msg)
    if len(text) > MAX_IDENTITY or not _PRINTABLE.fullmatch(text):
        msg = f"{what} is at most {MAX_IDENTITY} printable ASCII characters, without blanks"
        raise ValueError(msg)


def check_literal(text: str, what: str) -> None:
    """Refuse what `check_plain` refuses, and patterns. Raises ValueError."""
    check_plain(text, what)
    if "*" in text:
        msg = f"{text!r}: {what} is compared exactly and takes no pattern"
        raise ValueError(msg)


def check_glob(text: str) -> None:
    """Refuse patterns of other kinds, rather than take them literally. Raises ValueError."""
    found = _FOREIGN.search(text if "*" in text or "://" in text else _BOT.sub("@", text))
    if found or "**" in text:
        msg = (
            f"{text!r}: only * is a pattern here, and it stays between / and @; "
            f"{found[0] if found else '**'!r} has no meaning"
        )
        raise ValueError(msg)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text is what the pattern says, boundary by boundary.

    For example `…@refs/tags/v*` matches `…@refs/tags/v1`, and neither `…@refs/tags/v1/x` nor
    `…@refs/tags/evil`: both are cut at each `/` and `@`, and part is held against part.
    """
    if not _PRINTABLE.fullmatch(text):
        return False
    asked, given = _BOUNDARY.split(pattern), _BOUNDARY.split(text)
    return len(asked) == len(given) and all(map(glob.fits, asked, given))


def _check_fixed(text: str) -> None:
    if "://" in text:
        fixed = "/".join(text.split("/")[:_FIXED_SEGMENTS])
        repository, double, _ = text.partition("://")[2].partition("//")
        if "*" in fixed or (double and "*" in repository):
            msg = f"{text!r}: the host, owner and repository of an identity take no pattern"
            raise ValueError(msg)
    elif "*" in text.rpartition("@")[2]:
        msg = f"{text!r}: the host of an identity takes no pattern"
        raise ValueError(msg)
