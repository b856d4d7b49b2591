"""Outcomes of checks, and the verdict they add up to."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias, assert_never

from gate.model.records import dataclass

if TYPE_CHECKING:  # lint finds things too, and loads nothing that only images have
    from gate.model.evidence import VerifiedAttestation
    from gate.model.image import Digest, ResolvedImage
    from gate.model.kubernetes import ObjectName
    from gate.model.location import Location
    from gate.model.predicates import Predicate
    from gate.model.release import Release
    from gate.model.signed_file import SignedFile


class Severity(enum.IntEnum):
    """How much a finding matters. It orders reports; it never changes a verdict."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Action(enum.StrEnum):
    """Whether a finding keeps the release from being cleared."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, where, and what would put it right."""

    rule: str
    """The check or lint rule that found it."""
    code: str
    """A stable reason code in kebab-case; for a lint rule, the rule's name."""
    severity: Severity
    message: str
    """One sentence. May quote foreign text: neutralise to print."""
    remedy: str
    """One next step."""
    id: str = ""
    """What a waiver names, such as a CVE; empty where that is the code."""
    action: Action = Action.BLOCK
    location: Location | None = None
    field: str | None = None
    object: ObjectName | None = None
    container: str | None = None
    image: str | None = None
    """`registry/repository@digest`, or the name as written where it did not resolve."""
    also: tuple[str, ...] = ()
    """Rules that do not hold for the same reason, and have no finding of their own; sorted."""

    known: bool = False
    """Whether the policy's baseline has it: it was there before, and does not block."""
    holds: tuple[str, ...] = ()
    """Digests of what the field holds, sorted: a baseline tells by them whether it grew worse."""

    @property
    def waiver_id(self) -> str:
        """What a waiver calls this finding."""
        return self.id or self.code

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits that stay the same while lines move and text is reworded."""
        parts = (
            self.rule,
            self.code,
            self.id,
            str(self.object or ""),
            self.container or "",
            self.field or "",
            # Of an image the repository: a new digest does not make an old finding a new one.
            (self.image or "").partition("@")[0],
            self.location.path if self.location else "",
        )
        # A file name of bytes that are no text holds surrogates.
        data = "\0".join(parts).encode(errors="surrogatepass")
        return hashlib.sha256(data).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class WaivedFinding:
    """A finding that the policy accepts for now, who accepts it, and until when."""

    finding: Finding
    owner: str
    reason: str
    expires: date
    """The last day, UTC, on which the waiver holds."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Age:
    """How old one thing may be: `until - since` is the limit that the policy sets.

    A scan of 1 November with `max-age: 7d` is `Age(of="scan", since=1 November, until=8 November)`.
    """

    of: str
    """What has the age: `scan`, `database` or `pass`."""
    since: datetime
    """UTC."""
    until: datetime
    """UTC, the last moment at which the check accepts it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The check holds."""

    relied_on: tuple[VerifiedAttestation[Predicate], ...] = ()
    """Attestations without which it would not hold."""
    until: datetime | None = None
    """After this moment, UTC, it would no longer hold; None where age plays no part."""
    files: tuple[SignedFile, ...] = ()
    """Files without which it would not hold, sorted."""
    ages: tuple[Age, ...] = field(default=(), compare=False)
    """How old what counts is: of each kind of thing the one that ends last, sorted. It only
    tells reports."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The check does not hold. It blocks unless every finding is waived."""

    findings: tuple[Finding, ...]
    """Findings that nobody waived."""
    waived: tuple[WaivedFinding, ...] = ()
    relied_on: tuple[VerifiedAttestation[Predicate], ...] = ()
    """What was looked at; a pass that rests on waivers lists it as input."""
    until: datetime | None = None
    """After this moment, UTC, more may be wrong: a grace ends, or evidence that holds is too old.
    None where age plays no part. When a waiver ends is not counted."""
    lacking: bool = False
    """Whether evidence is missing or does not count, besides what is wrong in what there is."""
    ages: tuple[Age, ...] = field(default=(), compare=False)
    """How old what was looked at is: of each kind of thing the one that ends last, sorted."""

    def __post_init__(self) -> None:
        """Refuse a failure that says nothing."""
        if not self.findings and not self.waived:
            msg = "a failure has at least one finding"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Undecided:
    """The check could not be made. It always blocks and cannot be waived."""

    code: str
    reason: str
    remedy: str


Outcome: TypeAlias = Passed | Failed | Undecided


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """One pair that a policy wants answered: a check and its subject."""

    check: str
    subject: str
    """An image as the run names it, or `manifests` for lint."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one question."""

    question: Question
    outcome: Outcome

    @property
    def blocks(self) -> bool:
        """Whether this result keeps the verdict from being Cleared."""
        match self.outcome:
            case Passed():
                return False
            case Failed(findings=findings):
                return any(f.action is Action.BLOCK for f in findings)
            case Undecided():
                return True
            case unreachable:
                assert_never(unreachable)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every question of one run, and what the answers are about."""

    questions: tuple[Question, ...]
    images: tuple[ResolvedImage, ...]
    release: Release
    policy: Digest
    at: datetime
    """When the run began, UTC: the `now` of every check."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """Every question was answered and no answer blocks. Only this can become a pass."""

    plan: Plan
    results: tuple[Result, ...]

    def __post_init__(self) -> None:
        """Refuse to clear nothing, anything that blocks, or less than all that was asked."""
        asked, answered = self.plan.questions, tuple(r.question for r in self.results)
        if not asked or sorted(asked) != sorted(answered) or any(r.blocks for r in self.results):
            msg = "not clear"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Some check failed or could not be made, or there was nothing to check."""

    plan: Plan
    results: tuple[Result, ...]
    unanswered: tuple[Question, ...] = field(default=())


Verdict: TypeAlias = Cleared | Blocked


def decide(plan: Plan, results: Sequence[Result]) -> Verdict:
    """Add results up. What was asked and not answered exactly once is undecided.

    Results are sorted by their question, so that the order in which they were found
    changes nothing. An answer to a question that nobody asked is kept, and blocks.
    """
    every = tuple(sorted(results, key=lambda r: r.question))
    answered = [r.question for r in every]
    once = _once(answered)
    missing = tuple(sorted(q for q in plan.questions if q not in once))
    stray = set(answered) - set(plan.questions)
    if not plan.questions or missing or stray or any(r.blocks for r in every):
        return Blocked(plan, every, missing)
    return Cleared(plan, every)


def _once(answered: Sequence[Question]) -> set[Question]:
    seen: set[Question] = set()
    twice: set[Question] = set()
    for question in answered:
        (twice if question in seen else seen).add(question)
    return seen - twice
