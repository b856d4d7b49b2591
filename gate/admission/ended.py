"""The list of ended passes, held while a server runs and asked for again and again.

A list that was verified holds until its own end, or until it is older than the policy takes. So a
registry that is away for a while wedges nothing; a list that is there and is not believed does, at
once: somebody may have put it there to hide another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from gate.model.image import Digest
from gate.model.revocations import RevocationList, Revocations, RevocationsUnknown
from gate.pipeline.gather import Verifier
from gate.pipeline.release import UNASKED
from gate.pipeline.revocations import Artifacts, Seen, revocations_of, stale
from gate.policy.document import Policy
from gate.registry.codes import Code


class EndedPasses:
    """What the policy's list says now. `refresh` is for one thread, `current` for all."""

    def __init__(self, policy: Policy, open_registry: Callable[[], Artifacts], seen: Seen) -> None:
        """Take where the list is and which one was seen before. Nothing is asked yet."""
        self._policy = policy
        self._open_registry = open_registry
        self._seen = _SeenHere(seen)
        self._held: Revocations | None = UNASKED if policy.revocations is not None else None

    def refresh(self, verifier: Verifier, now: datetime) -> bool:
        """Ask for the list; return whether it says something else than before. Never raises."""
        if self._policy.revocations is None:
            return False
        found = revocations_of(self._policy, self._open_registry(), verifier, now, self._seen)
        before = self._held
        away = isinstance(found, RevocationsUnknown) and found.code in _AWAY
        if not (away and isinstance(before, RevocationList)):
            self._held = found
        return self._held != before

    def current(self, now: datetime) -> Revocations | None:
        """Return the list, or why it is not known; None where the policy names none."""
        section, held = self._policy.revocations, self._held
        if section is None or not isinstance(held, RevocationList):
            return held
        return stale(held, section, now) or held

    def until(self) -> datetime | None:
        """Return when the list that is held ends; None where none is."""
        section, held = self._policy.revocations, self._held
        if section is None or not isinstance(held, RevocationList):
            return None
        return min(held.expires, held.issued + section.max_age)


_AWAY: Final = frozenset(
    map(
        str,
        (
            *(Code.UNREACHABLE, Code.TIMEOUT, Code.TLS_FAILED, Code.RATE_LIMITED),
            *(Code.UNEXPECTED_STATUS, Code.DENIED, Code.ADDRESS_REFUSED, Code.REDIRECT_REFUSED),
            *(Code.CREDENTIALS_UNREADABLE, Code.CERTIFICATE_UNREADABLE),
        ),
    )
)
"""Why a registry gave nothing that could be looked at.

One that does not let us read is among them (decision 72): silence would have the same end. What it
gave and what is malformed, too large, or of another digest is no list that is believed.
"""


class _SeenHere:
    """What was seen, also where no file can be written."""

    def __init__(self, inner: Seen) -> None:
        self._inner = inner
        self._here: dict[str, tuple[int, Digest]] = {}

    def last(self, name: str) -> tuple[int, Digest] | None:
        return self._here.get(name) or self._inner.last(name)

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        self._here[name] = serial, digest
        self._inner.remember(name, serial, digest)
