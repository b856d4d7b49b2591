"""How a call names an image in a layout folder: `oci:PATH[:TAG][@DIGEST][=NAME]`.

A layout folder never says what its images are called: the caller does. An image without a name
gets one under `oci-layout.invalid`, a host that cannot exist (RFC 6761), made from a hash of
the path as written: no name of a folder can look like a registry that a policy allows.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from gate.errors import UsageError
from gate.model.expressions import expression
from gate.model.image import Digest, ImageReference
from gate.model.records import dataclass
from gate.registry.codes import Code

NAMELESS: Final = "oci-layout.invalid"
"""The registry of layout images that the caller gave no name."""
_IMAGE: Final = expression(
    r"oci:(?P<path>[^\x00-\x1f\x7f]+?)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


@dataclass(frozen=True, slots=True)
class LayoutImage:
    """An image in a layout folder, as a call names it."""

    folder: Path
    reference: ImageReference
    """What a policy matches, what reports show and what a pass is about."""

    @classmethod
    def parse(cls, text: str) -> LayoutImage:
        """Read `oci:PATH[:TAG][@sha256:…][=NAME]`.

        NAME is `registry/repository`. A path that has `=` in it is written with a NAME; one
        that ends in what reads as a tag, with a tag. Raises UsageError.
        """
        place, named, name = text.rpartition("=")
        form = _IMAGE.fullmatch(place if named else text)
        if form is None:
            raise _unreadable(text, "it is not of the form oci:PATH[:TAG]")
        digest = Digest.parse(form["digest"]) if form["digest"] else None
        try:
            base = ImageReference.parse(name) if named else _nameless(form["path"])
        except ValueError as error:
            raise _unreadable(text, f"{name!r} is not registry/repository") from error
        if base.tag or base.digest:
            raise _unreadable(text, "the name after = has a tag or digest of its own")
        reference = ImageReference(base.registry, base.repository, form["tag"], digest)
        return cls(Path(form["path"]), reference)


def folders_of(images: Iterable[LayoutImage]) -> dict[str, Path]:
    """Return the folder of each name. Raises UsageError where one name has two folders."""
    folders: dict[str, Path] = {}
    for image in images:
        held = folders.setdefault(image.reference.name, image.folder)
        if held != image.folder:
            raise UsageError(
                Code.LAYOUT_IMAGE_MALFORMED,
                f"{image.reference.name} is said to be in {held} and in {image.folder}",
                remedy="Give each folder a name of its own.",
            )
    return folders


def _nameless(path: str) -> ImageReference:
    return ImageReference(NAMELESS, f"h{Digest.of(path.encode()).hex[:16]}")


def _unreadable(text: str, problem: str) -> UsageError:
    return UsageError(
        Code.LAYOUT_IMAGE_MALFORMED,
        f"{text!r} names no image in a layout folder: {problem}",
        remedy="Write oci:PATH, oci:PATH:TAG or oci:PATH@sha256:…, and =registry/repository"
        " after it to say what the policy should match.",
    )
