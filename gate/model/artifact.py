"""An OCI artifact whose objects are judged: a Helm chart, or a bundle of manifests."""

from __future__ import annotations

import enum

from gate.model.evidence import Unavailable
from gate.model.image import ImageReference, ResolvedImage
from gate.model.records import dataclass


class ArtifactKind(enum.Enum):
    """What is in an artifact, in words."""

    CHART = "a Helm chart"
    MANIFESTS = "a bundle of manifests"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedArtifact:
    """An artifact that a call names, and what came of the look at it."""

    reference: ImageReference
    found: ResolvedImage | Unavailable | None = None
    """What its objects were read from; None where its name alone blocks it."""
