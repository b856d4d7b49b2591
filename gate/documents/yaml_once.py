"""Documents that several files hold alike, as the overlays of each environment do: read once."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from typing import Final

from gate.documents.kept import Kept
from gate.documents.libyaml import CParser, YAMLError
from gate.documents.yaml_events import Builder
from gate.documents.yaml_limits import MAX_DOCUMENTS, MAX_NODES
from gate.errors import DocumentError
from gate.model.document import Document, mark

_LARGE: Final = 4096
"""Bytes of a document from which on it is worth to look whether it was read before."""


def build_once(text: bytes, path: str, kept: Kept) -> tuple[Document, ...] | None:
    """Return the documents of a text whose lines were checked; None where it must be read whole.

    A text is cut where all readers cut it, in front of each line that begins with `---`, so
    each piece means alone what it means in the whole. None for a small text, and wherever a
    piece is refused or a bound is passed: read whole, the text tells what is wrong and where.
    Documents that are equal share one value, which nobody may change.
    """
    if len(text) < _LARGE:
        return None
    done: list[Document] = []
    parts = line = 0
    try:
        for piece in _pieces(text):
            more, found = _piece(piece, path, line, kept)
            done += found
            parts += more
            if parts > MAX_NODES or len(done) > MAX_DOCUMENTS:
                return None
            line += piece.count(b"\n")
    except (DocumentError, YAMLError, ValueError, RecursionError, MemoryError):
        return None
    return tuple(done)


def _piece(piece: bytes, path: str, line: int, kept: Kept) -> tuple[int, tuple[Document, ...]]:
    """Return how many parts a piece has, and its documents; it begins at `line`, from 0."""
    digest = hashlib.sha256(piece).digest() if len(piece) >= _LARGE else b""
    if digest in kept.documents:
        parts, first, known = kept.documents[digest]
        down = mark(line, 0) - mark(first, 0)
        return parts, (Document(known.held, path, array("Q", [m + down for m in known.marks])),)
    builder = Builder(path, kept.strings, False, (line, 0))  # noqa: FBT003  # keys become text
    found = builder.documents(CParser(piece))
    if digest and len(found) == 1:
        kept.documents[digest] = builder.parts, line, found[0]
    return builder.parts, found


def _pieces(text: bytes) -> Iterator[bytes]:
    """Yield a text in pieces: each large document by itself, and the small ones between them."""
    begin = at = 0
    while at < len(text):
        end = text.find(b"\n---", at) + 1 or len(text)
        if end - at >= _LARGE:
            if begin < at:
                yield text[begin:at]
            yield text[at:end]
            begin = end
        at = end
    if begin < at:
        yield text[begin:]
