"""Plain values to YAML that every reader reads alike.

The readers that were held against each other are libyaml, go-yaml v2 and v3 (kubectl, Helm,
Flux, Argo CD) and readers of YAML 1.2. What they type differently is never written: every
text is in double quotes, and a key is bare only where all of them take it for text.
https://yaml.org/spec/1.2.2/ and docs/decisions/0012-what-is-applied-is-emitted.md
"""

from __future__ import annotations

import re
from typing import Any, Final

from gate.documents.scalars import resolve
from gate.model.expressions import expression

_BARE: Final = expression(r"[A-Za-z_][A-Za-z0-9_./-]{0,99}", re.ASCII)
_MAX_SIMPLE_KEY: Final = 100
"""Characters of a written key from which `? ` goes before it: readers look for the colon of a
simple key no further than 1,024 characters."""
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def write_yaml(value: Any) -> str:  # noqa: ANN401  # any JSON value
    r"""Return a value as one YAML document in block style, without `---`, ended by a line end.

    `{"kind": "Pod", "on": [1, {"a": "x\n"}]}` becomes

        kind: "Pod"
        "on":
          - 1
          - a: "x\n"

    No line begins with `---`, `...`, `%` or white space at the left margin of the document, so
    that texts which are cut at such lines are cut between documents alone. Keys stay in their
    order. Anchors, tags, comments and lines that are folded are never written. Of a value that
    JSON cannot hold (half characters, infinities) a text is returned that cannot be read again.
    """
    if not isinstance(value, dict | list) or not value:
        return f"{_leaf(value)}\n"
    lines: list[str] = []
    _block(value, "", lines)
    return "\n".join(lines) + "\n"


def _block(value: Any, indent: str, lines: list[str]) -> None:  # noqa: ANN401  # any JSON value
    inner = f"{indent}  "
    if isinstance(value, list):
        for part in value:
            start = len(lines)
            if isinstance(part, dict | list) and part:
                _block(part, inner, lines)
                lines[start] = f"{indent}- {lines[start][len(inner) :]}"
            else:
                lines.append(f"{indent}- {_leaf(part)}")
        return
    for key, part in value.items():
        name = _key(key)
        if len(name) > _MAX_SIMPLE_KEY:
            lines.append(f"{indent}? {name}")
            name = ""
        if isinstance(part, dict | list) and part:
            lines.append(f"{indent}{name}:")
            _block(part, inner, lines)
        else:
            lines.append(f"{indent}{name}: {_leaf(part)}")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) and resolve(key) == key else _quoted(key)


def _leaf(value: Any) -> str:  # noqa: ANN401  # any JSON value
    match value:
        case str():
            return _quoted(value)
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case float():
            return _float(value)
        case int():
            return str(value)
        case _:
            return "[]" if isinstance(value, list) else "{}"


def _float(value: float) -> str:
    """Return a float that YAML 1.1 takes for one too: it wants a point before the exponent."""
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")


def _quoted(text: str) -> str:
    return f'"{"".join(map(_character, text))}"' if _NOT_PLAIN.search(text) else f'"{text}"'


_NOT_PLAIN: Final = expression(r"[^ !#-\[\]-~]")
"""All but printable ASCII without the double quote and the backslash."""


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004  # what two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  # four digits
