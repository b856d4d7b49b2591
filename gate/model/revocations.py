"""Passes that somebody ended before their time, as a signed list says it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import TypeAlias

from gate.model.identity import Identity
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.model.words import timestamp


class EndedBy(enum.StrEnum):
    """What a digest in the list is of."""

    RELEASE = "release"
    """A whole release: every pass that was given to it, on every image."""
    IMAGE = "image"
    """An image or a platform of one: every pass about it."""
    POLICY = "policy"
    """A policy: every pass that was given under it."""


@dataclass(frozen=True, slots=True)
class EndedDigest:
    """Every pass with this digest is ended."""

    by: EndedBy
    digest: Digest

    def __str__(self) -> str:
        """Return what it is of, and the digest."""
        return f"{self.by.value} {self.digest}"


@dataclass(frozen=True, slots=True)
class EndedSigner:
    """Every pass by this signer is ended, or every one that is not proven to be older.

    With `since`, a pass lives on whose oldest verified time is before it. Times that the signer
    states itself prove nothing: who holds a leaked key writes what he likes.
    """

    identity: Identity
    since: datetime | None = None

    def __str__(self) -> str:
        """Return who signed, and since when that is not believed."""
        since = f" since {timestamp(self.since)}" if self.since else ""
        return f"signer {self.identity}{since}"


Ended: TypeAlias = EndedDigest | EndedSigner


@dataclass(frozen=True, slots=True)
class Revocation:
    """One line of the list."""

    ended: Ended
    reason: str
    """A sentence. May quote foreign text: neutralise to print."""
    at: datetime
    """When it was put on the list, by the list's own account."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list whose signature is verified, or one that gate will sign."""

    name: str
    """The repository and tag that it was made for, as a policy writes it."""
    serial: int
    """From 1; each list that replaces another has a higher one."""
    issued: datetime
    expires: datetime
    revocations: tuple[Revocation, ...] = ()
    """In the order in which they were put there; nothing is ended twice."""
    _digests: Mapping[tuple[EndedBy, Digest], Revocation] = field(
        init=False, repr=False, compare=False
    )
    _signers: tuple[tuple[EndedSigner, Revocation], ...] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Index the lines, so that a pass is looked up at once in a list of thousands."""
        digests = {
            (line.ended.by, line.ended.digest): line
            for line in self.revocations
            if isinstance(line.ended, EndedDigest)
        }
        signers = tuple(
            (line.ended, line) for line in self.revocations if isinstance(line.ended, EndedSigner)
        )
        object.__setattr__(self, "_digests", digests)
        object.__setattr__(self, "_signers", signers)

    def of_digest(self, by: EndedBy, digest: Digest) -> Revocation | None:
        """Return the line that ends every pass with a digest."""
        return self._digests.get((by, digest))

    def of_signer(self, identity: Identity, signed_at: datetime | None) -> Revocation | None:
        """Return the line that ends what an identity signed, at a verified time or at none."""
        for ended, line in self._signers:
            if ended.identity == identity:
                older = ended.since and signed_at and signed_at < ended.since
                if not older:
                    return line
        return None


@dataclass(frozen=True, slots=True)
class RevocationsUnknown:
    """The list could not be had, verified or believed: nobody knows which passes are ended."""

    code: str
    reason: str
    remedy: str


Revocations: TypeAlias = RevocationList | RevocationsUnknown
