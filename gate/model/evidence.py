"""What is attached to one image, what of it is proven, and by whom.

`Attached` is bytes with nothing believed about them. `gate.trust` turns each of
them into a `VerifiedAttestation` or a `Rejection`, and is the only room that makes
the former: a check never sees anything unverified, except as a rejection's reason.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from gate.model.identity import Identity
from gate.model.image import Digest, ResolvedImage
from gate.model.records import dataclass

if TYPE_CHECKING:
    from gate.model.image_configuration import ImageConfiguration
    from gate.model.link_files import LinkFolder
    from gate.model.predicates import Predicate
    from gate.model.release import Release
    from gate.model.revocations import Revocations

P = TypeVar("P", bound="Predicate")
P_co = TypeVar("P_co", bound="Predicate", covariant=True)


class AttachedKind(enum.StrEnum):
    """How the bytes are wrapped; this is all that storage can tell."""

    BUNDLE = "sigstore-bundle"
    COSIGN_SIGNATURE = "cosign-signature"
    """A layer of a `.sig` image: a simple-signing payload, its proof in annotations."""
    COSIGN_ATTESTATION = "cosign-attestation"
    """A layer of an `.att` image: a DSSE envelope, its proof in annotations."""
    BUILDKIT_STATEMENT = "buildkit-statement"
    """A bare statement, which counts for nobody but who signed the manifest that holds it."""
    UNKNOWN = "unknown"
    """It is attached to the image, and gate has no name for it. It is shown, never counted."""


class Storage(enum.StrEnum):
    """Where the bytes were found."""

    REFERRERS = "referrers"
    FALLBACK_TAG = "fallback-tag"
    SIG_TAG = "sig-tag"
    ATT_TAG = "att-tag"
    INDEX = "index"
    FILE = "file"
    GITHUB = "github"
    """GitHub's store of attestations, asked by digest."""


@dataclass(frozen=True, slots=True)
class Attached:
    """Unverified bytes that are attached to an image."""

    kind: AttachedKind
    content: bytes
    storage: Storage
    subject: Digest
    """The manifest (index or platform) that the storage says it is about. A hint."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    """Of the legacy layer: its signature, certificate and log entry. Empty for a bundle."""
    media_type: str = ""
    """As stored. A hint."""
    carrier: Carrier | None = None
    """Of a bare statement: what holds it, where somebody signed that. Once for each signature."""

    @property
    def digest(self) -> Digest:
        """The SHA-256 of the content."""
        return Digest(hashlib.sha256(self.content).hexdigest())


@dataclass(frozen=True, slots=True)
class Carrier:
    """A manifest that holds bare statements, and one thing that may be a signature of it.

    Docker's GitHub Builder and Hardened Images sign what BuildKit writes in this way.
    """

    manifest: bytes
    """As stored."""
    signature: Attached
    """Unverified; its subject is the manifest."""


class Clock(enum.StrEnum):
    """Whose clock says when a thing was signed."""

    LOG = "transparency-log"
    AUTHORITY = "timestamp-authority"


@dataclass(frozen=True, slots=True)
class SigningTime:
    """A time that somebody other than the signer vouches for."""

    at: datetime
    clock: Clock
    authority: str
    """The log's origin or the authority's name, as the trusted root has it."""


@dataclass(frozen=True, slots=True)
class VerifiedAttestation(Generic[P_co]):
    """A statement about the image, by a signer that the policy names."""

    predicate: P_co
    predicate_type: str
    """The statement's predicate type URI; for a simple signature, its layer's media type."""
    signers: tuple[str, ...]
    """The policy's names that match, sorted: at least one."""
    identity: Identity
    subject: Digest
    """Which of the image's digests (index or platform) the statement names."""
    times: tuple[SigningTime, ...]
    """Verified times, oldest first. Empty for a keyed signature without log or authority."""
    attached: Digest
    """The SHA-256 of the stored bytes: what a pass lists as an input."""
    storage: Storage
    logs: tuple[str, ...] = ()
    """Origins of the transparency logs that hold it, sorted."""
    signature: Digest | None = None
    """The SHA-256 of the stored signature, where that is one of the manifest that holds this."""
    statement: Digest | None = None
    """The SHA-256 of the signed payload; None where the stored bytes are that payload, and where
    what it says was let go: copies are told apart before that."""
    also: frozenset[Digest] = frozenset()
    """Of a verification summary, what it names beside `subject`, such as the image's platforms."""

    @property
    def signed_at(self) -> datetime | None:
        """The oldest verified time, UTC; None where nobody vouches for one."""
        return self.times[0].at if self.times else None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was found and does not count."""

    attached: Digest
    code: str
    """A stable reason code of `gate.trust`, in kebab-case."""
    message: str
    """What was expected and what was found. May quote foreign text: neutralise to print."""
    kind: AttachedKind
    storage: Storage
    subject: Digest
    predicate_type: str | None = None
    """What the bytes claim to be, authenticated or not: it words a message, no more."""
    remedy: str = ""
    """The next step, where this refusal has one of its own; may quote foreign text."""

    @property
    def order(self) -> tuple[Digest, str, str, str, str, Digest, bool, str, str]:
        """What rejections are sorted by: every field; one that claims no type comes first."""
        return (
            self.attached,
            self.code,
            self.message,
            self.kind.value,
            self.storage.value,
            self.subject,
            self.predicate_type is not None,
            self.predicate_type or "",
            self.remedy,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something that may be attached to an image and could not be read: nobody knows what it says.

    A check passes beside it only where no evidence could make the check fail.
    """

    storage: Storage
    subject: Digest
    """What it is attached to, by the storage's word: the image, a platform, or a manifest of
    theirs."""
    digest: Digest | None
    """Of the manifest or content; None where not even a list of them could be had."""
    kind: str
    """What it is called where it is listed, such as a media type."""
    code: str
    """A reason code of `gate.registry`, in kebab-case."""
    reason: str
    """One sentence."""
    remedy: str

    def __str__(self) -> str:
        """Return the place, the digest and the reason."""
        which = f" {self.digest}" if self.digest else ""
        return f"{self.kind}{which} ({self.storage.value}): {self.reason}"


@dataclass(frozen=True, slots=True, order=True)
class PlaceNote:
    """A place that was asked and may not show all that is attached to an image."""

    said: str
    """A clause: `it was read through mirror.example, which has no list of …`."""
    remedy: str
    """The next step where something is missing, as a clause in the imperative."""


@dataclass(frozen=True, slots=True)
class ImageEvidence:
    """All that is known about one image, from a look at every storage."""

    image: ResolvedImage
    release: Release | None = None
    """What a pass must cover: the run's release, without images that need no pass. None before all
    images of the run are known."""
    attestations: tuple[VerifiedAttestation[Predicate], ...] = ()
    rejections: tuple[Rejection, ...] = ()
    configurations: tuple[ImageConfiguration, ...] | None = None
    """Of every platform; None where no check asked for them."""
    links: tuple[LinkFolder, ...] = ()
    """Folders of in-toto links that the call names, unverified. The same for every image."""
    unread: tuple[Unread, ...] = ()
    """What could not be read. Only where this is empty, what is not here is not there."""
    revocations: Revocations | None = None
    """Which passes somebody ended; None where the policy names no list of them. The same for
    every image."""
    place_notes: tuple[PlaceNote, ...] = ()
    """Places that may not show everything: told where something is absent."""
    is_artifact: bool = False
    """Whether it is a chart or a bundle of manifests, which a call names by `oci://`."""
    again: bool = False
    """Whether the image was admitted before, where it is run again: then the age of its pass does
    not count. Never true in a pipeline."""

    def attested(self, kind: type[P], *, by: Collection[str]) -> tuple[VerifiedAttestation[P], ...]:
        """Return what signers in `by` attest with a predicate of `kind`."""
        return tuple(
            a  # type: ignore[misc]  # the filter below is what makes it a VerifiedAttestation[P]
            for a in self.attestations
            if isinstance(a.predicate, kind) and not set(by).isdisjoint(a.signers)
        )

    def __str__(self) -> str:
        """Return the image's pinned name."""
        return str(self.image)


@dataclass(frozen=True, slots=True)
class Unavailable:
    """An image that could not be looked at. It is never a pass."""

    name: str
    """As the manifest has it."""
    code: str
    """A reason code of `gate.registry`, in kebab-case."""
    reason: str
    remedy: str
    image: ResolvedImage | None = None
    """The image, where at least its name could be resolved."""

    def __str__(self) -> str:
        """Return the name."""
        return self.name
