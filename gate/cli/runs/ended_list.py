"""The list of ended passes that `gate revoke` reads, and the one that it continues."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from gate.cli.writes.seen_lists import SeenLists
from gate.errors import GateError, RegistryError, UsageError
from gate.model.image import ImageReference
from gate.model.records import dataclass
from gate.model.revocations import RevocationList, RevocationsUnknown
from gate.pipeline.revocations import SignedList, rolled_back, signed_list, stale
from gate.policy.document import Policy
from gate.policy.revocations import RevocationsSection
from gate.registry.route import RoutedRegistry
from gate.trust.verify import AttachedVerifier

ABSENT: Final = "revocations-absent"
_STALE: Final = "revocations-stale"


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Where a list of ended passes is, and all that reads and verifies it."""

    policy: Policy
    section: RevocationsSection
    registry: RoutedRegistry
    verifier: AttachedVerifier
    seen: SeenLists

    @property
    def reference(self) -> ImageReference:
        """Its repository and tag."""
        return ImageReference.parse(self.section.from_)

    def current(self) -> SignedList | RevocationsUnknown:
        """Return the list that is there, verified; or that there is none, and where that was asked.

        However old it is. Raises UsageError, RegistryError.
        """
        return self._newest(signed_list(self.section, self.registry, self.verifier))

    def continued(self, now: datetime, from_serial: int | None) -> SignedList | RevocationsUnknown:
        """Return the list that the next one replaces; or that there is none. Raises as `current`.

        Who may write to the registry can put an older list back, and what is made of it would
        bring ended passes back for good. So a list that the policy takes no longer is continued
        only where this machine, or the call, knows of no newer one.
        """
        found = signed_list(self.section, self.registry, self.verifier)
        if isinstance(found, SignedList):
            made = found.made
            if from_serial is not None:
                if made.serial < from_serial:
                    raise _lower(made, from_serial)
            elif self.seen.last(made.name) is None:
                old = stale(made, self.section, now)
                if old is not None and old.code == _STALE:
                    raise _unknown_to_all(old, made)
        return self._newest(found)

    def _newest(self, found: SignedList | RevocationsUnknown) -> SignedList | RevocationsUnknown:
        if isinstance(found, RevocationsUnknown):
            if found.code == ABSENT:
                return found
            raise _refused(found)
        unknown = rolled_back(found.made, found.artifact.image.digest, self.seen)
        if unknown is not None:
            raise _refused(unknown)
        return found


def _unknown_to_all(old: RevocationsUnknown, made: RevocationList) -> UsageError:
    return UsageError(
        "revoke-stale-list",
        f"{old.reason}, and nothing here says that there is no newer one: somebody may have put an "
        "older list back",
        remedy="read the list with `gate revoke`; if it is the last one that you wrote, give "
        f"--from-serial {made.serial}",
    )


def _lower(made: RevocationList, known: int) -> UsageError:
    return UsageError(
        "revoke-lower-serial",
        f"the list has the serial {made.serial}, and --from-serial names {known}: somebody put an "
        "older list back",
        remedy="find out who; then put the newer list back under its tag, or correct --from-serial",
    )


def _refused(unknown: RevocationsUnknown) -> GateError:
    return RegistryError(unknown.code, unknown.reason, remedy=unknown.remedy)
