"""An image as a call names it."""

from __future__ import annotations

from gate.errors import UsageError
from gate.model.image import ImageReference
from gate.model.wrong_reference import wrong_reference


def read_reference(name: str) -> ImageReference:
    """Read an image's name. Raises UsageError."""
    try:
        return ImageReference.parse(name)
    except ValueError as error:
        problem, remedy = wrong_reference(name)
        raise UsageError("image-reference-malformed", problem, remedy=remedy) from error
