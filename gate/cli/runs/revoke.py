"""`gate revoke` from its options to the list that is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from gate.cli.reads.find_policy import find_policy
from gate.cli.reads.places import Access, open_registry
from gate.cli.reads.reference import read_reference
from gate.cli.reads.signer import Signer
from gate.cli.runs.ended_list import ABSENT, ListPlace
from gate.cli.runs.sign import SIGNATURE, Signing
from gate.cli.writes.ended_passes import list_told, passes_told, print_lines
from gate.cli.writes.layouts import check_layouts
from gate.cli.writes.seen_lists import SeenLists
from gate.errors import RegistryError, SigningError, UsageError
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass
from gate.model.revocations import EndedBy, EndedDigest, RevocationList, RevocationsUnknown
from gate.pipeline.gather import gather
from gate.pipeline.revocations import SignedList, signs
from gate.pipeline.revoke import Change, check_mirror, ended_signer, next_list, no_list
from gate.policy.document import Policy
from gate.policy.duration import parse_duration
from gate.predicates.fields import instant
from gate.predicates.revocations import MEDIA_TYPE, write
from gate.predicates.statement import statement_about
from gate.predicates.verification_summary import TYPES
from gate.registry.artifact import put_artifact
from gate.registry.codes import Code
from gate.registry.oci.manifest import OCI_MANIFEST
from gate.registry.repository import Stored
from gate.registry.route import RoutedRegistry
from gate.registry.write.publish import RepositoryPublisher
from gate.trust.own import verify_own
from gate.trust.policy import verifier_of

_TRIES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoking:
    """What a person asked for."""

    policy: str | None
    images: Sequence[str] = ()
    releases: Sequence[str] = ()
    policies: Sequence[str] = ()
    signers: Sequence[str] = ()
    since: str | None = None
    reason: str | None = None
    undo: Sequence[str] = ()
    renew: bool = False
    create: bool = False
    from_serial: int | None = None
    """No list with a lower serial is continued; None where the call does not say."""
    expires_in: str = "7d"
    signing: Signing
    access: Access

    @property
    def ends(self) -> bool:
        """Whether the call names something to end."""
        return bool(self.images or self.releases or self.policies or self.signers)

    @property
    def writes(self) -> bool:
        """Whether the call writes a new list."""
        return self.ends or bool(self.undo) or self.renew or self.create


def run_revoke(asked: Revoking, home: Path) -> int:
    """End passes, or print the list that ends them. Raises GateError."""
    _check_call(asked)
    lasts = _duration(asked.expires_in)
    policy = find_policy(asked.policy, None)
    if policy.revocations is None:
        raise no_list(policy)
    now = datetime.now(UTC).replace(microsecond=0)
    registry, _ = open_registry(asked.access)
    with closing(registry):
        seen = SeenLists.of(asked.access.environ, home)
        verifier = verifier_of(policy, now, registry.client.configuration.ca_file)
        place = ListPlace(policy, policy.revocations, registry, verifier, seen)
        if not asked.writes:
            return _print_list(place)
        check_layouts(registry, [place.reference])
        images = [_resolve(registry, name) for name in asked.images]
        change = _change(asked, policy, images)
        made, stored = _write(place, asked, change, now, lasts)
        seen.remember(made.name, made.serial, stored)
        print_lines([*list_told(made), f"stored as {place.reference.name}@{stored}"])
        for image in images:
            wanted = frozenset(TYPES)
            evidence = gather(str(image), image.reference, registry, place.verifier, wanted=wanted)
            print_lines(passes_told(evidence, policy, made))
    return 0


def _check_call(asked: Revoking) -> None:
    if asked.from_serial is not None and (asked.from_serial < 1 or not asked.writes):
        raise UsageError(
            "revoke-from-serial",
            "--from-serial is a serial from 1 on, for a call that writes a new list",
            remedy="give it with --renew, --undo, --create or what shall end",
        )
    if asked.ends and not asked.reason:
        raise UsageError(
            "revoke-without-reason",
            "the list gives a reason for each end: those who are refused read it",
            remedy='say why: --reason "the build key leaked"',
        )
    if asked.since is not None and not asked.signers:
        raise UsageError(
            "revoke-since",
            "--since goes with --signer: a release, an image or a policy is ended as a whole",
            remedy="name the signer, or drop --since",
        )


def _duration(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(
            "revoke-expires", f"--expires-in {text!r}: {error}", remedy="write --expires-in 7d"
        ) from error


def _change(asked: Revoking, policy: Policy, images: Iterable[ResolvedImage]) -> Change:
    since = None
    if asked.since is not None:
        try:
            since = instant(asked.since, "--since").replace(microsecond=0)
        except ValueError as error:
            raise UsageError(
                "time-malformed", str(error), remedy="write RFC 3339: 2026-11-21T10:00:00Z"
            ) from error
    return Change(
        end=(
            *(EndedDigest(EndedBy.IMAGE, d) for image in images for d in image.digests),
            *(EndedDigest(EndedBy.RELEASE, _digest(t, "--release")) for t in asked.releases),
            *(EndedDigest(EndedBy.POLICY, _digest(t, "--judged-by")) for t in asked.policies),
            *(ended_signer(name, policy, since) for name in asked.signers),
        ),
        undo=asked.undo,
        reason=asked.reason or "",
    )


def _digest(text: str, option: str) -> Digest:
    try:
        return Digest.parse(text)
    except ValueError as error:
        raise UsageError(
            "revoke-digest",
            f"{option} {text!r} is not sha256: and 64 hexadecimal digits",
            remedy="copy the digest that `gate check` or the pass names",
        ) from error


def _resolve(registry: RoutedRegistry, name: str) -> ResolvedImage:
    """Return an image; one that is gone from its registry is known by its digest alone."""
    reference = read_reference(name)
    try:
        return registry.resolve(reference)
    except RegistryError as error:
        # Of a registry that does not answer, nobody knows the platforms, which end too.
        if reference.digest is None or error.code != Code.NOT_FOUND:
            raise
        return ResolvedImage(reference, reference.digest)


def _write(
    place: ListPlace, asked: Revoking, change: Change, now: datetime, lasts: timedelta
) -> tuple[RevocationList, Digest]:
    """Store the next list, signed before its tag moves; begin anew where others wrote meanwhile."""
    signer = asked.signing.signer()
    publisher = RepositoryPublisher(place.registry)
    repository = place.registry.own_repository(place.reference)
    for _ in range(_TRIES):
        found = place.continued(now, asked.from_serial)
        before = found if isinstance(found, SignedList) else None
        read = before.artifact.image.digest if before else None
        check_mirror(place.reference, place.registry, read)
        _check_before(found, place, create=asked.create)
        last = place.seen.last(place.section.from_)
        made = next_list(
            before.made if before else None,
            change,
            place.policy,
            now=now,
            lasts=lasts,
            seen=max(last[0] if last else 0, asked.from_serial or 0),
        )
        manifest = put_artifact(repository, _written(made), MEDIA_TYPE)
        image = ResolvedImage(place.reference, Digest.of(manifest))
        bundle = _signature(place, signer, image, now)
        publisher.push_bundle(image, bundle, predicate_type=SIGNATURE, created=now)
        over: Stored | None = before.artifact.stored if before else None
        if repository.put_tag(place.reference.tag or "", manifest, OCI_MANIFEST, over=over):
            publisher.confirm()
            after = repository.tagged(place.reference.tag or "")
            if after is not None and after.digest == image.digest:
                return made, image.digest
    raise RegistryError(
        Code.PUSH_CONFLICT,
        f"{place.section.from_} kept changing while it was written",
        remedy="Run again when no other job writes the list.",
    )


def _check_before(
    before: SignedList | RevocationsUnknown, place: ListPlace, *, create: bool
) -> None:
    if isinstance(before, RevocationsUnknown) and not create:
        raise UsageError(
            ABSENT,
            before.reason,
            remedy="give --create for the first list; if there was one, find out who deleted it",
        )
    if isinstance(before, SignedList) and create:
        raise UsageError(
            "revoke-list-exists",
            f"there is a list of ended passes at {place.section.from_} already",
            remedy="drop --create: the new list keeps what is on it",
        )


def _written(made: RevocationList) -> bytes:
    try:
        return write(made)
    except ValueError as error:
        raise UsageError(
            "revoke-unwritable",
            f"this list would not be read again: {error}",
            remedy="write a shorter reason, or a later --expires-in",
        ) from error


def _signature(place: ListPlace, signer: Signer, image: ResolvedImage, now: datetime) -> bytes:
    """Return a signature of the list that the policy itself takes. Raises SigningError."""
    bundle = signer.sign(statement_about(image, SIGNATURE, {}))
    verify_own(bundle, image, key=signer.key, trust_config=signer.trust_config, now=now)
    attached = Attached(AttachedKind.BUNDLE, bundle, Storage.REFERRERS, image.digest)
    if not signs(place.verifier.verify(attached, image), image.digest, place.section.by):
        by = ", ".join(sorted(set(place.section.by)))
        raise SigningError(
            "revoke-not-counted",
            f"the policy takes lists that {by} signed, and this signature is by none of them",
            remedy="sign with the key or the identity of one of them, or add this one to `by`",
        )
    return bundle


def _print_list(place: ListPlace) -> int:
    found = place.current()
    if isinstance(found, RevocationsUnknown):
        raise UsageError(ABSENT, found.reason, remedy=found.remedy)
    print_lines(list_told(found.made))
    return 0
