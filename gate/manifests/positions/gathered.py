"""What was found in one object: images, and places whose image nobody can judge."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from gate.manifests.positions.select import at
from gate.manifests.positions.words import without_scheme
from gate.model.document import Path
from gate.model.kubernetes import ImageUse, KubernetesObject, Split, field_path
from gate.model.records import dataclass
from gate.model.verdict import Finding, Severity

MISSING: Final = "image-missing"
UNJUDGED: Final = "unjudged-image"
_SHOWN: Final = 200
"""Characters of a text that a message shows."""
_NOT_KNOWN: Final = "gate does not know what this kind of object does with it"


@dataclass(slots=True)
class Gathered:
    """Collects what an object names, each field once and in the order of the search."""

    object: KubernetesObject
    items: dict[Path, ImageUse | Finding] = field(default_factory=dict)
    closed: set[Path] = field(default_factory=set)
    """Fields that the search does not enter, because something else has judged them."""

    def use(
        self,
        path: Path,
        text: str,
        *,
        image: str | None = None,
        prefix: str | None = None,
        split: Split | None = None,
        container: str | None = None,
        fixed: bool = False,
    ) -> None:
        """Remember the image of a field, put together as `image` where the text is a part."""
        scheme, name = without_scheme(text) if prefix is None else (prefix, text)
        place = self.object.place(*path)
        whole = without_scheme(image)[1] if image else name
        self.items.setdefault(
            path,
            ImageUse(whole, self.object.name, path, place, container, scheme, split, fixed),
        )

    def unjudged(self, path: Path, text: str, why: str = _NOT_KNOWN) -> None:
        """Remember a field that looks like an image and that gate does not know."""
        if path in self.closed:
            return
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        self.items.setdefault(
            path,
            Finding(
                rule=UNJUDGED,
                code=UNJUDGED,
                severity=Severity.HIGH,
                message=f"{shown!r} looks like an image that nobody judged: {why}",
                remedy="say in the policy, under manifests.images, what this field is",
                location=self.object.place(*path),
                field=field_path(path),
                object=self.object.name,
            ),
        )

    def missing(self, path: Path, container: str | None, why: str) -> None:
        """Remember a field that has to name an image and does not."""
        self.items.setdefault(
            path,
            Finding(
                rule=MISSING,
                code=MISSING,
                severity=Severity.HIGH,
                message=f"{why}, so what runs here cannot be verified",
                remedy="name the image, with its digest",
                location=self.object.place(*path),
                field=field_path(path),
                object=self.object.name,
                container=container,
            ),
        )

    def split(self, path: Path | None, before: str = "") -> Split:
        """Return where the digest of an image in parts goes, with that field's place.

        The field need not exist; the mapping that it belongs to does. A field that holds more than
        a text takes no digest: what is in it stays, and may name images itself.
        """
        if path is None:
            return Split(None)
        siblings = at(self.object.value, path[:-1])
        if isinstance(siblings.get(path[-1]), dict | list):
            return Split(None)
        return Split(path, before, self.object.place(*path) if path[-1] in siblings else None)
