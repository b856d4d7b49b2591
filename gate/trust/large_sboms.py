"""Large SBOMs are read once: gate stores a keyed statement in two forms, with the same bytes.

What a statement says follows from its bytes alone, so it is found by their SHA-256. Nothing of it
is proven here: each form's signature is verified by itself, and its subject is compared. For
example, an SBOM of 100,000 components takes some 50 MB when it is read: its second form would take
as much again, and as long.
"""

from __future__ import annotations

import threading
import weakref
from typing import Final

from gate.model.image import Digest
from gate.model.predicates import Sbom
from gate.model.records import dataclass

LARGE: Final = 1024 * 1024
"""The least bytes of a payload that is looked for again."""
_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class ReadSbom:
    """What a statement with an SBOM says."""

    subjects: frozenset[Digest]
    predicate_type: str
    sbom: Sbom


class LargeSboms:
    """SBOMs that somebody still holds, by the digest of the payload. Used from several threads."""

    def __init__(self) -> None:
        """Know none."""
        self._lock = threading.Lock()
        self._held: dict[Digest, tuple[frozenset[Digest], str, weakref.ref[Sbom]]] = {}

    def find(self, payload: Digest) -> ReadSbom | None:
        """Return what the payload says; None where nobody holds it any more."""
        with self._lock:
            held = self._held.get(payload)
        sbom = held[2]() if held else None
        return ReadSbom(held[0], held[1], sbom) if held and sbom is not None else None

    def keep(self, payload: Digest, read: ReadSbom) -> None:
        """Remember it for as long as somebody else holds the SBOM."""
        with self._lock:
            if len(self._held) >= _MOST:
                self._held = {d: one for d, one in self._held.items() if one[2]() is not None}
            if len(self._held) < _MOST:
                self._held[payload] = read.subjects, read.predicate_type, weakref.ref(read.sbom)
