"""What the files of one run share."""

from __future__ import annotations

from dataclasses import field

from gate.model.document import Document
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read: equal texts are kept once, and equal documents are read once."""

    strings: dict[str, str] = field(default_factory=dict)
    documents: dict[bytes, tuple[int, int, Document]] = field(default_factory=dict)
    """By the SHA-256 of its text: how many parts a document has, the line from 0 at which its
    text begins in its file, and the document."""
