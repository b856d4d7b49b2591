"""The next list of ended passes: what is added, what is taken back, and when it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from gate.errors import RegistryError, UsageError
from gate.keys.public import fingerprint, load_public_key
from gate.model.identity import CertificateIdentity, KeyIdentity
from gate.model.image import Digest, ImageReference
from gate.model.records import dataclass
from gate.model.revocations import Ended, EndedSigner, Revocation, RevocationList
from gate.policy.document import Policy
from gate.policy.signers import KeySigner
from gate.predicates.revocations import MAX_ENTRIES, MAX_SERIAL
from gate.registry.route import RoutedRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the next list says that the one before does not."""

    end: Sequence[Ended] = ()
    undo: Sequence[str] = ()
    """Digests, and names of the policy's signers, whose lines are taken off the list."""
    reason: str = ""
    """Of every line that is added; never empty where there is one."""


def next_list(
    before: RevocationList | None,
    change: Change,
    policy: Policy,
    *,
    now: datetime,
    lasts: timedelta,
    seen: int = 0,
) -> RevocationList:
    """Return the list that replaces `before`. Raises UsageError.

    What is on the list already keeps its line. `seen` is the highest serial that was seen.
    """
    if policy.revocations is None:
        raise no_list(policy)
    lines = _without(before.revocations if before else (), change.undo, policy)
    known = {line.ended for line in lines}
    added = [
        Revocation(ended, change.reason, now)
        for ended in dict.fromkeys(change.end)
        if ended not in known
    ]
    serial = max(before.serial if before else 0, seen) + 1
    if serial > MAX_SERIAL:
        raise UsageError(
            "revoke-no-serial-left",
            f"the list at {policy.revocations.from_} has the serial {serial - 1}, and a list with "
            "a higher one is not read",
            remedy="find out who wrote that list; then name another tag as `from` under "
            "`revocations` in the deploy policy, and begin there with `gate revoke --create`",
        )
    if len(lines) + len(added) > MAX_ENTRIES:
        raise UsageError(
            "revoke-too-many",
            f"the list would have {len(lines) + len(added)} lines, and at most {MAX_ENTRIES} "
            "are read",
            remedy="end a policy or a signer in place of single releases, or take back with "
            "--undo what has ended by itself",
        )
    return RevocationList(policy.revocations.from_, serial, now, now + lasts, (*lines, *added))


def no_list(policy: Policy) -> UsageError:
    """Return what to say of a policy that names no list."""
    return UsageError(
        "revoke-without-list",
        f"{policy.path} names no list of ended passes",
        remedy="name the deploy policy, and add to it "
        "`revocations: {from: registry.example/security/revocations:production, by: [security], "
        "max-age: 1h}`",
    )


def ended_signer(name: str, policy: Policy, since: datetime | None) -> EndedSigner:
    """Return the line that ends what a signer of the policy signed. Raises UsageError."""
    signer = policy.signers.get(name)
    if signer is None:
        known = ", ".join(sorted(policy.signers)) or "nobody"
        raise UsageError(
            "revoke-unknown-signer",
            f"the policy has no signer {name!r}, only {known}",
            remedy="name a signer of the deploy policy",
        )
    if isinstance(signer, KeySigner):
        data = signer.key.encode() if signer.inline else policy.files[signer.key]
        return EndedSigner(KeyIdentity(fingerprint(load_public_key(data))), since)
    if not signer.literal:
        raise UsageError(
            "revoke-signer-pattern",
            f"the signer {name!r} is a pattern, and a line of the list ends one identity",
            remedy="narrow the pattern in the deploy policy, which ends what the rest signed",
        )
    return EndedSigner(CertificateIdentity(signer.identity, signer.issuer), since)


def _without(
    lines: Iterable[Revocation], undo: Sequence[str], policy: Policy
) -> tuple[Revocation, ...]:
    kept = tuple(lines)
    for text in undo:
        fewer = tuple(line for line in kept if not _is(line.ended, text, policy))
        if len(fewer) == len(kept):
            raise UsageError(
                "revoke-nothing-to-undo",
                f"no line of the list ends {text!r}",
                remedy="`gate revoke` without options prints the list; name a digest of it, or "
                "a signer of the policy",
            )
        kept = fewer
    return kept


def _is(ended: Ended, text: str, policy: Policy) -> bool:
    if not isinstance(ended, EndedSigner):
        return ended.digest == _digest(text)
    if text in policy.signers:
        return ended.identity == ended_signer(text, policy, None).identity
    return isinstance(ended.identity, KeyIdentity) and ended.identity.fingerprint == _digest(text)


def _digest(text: str) -> Digest | None:
    try:
        return Digest.parse(text)
    except ValueError:
        return None


def check_mirror(place: ImageReference, registry: RoutedRegistry, read: Digest | None) -> None:
    """Refuse to continue a list that a mirror shows where the registry itself holds another.

    `read` is what was read, None where there was no list. Raises RegistryError.
    """
    mirror = registry.client.configuration.mirrors.get(place.registry)
    if mirror is None:
        return
    held = registry.own_repository(place).tagged(place.tag or "")
    if (held.digest if held else None) != read:
        raise RegistryError(
            "revoke-mirror-differs",
            f"the mirror {mirror} does not show the list of ended passes that {place} holds",
            remedy="wait until the mirror has caught up, or take the registry out of `mirrors` in "
            "the file of --registries",
        )
