"""What a policy may hold so that it has a digest: what RFC 8785 can write.

https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.3
"""

from __future__ import annotations

from typing import Any, Final

from gate.errors import PolicyError
from gate.model.document import Document, Path

MOST: Final = 2**53 - 1
"""The greatest whole number that every reader of JSON takes for the same number."""


def check_canonical(document: Document) -> None:
    """Refuse a whole number that has no canonical form, and so no place in a digest.

    `minimum-packages: 9007199254740993` is refused where it is written. What else has none, such
    as `.inf`, is no YAML that gate reads. Raises PolicyError.
    """
    waiting: list[tuple[Path, Any]] = [((), document.value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += (((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting += (((*path, index), inner) for index, inner in enumerate(value))
        elif isinstance(value, int) and abs(value) > MOST:
            raise PolicyError(
                "policy-bad-value",
                f"{'.'.join(map(str, path))}: this number is too large: whole numbers go from "
                f"-{MOST} to {MOST}",
                remedy="correct the value; `gate schema` prints what each key takes",
                location=document.place(*path),
            )
