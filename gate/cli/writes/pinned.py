"""Manifests with every image pinned to the digest that was judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from gate.cli.writes.output import write_whole
from gate.manifests.pin import pin
from gate.model.evidence import ImageEvidence
from gate.model.review import Review


def write_pinned(review: Review, files: Sequence[tuple[str, bytes]], path: str) -> None:
    """Write all manifests as one file, images pinned. Raises UsageError."""
    pins = pins_of(review)
    parts = [pin(data, name, pins) for name, data in files]
    write_whole(Path(path), join_documents(parts))


def pins_of(review: Review) -> dict[str, str]:
    """Return what to write for each image that the manifests name without a digest."""
    return {
        use.image: f"{use.image}@{image.evidence.image.digest}"
        for image in review.images
        if isinstance(image.evidence, ImageEvidence)
        and image.reference is not None
        and image.reference.digest is None
        for use in image.uses
    }


def join_documents(parts: Iterable[bytes]) -> bytes:
    """Join YAML files into one, each starting a document of its own."""
    whole = b""
    for part in parts:
        body = part.removeprefix(b"\xef\xbb\xbf")
        starts = body.lstrip().startswith((b"---", b"%"))
        if whole and not starts:
            whole += b"---\n"
        whole += body if body.endswith(b"\n") or not body else body + b"\n"
    return whole
