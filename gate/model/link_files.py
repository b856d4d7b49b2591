"""Link files of an in-toto run, as they lie in a folder. Nobody has verified them yet."""

from __future__ import annotations

from gate.model.image import Digest
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True)
class LinkFile:
    """One `*.link` file."""

    name: str
    """In its folder. May hold anything that a file name can: neutralise to print."""
    content: bytes

    @property
    def digest(self) -> Digest:
        """The SHA-256 of the content."""
        return Digest.of(self.content)


@dataclass(frozen=True, slots=True)
class LinkFolder:
    """The links of one run, all of them."""

    path: str
    """As the call names it."""
    links: tuple[LinkFile, ...] = ()
    """Sorted by name. Empty where `problem` is not."""
    problem: str = ""
    """Why not all of it could be read, in one sentence; empty where all was."""
