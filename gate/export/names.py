r"""How a policy names images, as regular expressions that RE2, POSIX and Go all read alike.

    ghcr.io/acme/*    ghcr\.io/acme/[^/@:]*
    ghcr.io/**        ghcr\.io(/[^/@:]+)+
    **                [^/@]+(/[^/@:]+)*

An expression is about the name as it is written. The targets do not know that `nginx`,
`index.docker.io/library/nginx` and `docker.io:443/library/nginx` are `docker.io/library/nginx`:
such a name would pass its entry by, and meet the one for `**`. So where a policy has more than one
entry, names have to be written in full, as gate itself writes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from gate.policy.glob import ANY

IN_FULL: Final = "images must be written with their registry: docker.io/library/nginx, not nginx"
"""How names are compared there, for the account."""
NOT_IN_FULL: Final = "not written in full: docker.io/library/nginx, and not nginx"
"""What is told of an image that is written another way."""
DIGEST: Final = "@sha256:[0-9a-f]{64}"
_TAG: Final = "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
_SEGMENT: Final = "[^/@:]+"
_IN_SEGMENT: Final = "[^/@:]*"
_HOST: Final = "[^/@]*"
"""The same in a host, which may have a port."""


_WITH_REGISTRY: Final = r"localhost|[^/A-Z\[]*[.:][^/A-Z\[]*"
_OTHER_SPELLING: Final = (
    r"^((([^/]*\.[^/]*|localhost):443|[^/]*:0[0-9]*|index\.docker\.io)/|docker\.io/[^/]*$)"
)
"""Of a name with its registry: the port that https has anyway, a port with a nought before it, the
other name of Docker Hub, and an image of Docker Hub without its folder."""


def spellings(patterns: Sequence[str]) -> tuple[str, str] | None:
    """Return what a name in full matches, and what it does not; None where it is all the same.

    With one entry a name in another spelling meets that entry or none.
    """
    if len(patterns) == 1:
        return None
    # An address of IPv6 has many spellings; of those the patterns' own alone are known.
    addresses = sorted({p.partition("/")[0] for p in patterns if p.startswith("[")})
    with_registry = "|".join([_WITH_REGISTRY, *map(_literal, addresses)])
    return f"^({with_registry})/", _OTHER_SPELLING


def image_expression(pattern: str) -> str:
    """Return an expression for the images of a pattern, anchored, with any tag and digest."""
    return f"^{name_expression(pattern)}{_TAG}({DIGEST})?$"


def name_expression(pattern: str) -> str:
    """Return an expression for the names of a pattern, not anchored."""
    segments = pattern.split("/")
    while segments[:2] == [ANY, ANY]:
        del segments[0]  # two in a row match what one does
    if segments == [ANY]:
        return f"[^/@]+(/{_SEGMENT})*"
    if segments[0] == ANY:
        # What follows is at any depth below a host, or begins with the host itself.
        first, rest = segments[1], segments[2:]
        below = f"[^/@]+/({_SEGMENT}/)*{_written(first)}"
        return _joined(f"({below}|{_written(first, _HOST)})", rest)
    return _joined(_written(segments[0], _HOST), segments[1:])


def _joined(first: str, rest: list[str]) -> str:
    """Return the expression of a first segment and of those that follow it."""
    written = first
    for index, segment in enumerate(rest):
        if segment != ANY:
            written += f"/{_written(segment)}"
        elif index == len(rest) - 1:
            written += f"(/{_SEGMENT})+"
        else:
            written += f"(/{_SEGMENT})*"
    return written


def _written(segment: str, anything: str = _IN_SEGMENT) -> str:
    """Return the expression of one segment; `anything` is what its `*` matches."""
    return anything.join(_literal(part) for part in segment.split("*"))


def allowed_expression(allowed: str) -> str:
    """Return an expression for the images of an allowed registry, or of a folder of one."""
    below = f"(/{_SEGMENT})+" if "/" not in allowed else f"(/{_SEGMENT})*"
    return f"^{_literal(allowed)}{below}{_TAG}({DIGEST})?$"


def _literal(text: str) -> str:
    """Return text of a name as an expression: of its characters these three alone mean more."""
    return re.sub(r"([.\[\]])", r"\\\1", text)
