"""Why one image is cleared or not: each check, what was found for it, and what would do."""

from __future__ import annotations

from datetime import datetime

from gate.model.image import ResolvedImage
from gate.model.records import dataclass
from gate.model.report import PolicyReport, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonWhy:
    """One cause, and one next step."""

    code: str
    """A stable reason code in kebab-case."""
    message: str
    """One sentence. May quote foreign text: neutralise to print."""
    remedy: str
    status: Status
    """What this cause alone makes of the check: failed, warned, waived or undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that is attached to the image, and what it is to a check."""

    predicate_type: str
    """As stated where it is verified, else as claimed; empty where not even that is known."""
    digest: str
    """The SHA-256 of the stored bytes."""
    storage: str
    """Where it was found, such as `referrers` or `att-tag`."""
    about: str
    """`the image`, `the index`, or the platform that it is about, else the digest; of what is not
    verified, what it is attached to."""
    signer: str
    """The policy's names and the identity; empty where none is verified."""
    time: str
    """The oldest verified time and who vouches for it; empty where there is none."""
    counts: bool
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswer:
    """One check of the image."""

    check: str
    status: Status
    reasons: tuple[ReasonWhy, ...] = ()
    """What does not hold; empty where all does."""
    until: datetime | None = None
    """Of what holds: after this moment, UTC, it no longer would; None where age is no matter."""
    demanded: tuple[str, ...] = ()
    """Whose evidence counts, each as `name: key or identity`; empty where nobody's is asked."""
    evidence: tuple[Evidence, ...] = ()
    commands: tuple[str, ...] = ()
    """What to run to make the evidence that is lacking; each would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One image, judged."""

    name: str
    """The reference in canonical form; as written where it is no reference."""
    resolved: ResolvedImage | None
    entry: str | None
    """The pattern of the policy's entry that decides; None where none matches."""
    answers: tuple[CheckAnswer, ...]
    """What blocks first."""
    others: tuple[Evidence, ...]
    """What is attached to the image and no check of it asks for."""
    cleared: bool
    exit_code: int
    at: datetime
    policy: PolicyReport
