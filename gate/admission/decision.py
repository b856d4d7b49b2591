"""The three answers to a request, kept apart: allowed, denied, could not tell."""

from __future__ import annotations

from typing import TypeAlias

from gate.model.records import dataclass
from gate.model.verdict import Finding, Question, Undecided


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that keeps an object out, or that a person should know."""

    code: str
    problem: str
    """One sentence. May quote foreign text."""
    remedy: str
    image: str = ""
    """As the object names it; empty for what is about the object itself."""
    place: str = ""
    """The container or the field; empty where there is none to name."""

    @classmethod
    def of(cls, finding: Finding) -> Objection:
        """Return what a finding says."""
        place = f"container {finding.container}" if finding.container else finding.field or ""
        return cls(finding.code, finding.message, finding.remedy, finding.image or "", place)

    @classmethod
    def undecided(cls, question: Question, outcome: Undecided) -> Objection:
        """Return what could not be told."""
        return cls(outcome.code, outcome.reason, outcome.remedy, question.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The object may be stored."""

    judged: bool = True
    """Whether there was anything to judge: False for a deletion and for a change of nothing."""
    images: tuple[str, ...] = ()
    """Pinned names of the images that were judged."""
    passes: tuple[str, ...] = ()
    """Digests of the attestations that were relied on."""
    warnings: tuple[Objection, ...] = ()
    would: Denied | CouldNotTell | None = None
    """In a namespace that is only watched: what the answer would be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """The object does not hold what the policy asks."""

    reasons: tuple[Objection, ...]
    """At least one; what could not be told besides comes last."""
    images: tuple[str, ...] = ()
    warnings: tuple[Objection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotTell:
    """Nothing is known to be wrong, and something could not be found out. It is denied too."""

    reasons: tuple[Objection, ...]
    images: tuple[str, ...] = ()
    warnings: tuple[Objection, ...] = ()


Decision: TypeAlias = Allowed | Denied | CouldNotTell
