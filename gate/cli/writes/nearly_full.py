"""A warning, on standard error, before an image carries more than gate reads."""

from __future__ import annotations

from collections.abc import Mapping

from gate.cli.writes.standard_error import warn
from gate.registry.bounds import BOUNDS


def warn_nearly_full(images: Mapping[str, int]) -> None:
    """Tell of images that carry more than half of the attestations that are read."""
    for image, count in sorted(images.items()):
        warn(
            f"{image} carries {count} attestations, and at most {BOUNDS.entries} are read",
            "attestations-nearly-full",
            "run `gate prune` on it, or delete attestations of past builds in the registry",
        )
