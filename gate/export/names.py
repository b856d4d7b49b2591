r"""How a policy names images, as regular expressions that RE2, POSIX and Go all read alike.

    ghcr.io/acme/*    ghcr\.io/acme/[^/@:]*
    ghcr.io/**        ghcr\.io(/[^/@:]+)+
    **                [^/@]+(/[^/@:]+)*

An expression is about the name as it is written. A name that leaves its registry out (`nginx`,
which is `docker.io/library/nginx`) matches what says `**` alone: the targets do not know
canonical names, so a policy that is exported wants them written in full.
"""

from __future__ import annotations

import re
from typing import Final

from gate.policy.glob import ANY

IN_FULL: Final = "images must be written with their registry: docker.io/library/nginx, not nginx"
"""How names are compared there, for the account."""
DIGEST: Final = "@sha256:[0-9a-f]{64}"
_TAG: Final = "(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
_SEGMENT: Final = "[^/@:]+"


def image_expression(pattern: str) -> str:
    """Return an expression for the images of a pattern, anchored, with any tag and digest."""
    return f"^{name_expression(pattern)}{_TAG}({DIGEST})?$"


def name_expression(pattern: str) -> str:
    """Return an expression for the names of a pattern, not anchored."""
    segments = pattern.split("/")
    if segments == [ANY]:
        return f"[^/@]+(/{_SEGMENT})*"
    written = ""
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == ANY and index == 0:
            # A host may have a port; what follows may be at any depth below it.
            written += f"([^/@]+/({_SEGMENT}/)*)?"
        elif segment == ANY:
            written += f"({_SEGMENT}/)*{_SEGMENT}" if last else f"({_SEGMENT}/)*"
        else:
            literal = "[^/@:]*".join(_literal(part) for part in segment.split("*"))
            written += literal if last else f"{literal}/"
    return written


def allowed_expression(allowed: str) -> str:
    """Return an expression for the images of an allowed registry, or of a folder of one."""
    below = f"(/{_SEGMENT})+" if "/" not in allowed else f"(/{_SEGMENT})*"
    return f"^{_literal(allowed)}{below}{_TAG}({DIGEST})?$"


def _literal(text: str) -> str:
    """Return text of a name as an expression: of its characters these three alone mean more."""
    return re.sub(r"([.\[\]])", r"\\\1", text)
