"""What is being looked at, on standard error, where that is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from gate.model.evidence import Attached, Unread
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.pipeline.gather import Registry, Wanted
from gate.reports.neutral import terminal


@contextmanager
def told(registry: Registry) -> Iterator[Registry]:
    """Hand out the registry, telling each image that is asked for; clear the line after."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield registry
        return
    try:
        yield _Told(registry)
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


class _Told:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        sys.stderr.write(f"\r\x1b[Klooking at {terminal(str(reference), limit=60)}")
        sys.stderr.flush()
        return self._registry.resolve(reference)

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterable[Attached | Unread]:
        return self._registry.attached(image, wanted)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        return self._registry.configurations(image)
