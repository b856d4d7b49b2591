"""What a run looked at and what came of it, before any format is chosen."""

from __future__ import annotations

from gate.model.artifact import NamedArtifact
from gate.model.evidence import ImageEvidence, Unavailable
from gate.model.image import ImageReference
from gate.model.kubernetes import ImageUse
from gate.model.records import dataclass
from gate.model.report import Suppression
from gate.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedImage:
    """One image of the run, or one artifact that the call names, and all that is known about it."""

    name: str
    """The reference in canonical form; as written where it is no reference."""
    reference: ImageReference | None
    """None where the name is no reference."""
    uses: tuple[ImageUse, ...]
    """Every place in the manifests that names it, in order; empty where only the call does."""
    evidence: ImageEvidence | Unavailable | None = None
    """None where the image was not asked for, because its name alone blocks it."""
    artifact: NamedArtifact | None = None
    """None for an image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One run, judged."""

    verdict: Verdict
    images: tuple[ReviewedImage, ...]
    suppressed: tuple[Suppression, ...] = ()
    files: int = 0
    documents: int = 0
    objects: int = 0
    rules: int = 0
