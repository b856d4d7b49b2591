"""What a set of files holds: objects, and what is wrong with the files."""

from __future__ import annotations

from typing import Final

from gate.model.kubernetes import ImagePosition, ImageUse, KubernetesObject
from gate.model.records import dataclass
from gate.model.verdict import Finding

NOT_AN_OBJECT: Final = "not-a-kubernetes-object"
"""The rule of what is found where a file, or a folder of files, holds no object."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """What a set of files holds."""

    objects: tuple[KubernetesObject, ...]
    """In the order of the files, Lists unfolded."""
    findings: tuple[Finding, ...]
    """What blocks: each file that does not parse, each document or item that is no object in a
    file that holds others, and what the caller found before. What warns: each folder that
    holds files without any object."""
    files: int
    documents: int
    """That were read and are not empty."""
    positions: tuple[ImagePosition, ...] = ()
    """Fields of which the policy says whether they name an image."""
    stored: bool = False
    """Whether the objects are as a cluster stores them, with all that its API server fills in."""

    @property
    def empty(self) -> bool:
        """Whether nothing here could be deployed, and nothing is wrong that hides what could."""
        return not self.objects and all(f.rule == NOT_AN_OBJECT for f in self.findings)

    def images(self) -> tuple[tuple[ImageUse, ...], tuple[Finding, ...]]:
        """Return what `image_uses` says of the objects: the images, and what is wrong with them."""
        if not self.objects:
            return (), ()
        from gate.manifests.images import image_uses  # noqa: PLC0415  # a run may have no manifest

        found = image_uses(self.objects, self.positions)
        return found.uses, found.findings
