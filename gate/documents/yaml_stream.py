"""Where a stream is cut into documents: refused wherever its readers would cut differently.

kubectl, Flux and kustomize cut at the lines that begin with `---` before they parse YAML, Helm
cuts at `---` at the beginning of any line, and parsers cut at `---` followed by a blank. With
the separators that pass here all of them cut alike, so one parse of the whole stream gives the
documents that each of them sees.
https://github.com/kubernetes/apimachinery/blob/master/pkg/util/yaml/decoder.go
"""

from __future__ import annotations

import re
from typing import Final

from gate.documents.yaml_limits import refuse
from gate.model.location import Location

_PLAIN: Final = rb"[ \t]*(?:[ \t]#[^\n]*)?\r?(?:\n|\Z)"
_FIRST: Final = re.compile(rb"---(?!" + _PLAIN + rb")")
_ODD: Final = re.compile(rb"\n---(?!" + _PLAIN + rb")")
_LONE_CR: Final = re.compile(rb"\r(?!\n)")
_BEGINNING: Final = re.compile(r"[ \t\r\n]*([\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])")


def check_lines(text: bytes, path: str) -> None:
    r"""Refuse lines that readers of YAML end, or take for separators, differently.

    `---`, `--- # next` and both with CRLF are separators to all. `---# next` is one to kubectl
    and a key to parsers; `--- {a: b}` is a document to parsers and an error to kubectl. A CR
    without LF ends a line to parsers and not to kubectl. White space beyond ASCII at the
    beginning is skipped by kubectl, which may then see JSON. Raises DocumentError.
    """
    found = _LONE_CR.search(text) if b"\r" in text else None
    if found:
        raise refuse(
            "yaml-line-ends",
            "a line ends with CR alone, where kubectl sees no end of a line",
            _location(text, found.start(), path),
            remedy="save the file with LF or CRLF line ends",
        )
    start = 0 if _FIRST.match(text) else -1
    if start < 0 and b"\n---" in text and (odd := _ODD.search(text)):
        start = odd.start() + 1
    if start >= 0:
        raise refuse(
            "yaml-separator",
            "this line begins with `---` and goes on: some tools begin a new document here,"
            " others do not",
            _location(text, start, path),
            remedy="write `---` alone on its line; a comment needs a space before its `#`",
        )
    if text[:1] >= b"\x80" or text[:1].isspace():
        beginning = _BEGINNING.match(text.decode("utf-8"))
        if beginning:
            before = text.decode("utf-8")[: beginning.start(1)].encode()
            raise refuse(
                "yaml-encoding",
                f"the file begins with the white space U+{ord(beginning[1]):04X},"
                " which some tools skip",
                _location(text, len(before), path),
                remedy="remove the character",
            )


def _location(text: bytes, at: int, path: str) -> Location:
    line = text.count(b"\n", 0, at)
    before = text[text.rfind(b"\n", 0, at) + 1 : at]
    return Location(path, line + 1, len(before.decode("utf-8")) + 1)
