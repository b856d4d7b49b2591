"""A file that a check verified by keys of its own, and that a pass lists."""

from __future__ import annotations

from gate.model.identity import KeyIdentity
from gate.model.image import Digest
from gate.model.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SignedFile:
    """A file that a check verified by the keys that the policy trusts for it."""

    digest: Digest
    """The SHA-256 of the file: what a pass lists as an input."""
    signers: tuple[KeyIdentity, ...]
    """The keys that signed it, sorted: at least one."""

    def __str__(self) -> str:
        """Return the file's digest and the keys."""
        return f"file {self.digest} by {', '.join(map(str, self.signers))}"
