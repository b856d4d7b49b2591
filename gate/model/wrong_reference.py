"""Why a text is no image reference: one cause and one next step, as people misspell them.

`http://ghcr.io/acme/shop:1.0` begins with a scheme, `ghcr.io/Acme/shop` has a capital letter,
`ghcr.io/acme/shop:$TAG` has a variable that nothing filled in.
"""

from __future__ import annotations

import re
from typing import Final

from gate.model.expressions import expression

_FORM: Final = "write [registry/]repository[:tag][@sha256:digest] in lowercase"
_CAUSES: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (expression(r"\A\s*\Z"), "it is empty", _FORM),
    (
        expression(r"\A[a-z]+://"),
        "it begins with a scheme",
        "leave the scheme out: write ghcr.io/acme/shop:1.0",
    ),
    (
        expression(r"\$[{(A-Za-z_]|\{\{|%[A-Za-z_]+%"),
        "it holds a variable that nothing filled in",
        "fill it in before gate reads the name, such as with `envsubst` or `helm template`",
    ),
    (expression(r"\s"), "it contains a space or a line end", "take the space out of the name"),
    (
        expression(r"\A[^@]*[:@]\Z"),
        "its tag or digest is empty",
        "write the tag or the digest, or leave out the sign before it",
    ),
    (
        expression(r"@(?!sha256:)"),
        "its digest is not a sha256 digest",
        "write @sha256: and 64 hexadecimal digits",
    ),
    (
        expression(r"@sha256:(?![0-9a-f]{64}\Z)"),
        "its digest is cut or misspelt",
        "copy the whole digest: sha256: and 64 hexadecimal digits in lowercase",
    ),
    (
        expression(r"\A[^:@]*[A-Z]|\A[^/@]*:\d+/[^:@]*[A-Z]"),
        "it has a capital letter",
        "write registry and repository in lowercase",
    ),
    (
        expression(r"/[^@/]*:[^@/]*:|\A[^@/]*:[^@/]*:[^@/]*\Z"),
        "it has two tags",
        "keep one of the two tags",
    ),
)


def wrong_reference(name: str) -> tuple[str, str]:
    """Return what is wrong with a name that `ImageReference.parse` refuses, and the next step."""
    said = f"{name!r} is not an image reference"
    for pattern, cause, remedy in _CAUSES:
        if pattern.search(name):
            return f"{said}: {cause}", remedy
    return said, _FORM
