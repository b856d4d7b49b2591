"""What is above an image in a report, so that no two images of a run read the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gate.model.report import ImageReport, Report


def headed(report: Report) -> Iterator[tuple[str, ImageReport]]:
    """Yield each image of a report with its heading: the pinned name, else the name as given.

    Where the run has one image by several names, each heading says its name too:
    `ghcr.io/acme/shop@sha256:… (named ghcr.io/acme/shop:1.0)`.
    """
    pinned = [str(image.resolved or image.name) for image in report.images]
    often = Counter(pinned)
    for name, image in zip(pinned, report.images, strict=True):
        apart = often[name] > 1 and image.name != name
        yield (f"{name} (named {image.name})" if apart else name), image
