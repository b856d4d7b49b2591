"""What every place of images can be asked, and what of it can be written to.

The implementations: `RegistryClient` (registries over HTTP), `LayoutRegistry` (layout folders), and
`RoutedRegistry`, which has both and chooses by an image's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from gate.model.evidence import Attached
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.registry.attempt import Told
from gate.registry.fetch_order import Wanted


class Registry(Protocol):
    """Where images are, and what is attached to them. Used from several threads."""

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms that it holds. Raises RegistryError."""

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterable[Told]:
        """Return all that is attached to the image and its platforms, each content once.

        The answer is complete: an Unread tells of what could not be read, a PlaceNote of a place
        that may not show everything. Of a long list, what claims to be of another predicate type
        than those `wanted` may be left out.
        """

    def attached_in_order(self, image: ResolvedImage) -> Iterable[Attached]:
        """Return what is attached to the image alone, the likeliest pass first, each when asked.

        Never an answer to what is absent: it may leave out anything. Raises RegistryError.
        """

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of each platform. Raises RegistryError."""
