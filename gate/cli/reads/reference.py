"""An image as a call names it."""

from __future__ import annotations

from gate.errors import UsageError
from gate.model.image import ImageReference


def read_reference(name: str) -> ImageReference:
    """Read an image's name. Raises UsageError."""
    try:
        return ImageReference.parse(name)
    except ValueError as error:
        raise UsageError(
            "image-reference-malformed",
            f"{name!r} is not an image reference",
            remedy="write [registry/]repository[:tag][@sha256:digest] in lowercase",
        ) from error
