"""What a trusted root says: whose certificates, logs and clocks are believed, and for which time.

`gate.trust.trusted_root` reads one. Who only compares with one needs nothing of what reads it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from gate.keys.public import PublicKey
from gate.model.image import Digest
from gate.model.records import dataclass

if TYPE_CHECKING:
    from cryptography import x509

MAX_ROOT: Final = 4 * 1024 * 1024
"""The most bytes of its document."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when something is believed, both ends included."""

    start: datetime | None
    """None: it is not known since when, so it is never believed."""
    end: datetime | None
    """None: until further notice."""

    def holds(self, at: datetime) -> bool:
        """Whether the time is inside."""
        return self.start is not None and self.start <= at and (self.end is None or at <= self.end)


@dataclass(frozen=True, slots=True)
class Log:
    """A transparency log, or a certificate transparency log."""

    key: PublicKey
    id: bytes
    window: Window
    origin: str
    """The host of its URL."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority, or a timestamp authority."""

    chain: tuple[x509.Certificate, ...]
    """Each issued by the next, as has been verified; the last by itself."""
    window: Window
    name: str


@dataclass(frozen=True, slots=True)
class TrustedRoot:
    """All that one signer's evidence is measured against."""

    certificate_authorities: tuple[Authority, ...]
    timestamp_authorities: tuple[Authority, ...]
    logs: tuple[Log, ...]
    ct_logs: tuple[Log, ...]
    names_ct_logs: bool = True
    """Whether the document lists any certificate log, be it one that gate cannot use."""
    skipped: tuple[str, ...] = ()
    """What of the document gate cannot use, a sentence each. It is not believed."""
    digest: Digest | None = None
    """The SHA-256 of the document; None for a root that was never a document."""
