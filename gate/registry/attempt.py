"""Reading on beside what cannot be read: the fault of one thing, kept apart from the next.

A registry that lost one blob is still asked for the rest. One that does not answer at all, or
wants us to wait, is asked no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, ParamSpec, TypeAlias, TypeVar

from gate.errors import RegistryError
from gate.model.evidence import Attached, PlaceNote, Storage, Unread
from gate.model.image import Digest
from gate.model.records import dataclass
from gate.registry.codes import Code

Item: TypeAlias = Attached | Unread
"""Something that is attached to an image: what it holds, or why that is not known."""

Told: TypeAlias = Item | PlaceNote
"""An item, or what there is to know of a place that was asked for them."""

STOPS: Final = frozenset(
    (
        *(Code.UNREACHABLE, Code.TLS_FAILED, Code.TIMEOUT, Code.RATE_LIMITED, Code.ADDRESS_REFUSED),
        *(Code.CREDENTIALS_UNREADABLE, Code.CERTIFICATE_UNREADABLE),
    )
)
"""Codes after which the next question would have the same answer, or make it worse."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Where:
    """What is about to be read, for the message where it cannot be."""

    storage: Storage
    subject: Digest
    digest: Digest | None
    kind: str

    def unread(self, error: RegistryError) -> Unread:
        """Return what an error makes of it."""
        return Unread(
            storage=self.storage,
            subject=self.subject,
            digest=self.digest,
            kind=self.kind,
            code=error.code,
            reason=error.problem,
            remedy=error.remedy,
        )


def attempt(
    where: Where, read: Callable[P, Iterator[T]], /, *args: P.args, **more: P.kwargs
) -> Iterator[T | Unread]:
    """Yield what is read; where that fails, what failed. Raises RegistryError for `STOPS`."""
    try:
        yield from read(*args, **more)
    except RegistryError as error:
        if error.code in STOPS:
            raise
        yield where.unread(error)
