"""Which place answers for a name: a layout folder that the caller named, or the registry.

A layout folder never says what its images are called. The caller does, in the call itself:
by the name of an image, or a mapping from NAME to PATH.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gate.errors import RegistryError
from gate.model.evidence import Attached, AttachedKind, Storage
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.registry.artifact import StoredDocument, read_artifact
from gate.registry.attached import attached_to, in_order
from gate.registry.attempt import Told
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.client import RegistryClient
from gate.registry.codes import Code
from gate.registry.fetch_order import Wanted
from gate.registry.oci.image_configuration import configurations
from gate.registry.repository import Destination, Source, Stored, WritableRepository
from gate.registry.resolve import resolve

if TYPE_CHECKING:
    from gate.registry.layout.repository import LayoutRepository
    from gate.registry.packed import Packed


class LayoutRegistry:
    """Answers from layout folders, for the names that the caller maps to them, and no other.

    A key is a registry or `registry/path`, of whole segments; the longest that fits wins.
    Where the key is not the whole repository, the rest of it names folders inside.
    """

    def __init__(self, mapping: Mapping[str, Path], *, bounds: Bounds = BOUNDS) -> None:
        """Take the folder of each name."""
        self._mapping = dict(mapping)
        self._bounds = bounds

    def covers(self, reference: ImageReference) -> bool:
        """Whether the caller named a folder for it."""
        return self.folder(reference) is not None

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that the folder holds. Raises RegistryError.

        Without tag and digest: the folder's only image, or else the one tagged `latest`.
        """
        repository = self.repository(reference)
        if reference.tag is None and reference.digest is None and not repository.tagged("latest"):
            only = ImageReference(
                reference.registry, reference.repository, None, repository.only_image().digest
            )
            found = resolve(repository, only, self._bounds)
            return ResolvedImage(reference, found.digest, found.platforms)
        return resolve(repository, reference, self._bounds)

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Told]:
        """Yield all that is attached to the image and its platforms, and what could not be read."""
        return attached_to(self.repository(image.reference), image, self._bounds, wanted)

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        """Yield what refers to the image itself, the likeliest pass first; not complete."""
        return in_order(self.repository(image.reference), image, self._bounds)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of every platform of the image. Raises RegistryError."""
        return tuple(configurations(self.repository(image.reference), image, self._bounds))

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        """Return the document under a tag, of a type and at most so many bytes.

        Raises RegistryError.
        """
        found = self.repository(reference)
        return read_artifact(found, reference, media_type, most, self._bounds)

    def repository(self, reference: ImageReference, *, deletes: bool = False) -> LayoutRepository:
        """Return the folder that holds a reference, as it is now. Raises RegistryError."""
        del deletes
        folder = self.folder(reference)
        if folder is None:
            raise RegistryError(
                Code.NOT_FOUND,
                f"no layout folder was named for {reference.name}",
                remedy=f"Name one in the call, as in oci:PATH={reference.name}.",
            )
        from gate.registry.layout.repository import LayoutRepository  # noqa: PLC0415  # likewise

        return LayoutRepository(folder, self._bounds)

    def held(self, image: ResolvedImage) -> Stored:
        """Return the manifest of the image itself. Raises RegistryError."""
        return self.repository(image.reference).manifest(image.digest)

    def kept_at(self, image: ResolvedImage) -> str:
        """Return the name of where the image's evidence is written."""
        return image.repository

    def folder(self, reference: ImageReference) -> Path | None:
        """Return the folder of a reference, which need not exist; None where none was named."""
        segments = reference.name.split("/")
        for length in range(len(segments), 0, -1):
            folder = self._mapping.get("/".join(segments[:length]))
            if folder is not None:
                return folder.joinpath(*segments[length:])
        return None


class RoutedRegistry:
    """Layout folders for the names that the caller mapped to them, else the registry.

    What files hold (`--bundle`) counts as attached to every image.
    """

    def __init__(
        self,
        layouts: LayoutRegistry,
        client: RegistryClient,
        files: Iterable[tuple[AttachedKind, bytes]] = (),
    ) -> None:
        """Take both places, and the content of files."""
        self._layouts = layouts
        self._files = tuple(files)
        self.client = client

    @property
    def files(self) -> tuple[bytes, ...]:
        """What the files hold that count as attached, as they were read."""
        return tuple(content for _, content in self._files)

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms. Raises RegistryError."""
        return self._place(reference).resolve(reference)

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Told]:
        """Yield what files hold, all that is attached to the image, and what could not be read."""
        for kind, content in self._files:
            yield Attached(kind, content, Storage.FILE, image.digest)
        yield from self._place(image.reference).attached(image, wanted)

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        """Yield what is attached to the image itself, the likeliest pass first; not complete."""
        return self._place(image.reference).attached_in_order(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of every platform of the image. Raises RegistryError."""
        return self._place(image.reference).configurations(image)

    def artifact(self, reference: ImageReference, media_type: str, most: int) -> StoredDocument:
        """Return the document under a tag, of a type and at most so many bytes.

        Raises RegistryError.
        """
        return self._place(reference).artifact(reference, media_type, most)

    def repository(self, reference: ImageReference, *, deletes: bool = False) -> WritableRepository:
        """Return the repository that takes an image's evidence. Raises RegistryError."""
        return self._place(reference).repository(reference, deletes=deletes)

    def packed(self, reference: ImageReference) -> Packed:
        """Return the chart or bundle that a reference means, not unpacked. Raises RegistryError."""
        from gate.registry.packed import read_packed  # noqa: PLC0415  # most runs name images alone

        place, *_ = self.sources(reference)
        return read_packed(place, reference, self.client.configuration.bounds)

    def sources(self, reference: ImageReference) -> tuple[Source, ...]:
        """Return where an image is, then other places that hold evidence of it."""
        if self._layouts.covers(reference):
            return (self._layouts.repository(reference),)
        return self.client.sources(reference)

    def own_repository(self, reference: ImageReference) -> Destination:
        """Return the repository that a reference names, to read and to write."""
        if self._layouts.covers(reference):
            return self._layouts.repository(reference)
        return self.client.own_repository(reference)

    def held(self, image: ResolvedImage) -> Stored:
        """Return the manifest of the image itself. Raises RegistryError."""
        return self._place(image.reference).held(image)

    def kept_at(self, image: ResolvedImage) -> str:
        """Return the name of where the image's evidence is written."""
        return self._place(image.reference).kept_at(image)

    def layout_folder(self, reference: ImageReference) -> Path | None:
        """Return the layout folder that holds a reference; None for a registry's."""
        return self._layouts.folder(reference)

    def close(self) -> None:
        """Close every connection."""
        self.client.close()

    def _place(self, reference: ImageReference) -> LayoutRegistry | RegistryClient:
        return self._layouts if self._layouts.covers(reference) else self.client
