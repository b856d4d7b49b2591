"""What is being looked at, on standard error, where that is a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from gate.model.image import ImageReference
from gate.pipeline.gather import Progress, tell_nobody
from gate.reports.neutral import terminal


@contextmanager
def telling() -> Iterator[Progress]:
    """Hand out what tells each image that is asked for; clear the line after."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield tell_nobody
        return
    try:
        yield _tell
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _tell(reference: ImageReference) -> None:
    sys.stderr.write(f"\r\x1b[Klooking at {terminal(str(reference), limit=60)}")
    sys.stderr.flush()
