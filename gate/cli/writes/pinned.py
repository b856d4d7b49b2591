"""Manifests with every image pinned to the digest that was judged."""

from __future__ import annotations

from pathlib import Path

from gate.cli.writes.files import write_whole
from gate.manifests.emit import Pins, emit
from gate.manifests.manifests import Manifests
from gate.model.evidence import ImageEvidence
from gate.model.review import Review
from gate.pipeline.release import bound_names


def write_pinned(review: Review, manifests: Manifests, path: str) -> None:
    """Write all judged objects as one file, images pinned. Raises GateError."""
    write_whole(Path(path), emit(manifests.objects, pins_of(review), manifests.positions))


def pins_of(review: Review) -> Pins:
    """Return what becomes of each image that the manifests name."""
    written = {
        use.image: f"{use.image}@{image.evidence.image.digest}"
        for image in review.images
        if isinstance(image.evidence, ImageEvidence)
        and image.reference is not None
        and image.reference.digest is None
        for use in image.uses
    }
    return Pins(written=written, bound=bound_names(review.images))
