"""Where a stream is cut into documents: refused wherever its readers would cut differently.

kubectl, Flux and kustomize cut at the lines that begin with `---` before they parse YAML, Helm
cuts at `---` at the beginning of any line, and parsers cut at `---` followed by a blank. With
the separators that pass here all of them cut alike, so one parse of the whole stream gives the
documents that each of them sees.
https://github.com/kubernetes/apimachinery/blob/master/pkg/util/yaml/decoder.go
"""

from __future__ import annotations

from typing import Final

from gate.documents.yaml_limits import refuse
from gate.model.expressions import expression
from gate.model.location import Location

_PLAIN: Final = rb"[ \t]*(?:[ \t]#[^\n]*)?\r?(?:\n|\Z)"
_FIRST: Final = expression(rb"---(?!" + _PLAIN + rb")")
_ODD: Final = expression(rb"\n---(?!" + _PLAIN + rb")")
_LONE_CR: Final = expression(rb"\r(?!\n)")
_WHITE: Final = (*map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)),)
_BEGINNING: Final = expression(
    rb"[ \t\r\n]*(" + b"|".join(character.encode() for character in _WHITE) + rb")"
)


def check_lines(text: bytes, path: str) -> None:
    r"""Refuse lines that readers of YAML end, or take for separators, differently.

    `---`, `--- # next` and both with CRLF are separators to all. `---# next` is one to kubectl
    and a key to parsers; `--- {a: b}` is a document to parsers and an error to kubectl. A CR
    without LF ends a line to parsers and not to kubectl. White space beyond ASCII at the
    beginning is skipped by kubectl, which may then see JSON. Raises DocumentError.
    """
    # A text without such a byte is not searched: most policies have none.
    found = _LONE_CR.search(text) if b"\r" in text else None
    if found:
        raise refuse(
            "yaml-line-ends",
            "a line ends with CR alone, where kubectl sees no end of a line",
            _location(text, found.start(), path),
            remedy="save the file with LF or CRLF line ends",
        )
    odd = _FIRST.match(text) or _ODD.search(text) if b"---" in text else None
    if odd:
        raise refuse(
            "yaml-separator",
            "this line begins with `---` and goes on: some tools begin a new document here,"
            " others do not",
            _location(text, odd.end() - len("---"), path),
            remedy="write `---` alone on its line; a comment needs a space before its `#`",
        )
    beginning = None if text.isascii() else _BEGINNING.match(text)
    if beginning:
        raise refuse(
            "yaml-encoding",
            f"the file begins with the white space U+{ord(beginning[1].decode('utf-8')):04X},"
            " which some tools skip",
            _location(text, beginning.start(1), path),
            remedy="remove the character",
        )


def _location(text: bytes, at: int, path: str) -> Location:
    before = text[:at].decode("utf-8")
    return Location(path, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
