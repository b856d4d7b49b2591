"""The policy: what the people who own the deployment demand.

`PolicyFile` is the file as it is written; `Policy` is what is left once every name in
it is resolved. Only `gate.policy.load` makes the latter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

from gate.model.image import Digest, ImageReference
from gate.model.location import Location
from gate.model.records import dataclass
from gate.policy.duration import write_duration
from gate.policy.fields import After, Shown, Sized, written
from gate.policy.match import AllowedRegistry, ImagePattern
from gate.policy.roots import RootSource
from gate.policy.section import Params, Section
from gate.policy.signers import Signer
from gate.policy.waivers import LONGEST, LONGEST_SAID, LongestWaiver, Said, Waiver

if TYPE_CHECKING:
    from gate.policy.admission import AdmissionSection
    from gate.policy.manifests import ManifestsSection
    from gate.policy.passes import PassSection
    from gate.policy.revocations import RevocationsSection
    from gate.policy.shards import ShardsSection

MAX_ENTRIES = 1_000
"""The most image entries, signers or waivers that a policy may have."""


def _allowed(text: str) -> str:
    return AllowedRegistry(text).text


def _pattern(text: str) -> str:
    return ImagePattern(text).text


def _verifier(text: str) -> str:
    if not text.startswith(("https://", "http://", "urn:")) or any(c.isspace() for c in text):
        msg = "a verifier is a URI that never changes, such as https://acme.example/gate"
        raise ValueError(msg)
    return text


def _version(number: int) -> int:
    if number != 1:
        msg = f"this gate reads version 1 of the policy, and this is version {number}"
        raise ValueError(msg)
    return number


_SAID: Final = {"type": "string", "minLength": 1, "maxLength": LONGEST_SAID}


class RegistriesSection(Section):
    """Where images may come from."""

    allow: Annotated[
        tuple[Annotated[str, After(_allowed)], ...],
        Sized(min_length=1, max_length=MAX_ENTRIES),
    ]
    """Registries and repositories, by whole path segments: `ghcr.io/acme` is not
    `ghcr.io/acme-evil`."""


class PolicyFile(Section):
    """The file, key by key. Image entries and what checks ask are read one by one."""

    version: Annotated[int, After(_version)]
    """The version of this format: 1."""
    verifier: Annotated[str, After(_verifier)] | None = None
    """Who judges, as a URI that passes name and that never changes."""
    signers: Annotated[dict[str, Signer], Sized(max_length=MAX_ENTRIES)] = written(
        default_factory=dict
    )
    """Who is trusted, each under a short name: a key, or an identity and its issuer."""
    trusted_roots: Annotated[dict[str, RootSource], Sized(max_length=16)] = written(
        alias="trusted-roots", default_factory=dict
    )
    """Sigstore instances other than the public one, each under a name and pinned by its digest."""
    registries: RegistriesSection | None = None
    """Where images may come from."""
    images: Annotated[tuple[dict[str, Any], ...], Sized(min_length=1, max_length=MAX_ENTRIES)]
    """What images must show. The first entry that matches an image decides; one that none matches
    is blocked."""
    manifests: ManifestsSection | None = written(default=None, named_in="gate.policy.manifests")
    """What lint asks of the manifests."""
    waivers: Annotated[tuple[Waiver, ...], Sized(max_length=MAX_ENTRIES)] = ()
    """Single findings that are accepted for now."""
    max_waiver: LongestWaiver = written(
        default=LONGEST,
        alias="max-waiver",
        shown={"default": write_duration(LONGEST)},
    )
    """How far ahead a waiver may end; a year at most."""
    pass_: PassSection | None = written(default=None, alias="pass", named_in="gate.policy.passes")
    """What a cleared release gets, and who signs it."""
    revocations: RevocationsSection | None = written(
        default=None, named_in="gate.policy.revocations"
    )
    """The list of passes that somebody ended before their time."""
    shards: ShardsSection | None = written(default=None, named_in="gate.policy.shards")
    """Who looks at parts of a release on other machines, for `gate merge`."""
    admission: AdmissionSection | None = written(default=None, named_in="gate.policy.admission")
    """What `gate serve` has to know of the cluster."""


class EntryName(Section):
    """The part of an image entry that says which images it is about."""

    match: Annotated[str, After(_pattern)]
    """The images that this entry is about: `*` stays inside one path segment, `**` spans them."""
    without_pass: Annotated[Said, Shown(_SAID)] | None = written(alias="without-pass", default=None)
    """In a policy for `gate admit`: why these images are admitted without a pass. An entry that
    asks for no `pass` must say it, and every report repeats it."""


@dataclass(frozen=True, slots=True)
class ImageEntry:
    """What the images that match a pattern must show."""

    pattern: ImagePattern
    checks: Mapping[str, Params]
    """By the check's name: what this entry asks of it. Never empty."""
    without_pass: str | None = None
    """Why these images are admitted without a pass; None where the entry does not say."""
    location: Location | None = None
    """Where the entry is in the policy's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A whole policy, with every name in it resolved."""

    path: str
    digest: Digest
    """SHA-256 of the RFC 8785 JSON of the parsed file and of the files that it refers to."""
    signers: Mapping[str, Signer]
    roots: Mapping[str, RootSource]
    images: tuple[ImageEntry, ...]
    verifier: str | None = None
    allowed: tuple[AllowedRegistry, ...] | None = None
    """None where the policy has no `registries`: then no check asks for one."""
    manifests: ManifestsSection | None = None
    waivers: tuple[Waiver, ...] = ()
    max_waiver: timedelta = LONGEST
    """How far ahead a waiver may end."""
    passes: PassSection | None = None
    revocations: RevocationsSection | None = None
    """None where the policy names no list: then no pass ends early."""
    shards: ShardsSection | None = None
    """None where the policy names nobody whose records count."""
    admission: AdmissionSection | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Keys, roots and in-toto layouts that the policy refers to, by the path that it writes."""

    def entry(self, reference: ImageReference) -> ImageEntry | None:
        """Return the first entry that matches; None means that the image is not covered."""
        return next((e for e in self.images if e.pattern.matches(reference)), None)
