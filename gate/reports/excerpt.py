"""The source line of a finding with a mark under its column, and no secret in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gate.model.expressions import expression
from gate.model.lines import Lines
from gate.model.location import Location
from gate.reports.neutral import terminal

_BEFORE: Final = 60
"""How many characters before the column are shown of a long line."""
_LONGEST: Final = 4_000
"""A line that is longer is shown only in part, and is not looked through for secrets."""
_ABOUT_SECRETS: Final = expression(r"secret|credential|password")
_VALUE: Final = expression(
    # What is before the word is kept as it is, so it need not be matched.
    r"""((?:(?:pass|secret|token|credential|auth|key)[\w.-]{0,64}|value)"""
    r"""["']?[ ]?[:=][ ]*)"""
    r"""(?=[^\s{\[])(?!(?:true|false|null)\b)(?:"[^"]*"|'[^']*'|[^,}\s]+)""",
    re.IGNORECASE,
)
_OPTION: Final = expression(
    r"--?[\w-]{0,64}(?:pass|secret|token|credential)[\w-]{0,64}[\"']?[ ]?,", re.IGNORECASE
)
"""An option whose value is the next item of a list."""
_LOGIN: Final = expression(r"://[^/\s@]{1,512}@")


def excerpt(rule: str, at: Location | None, lines: Lines | None, width: int) -> Iterator[str]:
    """Yield the line of what a rule found and a line with `^` under its column, if it is there.

    The line is foreign text: it is neutralised and bounded to `width` characters. Nothing is
    shown of a finding about a secret, nor of a line that holds a credential, and a value under
    a name that says secret is masked.
    """
    line = lines.at(at) if lines and at else None
    if line is None or at is None or not line.strip() or _ABOUT_SECRETS.search(rule):
        return
    if len(line) > _LONGEST or _OPTION.search(line):
        return
    from gate.credentials.texts import credential_in  # noqa: PLC0415  # only where a line is shown

    if credential_in(line) is not None:
        return
    column = min(at.column, len(line) + 1) - 1
    start = max(0, column - _BEFORE) if len(line) > width else 0
    start = max(start, len(line[: column + 1]) - len(line[: column + 1].lstrip()) if start else 0)
    shown = _masked(line)
    if shown[: column + 1] != line[: column + 1]:
        column = len(shown)  # the mask begins before: no column of the line is there any more
    before, after = shown[start:column], shown[column : start + width]
    number = f"{at.line:>5} | "
    left, right = terminal("…" + before if start else before), terminal(after)
    yield f"{number}{left}{right}{'…' if len(shown) > start + width else ''}"
    if column < len(shown):
        yield f"{'':>5} | {' ' * len(left)}^"


def _masked(line: str) -> str:
    return _LOGIN.sub("://…@", _VALUE.sub(r"\1…", line))
