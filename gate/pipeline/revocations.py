"""The list of ended passes that a deploy policy names: fetched, verified, fresh, or unknown.

The list is an OCI artifact under a tag, signed as an image is, beside it. In order:

1. the tag is resolved, and what is attached to its digest is gathered;
2. one of `by` signed that digest;
3. the content is a list in strict JSON, made for this repository and tag;
4. by the clock here it has not expired, and it was signed no longer than `max-age` ago;
5. its serial is not lower than one that was seen here before, and no other list had its serial.

Where any of it fails, nobody knows which passes are ended, and none opens anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from gate.checks import PASS
from gate.errors import RegistryError
from gate.model.clock import is_ahead
from gate.model.evidence import Attached, Rejection, Unread, VerifiedAttestation
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.predicates import ImageSignature, Predicate
from gate.model.records import dataclass
from gate.model.revocations import RevocationList, Revocations, RevocationsUnknown
from gate.model.words import timestamp
from gate.pipeline.evaluate import crash
from gate.pipeline.gather import Verifier
from gate.policy.document import Policy
from gate.policy.duration import write_duration
from gate.predicates.revocations import MAX_BYTES, MEDIA_TYPE, parse
from gate.registry.artifact import StoredDocument
from gate.registry.attempt import Told
from gate.registry.codes import Code
from gate.registry.fetch_order import Wanted

if TYPE_CHECKING:
    from gate.policy.revocations import RevocationsSection

RENEW: Final = "run `gate revoke --renew` with this policy, in a job that runs more often"


class Artifacts(Protocol):
    """Where signed documents are, and what is attached to them."""

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        """Return the artifact under a tag, of a type and at most so many bytes.

        Raises RegistryError.
        """

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterable[Told]:
        """Return all that is attached to it, and what could not be read."""


class Seen(Protocol):
    """Which list was seen last, in earlier runs on this machine or earlier in this process."""

    def last(self, name: str) -> tuple[int, Digest] | None:
        """Return the highest serial under a name, and the digest of its list; None for no list."""

    def remember(self, name: str, serial: int, digest: Digest) -> None:
        """Keep a list that was verified. Does nothing where it cannot."""


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list that one of `by` signed, however old it is."""

    made: RevocationList
    artifact: StoredDocument


def revocations_of(
    policy: Policy, registry: Artifacts, verifier: Verifier, now: datetime, seen: Seen
) -> Revocations | None:
    """Return what the policy's list ends. Never raises.

    None where the policy names no list, or asks for no pass that the list could end.
    """
    section = policy.revocations
    if section is None or not any(PASS in entry.checks for entry in policy.images):
        return None
    found = signed_list(section, registry, verifier)
    if isinstance(found, RevocationsUnknown):
        return found
    digest = found.artifact.image.digest
    return stale(found.made, section, now) or rolled_back(found.made, digest, seen) or found.made


def signed_list(
    section: RevocationsSection, registry: Artifacts, verifier: Verifier
) -> SignedList | RevocationsUnknown:
    """Return the list that is there and verified, however old it is. Never raises."""
    reference = ImageReference.parse(section.from_)
    try:
        artifact = registry.artifact(reference, MEDIA_TYPE, MAX_BYTES)
        items = list(registry.attached(artifact.image))
    except RegistryError as error:
        return _unavailable(section, error)
    except Exception as error:  # noqa: BLE001  # a crash here is no list, and never an empty one
        return RevocationsUnknown(*crash(error))
    unread = [item for item in items if isinstance(item, Unread)]
    judged = [verifier.verify(i, artifact.image) for i in items if isinstance(i, Attached)]
    if not any(signs(one, artifact.image.digest, section.by) for one in judged):
        return _unsigned(section, unread, [one for one in judged if isinstance(one, Rejection)])
    try:
        made = parse(artifact.content)
    except ValueError as problem:
        return RevocationsUnknown(
            "revocations-malformed",
            f"{section.from_} is no list of ended passes: {problem}",
            "write the list with `gate revoke`, or name another under `revocations`",
        )
    if made.name != section.from_:
        return RevocationsUnknown(
            "revocations-of-another",
            f"the list at {section.from_} was made for {made.name}",
            "name the list of this environment under `revocations`, or write one here with "
            "`gate revoke --create`",
        )
    return SignedList(made, artifact)


def signs(
    one: VerifiedAttestation[Predicate] | Rejection, digest: Digest, by: Collection[str]
) -> bool:
    """Whether a signature of the list counts: verified, of this digest, and by one of `by`."""
    return (
        isinstance(one, VerifiedAttestation)
        and isinstance(one.predicate, ImageSignature)
        and one.subject == digest
        and not set(by).isdisjoint(one.signers)
    )


def _unavailable(section: RevocationsSection, error: RegistryError) -> RevocationsUnknown:
    if error.code == Code.NOT_FOUND:
        return RevocationsUnknown(
            "revocations-absent",
            f"there is no list of ended passes at {section.from_}: {error.problem}",
            "write the first one with `gate revoke --create`; if there was one, find out who "
            "deleted it",
        )
    return RevocationsUnknown(
        error.code, f"the list of ended passes cannot be read: {error.problem}", error.remedy
    )


def _unsigned(
    section: RevocationsSection, unread: Sequence[Unread], rejected: Sequence[Rejection]
) -> RevocationsUnknown:
    if unread:
        return RevocationsUnknown(
            unread[0].code,
            f"a signature of the list of ended passes cannot be read: {unread[0]}",
            unread[0].remedy,
        )
    found = f": {rejected[0].message}" if rejected else ""
    return RevocationsUnknown(
        "revocations-not-verified",
        f"the list at {section.from_} has no signature by {', '.join(sorted(set(section.by)))}"
        f"{found}",
        "sign it with `gate revoke` as one of them; if somebody else wrote it, find out who",
    )


def stale(
    made: RevocationList, section: RevocationsSection, now: datetime
) -> RevocationsUnknown | None:
    """Return what is wrong with the age of a list by the clock here; None where it holds."""
    if is_ahead(made.issued, now):
        return RevocationsUnknown(
            "revocations-from-the-future",
            f"the list of ended passes is of {timestamp(made.issued)}, and here it is "
            f"{timestamp(now)}",
            "set the clock that is wrong; `gate doctor` compares the one here with a registry's",
        )
    if now > made.expires:
        return RevocationsUnknown(
            "revocations-stale",
            f"the list of ended passes expired at {timestamp(made.expires)}",
            RENEW,
        )
    if now - made.issued > section.max_age:
        return RevocationsUnknown(
            "revocations-stale",
            f"the list of ended passes is of {timestamp(made.issued)}, and the policy takes one "
            f"of at most {write_duration(section.max_age)}",
            RENEW,
        )
    return None


def rolled_back(made: RevocationList, digest: Digest, seen: Seen) -> RevocationsUnknown | None:
    """Return what is wrong if a newer list was seen here, or another with its serial.

    Else the list is remembered. A machine that never saw a list cannot tell: `expires` and
    `max-age` bound for how long an older one does harm.
    """
    last = seen.last(made.name)
    if last is None or (made.serial, digest) == last or made.serial > last[0]:
        seen.remember(made.name, made.serial, digest)
        return None
    serial, other = last
    if made.serial == serial:
        problem = f"two lists have the serial {serial}: {digest}, and {other}, which was seen here"
    else:
        problem = f"the list has the serial {made.serial}, and one with {serial} was seen here"
    repository, _, tag = made.name.rpartition(":")
    return RevocationsUnknown(
        "revocations-rolled-back",
        f"somebody put an older list of ended passes in place: {problem}",
        f"find out who moved the tag back; then put {repository}@{other} back under {tag}, or, "
        "where that list is gone, delete the tag and write all that is to end with "
        "`gate revoke --create`",
    )
