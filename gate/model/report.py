"""What a run found, in the form that every report format translates.

A report is made by `gate.pipeline` from a verdict; formats add nothing to it and leave
nothing of substance out. Everything in it is sorted, so the same verdict gives the same
bytes in any order of the registries' answers.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from gate.model.records import dataclass
from gate.model.verdict import Action

if TYPE_CHECKING:  # a report of lint has no image
    from gate.model.image import Digest, ResolvedImage
    from gate.model.kubernetes import ImageUse
    from gate.model.lines import Lines
    from gate.model.location import Location
    from gate.model.release import Release
    from gate.model.verdict import Age, Finding, Undecided, WaivedFinding

MAX_EXCLUDED_NAMED: Final = 100
"""How many of the files that were left out a report names; it counts all."""


class Status(enum.StrEnum):
    """How one check of one image came out."""

    PASSED = "passed"
    WARNED = "warned"
    """It found something, and none of it blocks."""
    FAILED = "failed"
    WAIVED = "waived"
    """Everything that it found is waived."""
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliedOn:
    """One verified statement that a check relied on."""

    kind: str
    """In a word or two, such as `SBOM` or `vulnerability scan`."""
    predicate_type: str
    """The statement's predicate type URI; for a simple signature, its layer's media type."""
    digest: Digest
    """The SHA-256 of the stored bytes."""
    signers: tuple[str, ...]
    """The policy's names that match, sorted."""
    identity: str
    """What the certificate or the key presents. Foreign text: neutralise it to print."""
    signed_at: datetime | None
    """The oldest verified time, UTC; None where nobody vouches for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The answer to one question about one image."""

    check: str
    status: Status
    relied_on: tuple[str, ...] = ()
    """Who signed what the check relied on, each as `signer: identity, when`."""
    evidence: tuple[ReliedOn, ...] = ()
    """The same statements in parts, sorted by kind and digest."""
    until: datetime | None = None
    """Of a check that passed: after this moment, UTC, it no longer would. None if age is no matter.
    """
    ages: tuple[Age, ...] = ()
    """How old what the check looked at is, against the policy's limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageReport:
    """One image of the run."""

    name: str
    """The reference in canonical form; as written where it is no reference."""
    resolved: ResolvedImage | None
    """None where the name could not be resolved."""
    uses: tuple[ImageUse, ...]
    checks: tuple[CheckReport, ...]
    attached: tuple[str, ...] = ()
    """What is attached to the image, a line each: `verified …` or why it does not count."""
    unread: tuple[str, ...] = ()
    """Of these, what could not be read: a note also where every check passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndecidedReport:
    """A question that could not be answered, or something wrong that is not the subject's."""

    check: str
    subject: str
    outcome: Undecided


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much was judged: a verdict over nothing must not look like one over much."""

    files: int = 0
    documents: int = 0
    objects: int = 0
    rules: int = 0
    images: int = 0
    checks: int = 0
    attestations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReport:
    """Which policy was asked."""

    path: str
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A finding that a comment or annotation in the manifest silenced, as the policy allows."""

    finding: Finding
    reason: str


class PassState(enum.StrEnum):
    """How far the pass came."""

    SIGNED = "signed"
    STILL_GOOD = "still-good"
    """Every image has one already that says the same and has half of its time left."""
    DRY_RUN = "dry-run"
    NOT_ASKED = "not-asked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassReport:
    """What became of the pass."""

    state: PassState
    stored: tuple[str, ...] = ()
    """Where it was stored: references and files."""
    note: str = ""
    """One sentence: why there is none, or what failed."""
    statements: tuple[str, ...] = ()
    """Of a dry run: the JSON statements that would be signed. They prove nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """Why a run came to no verdict, or why its pass could not be signed or stored."""

    code: str
    problem: str
    """One sentence. May quote foreign text: neutralise to print."""
    remedy: str
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What lint asked of what: every rule of every file."""

    files: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutPass:
    """An image of which a deploy policy asks for no pass, and why, in the policy's words."""

    image: str
    """The reference in canonical form."""
    entry: str
    """The pattern of the entry that decides."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDeployed:
    """An object that was judged with this release and is not in this deployment."""

    digest: Digest
    name: str
    """`namespace/Kind/name`; empty where the pass does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What a deploy step should know of a release besides its verdict."""

    without_pass: tuple[WithoutPass, ...] = ()
    """Sorted by image."""
    not_deployed: tuple[NotDeployed, ...] = ()
    """Sorted by name and digest. A part of a release may be deployed alone; it is only told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """What the policy, or `gate lint --exclude`, left out of the manifests of a run."""

    count: int = 0
    """Of files, and of folders, each of which is one."""
    names: tuple[str, ...] = ()
    """The first `MAX_EXCLUDED_NAMED`, folders with a slash at their end."""

    @classmethod
    def of(cls, names: Sequence[str]) -> Excluded:
        """Return all that was left out."""
        return cls(count=len(names), names=tuple(names[:MAX_EXCLUDED_NAMED]))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Rendered:
    """A folder that was judged by what a tool made of it."""

    path: str
    """The folder, as the call names it."""
    tool: str
    """`helm`, `kustomize` or `kubectl`."""
    version: str
    """As the tool says it, such as `v3.22.0`; foreign text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What a check, rule or code means: gate's own words, for formats that carry them."""

    name: str
    headline: str
    """One sentence, plain text."""
    text: str
    """The whole page, Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run."""

    command: str
    """`check`, `lint` or `admit`."""
    tool_version: str
    cleared: bool
    exit_code: int
    at: datetime
    """When the run began, UTC; `--as-of` where it was given."""
    policy: PolicyReport | None
    images: tuple[ImageReport, ...]
    findings: tuple[Finding, ...]
    undecided: tuple[UndecidedReport, ...]
    waived: tuple[WaivedFinding, ...]
    suppressed: tuple[Suppression, ...]
    counts: Counts
    release: Release | None = None
    passed: PassReport | None = None
    error: ErrorReport | None = None
    """None where the run came to its end. A report with an error is never clean."""
    deployment: Deployment | None = None
    """Of `admit` alone, and there None where the run came to no verdict."""
    linted: Linted = Linted()
    excluded: Excluded = Excluded()
    rendered: tuple[Rendered, ...] = ()
    """By path."""
    guides: tuple[Guide, ...] = ()
    """By name; those that the findings of this report need, and only where a format asks."""
    known: tuple[Finding, ...] = ()
    """What the policy's baseline knows, and `findings` does not have."""
    lines: Lines | None = field(default=None, compare=False)
    """The files that were judged, where a format shows their lines."""
    category: str = ""
    """What the caller calls this run among others of one commit; empty where it has no name."""

    @property
    def undecided_alone(self) -> bool:
        """Whether nothing blocks but what could not be decided. Such a run is not cleared."""
        blocks = any(finding.action is Action.BLOCK for finding in self.findings)
        return not self.cleared and bool(self.undecided) and not blocks
