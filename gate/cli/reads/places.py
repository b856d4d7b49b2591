"""From the options that say where things are to a registry that can be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gate.errors import UsageError
from gate.model.evidence import Attached, Storage
from gate.model.image import ImageReference, ResolvedImage
from gate.model.image_configuration import ImageConfiguration
from gate.registry.attempt import Item
from gate.registry.client import RegistryClient
from gate.registry.configuration import RegistryConfiguration
from gate.registry.fetch_order import Wanted
from gate.registry.layout.image import LayoutImage, folders_of
from gate.registry.login.sources import logins_from
from gate.registry.proxies import Proxies
from gate.registry.registries_file import load_reach
from gate.registry.repository import WritableRepository
from gate.registry.route import LayoutRegistry, RoutedRegistry

if TYPE_CHECKING:
    from gate.cli.reads.bundle_files import FromFile

REGISTRIES = "GATE_REGISTRIES"
"""The variable that names the file of how registries are reached; `gate --registries` sets it."""


@dataclass(frozen=True, slots=True)
class PlacedRegistry:
    """Registries and layout folders, and bundles from files beside what they hold."""

    routed: RoutedRegistry
    client: RegistryClient
    bundles: tuple[FromFile, ...]

    def resolve(self, reference: ImageReference) -> ResolvedImage:
        """Return the digest and platforms. Raises RegistryError."""
        return self.routed.resolve(reference)

    def attached(self, image: ResolvedImage, wanted: Wanted = None) -> Iterator[Item]:
        """Yield every bundle file, all that hangs on the image, and what could not be read."""
        for bundle in self.bundles:
            yield Attached(bundle.kind, bundle.content, Storage.FILE, image.digest)
        yield from self.routed.attached(image, wanted)

    def attached_in_order(self, image: ResolvedImage) -> Iterator[Attached]:
        """Yield what hangs on the image itself, the likeliest pass first; not complete."""
        return self.routed.attached_in_order(image)

    def configurations(self, image: ResolvedImage) -> tuple[ImageConfiguration, ...]:
        """Return the configuration of each platform. Raises RegistryError."""
        return self.routed.configurations(image)

    def close(self) -> None:
        """Close every connection."""
        self.client.close()

    def repository(self, reference: ImageReference) -> WritableRepository:
        """Return the repository that holds a reference. Raises RegistryError."""
        return self.routed.repository(reference)

    def layout_folder(self, reference: ImageReference) -> Path | None:
        """Return the layout folder that holds a reference; None for a registry's."""
        return self.routed.folder(reference)


def open_registry(
    images: Iterable[str],
    layouts: Iterable[str],
    plain_http: Iterable[str],
    bundles: Iterable[str],
) -> tuple[PlacedRegistry, tuple[str, ...]]:
    """Return where to ask, and the names of the images. Raises UsageError. Nothing is asked yet."""
    asked = [LayoutImage.parse(i) if i.startswith("oci:") else i for i in images]
    in_layouts = [image for image in asked if isinstance(image, LayoutImage)]
    folders = {**dict(map(_layout, layouts)), **folders_of(in_layouts)}
    names = (str(i.reference) if isinstance(i, LayoutImage) else i for i in asked)
    client = RegistryClient(_reach(plain_http), logins=logins_from(os.environ, Path.home()))
    routed = RoutedRegistry(LayoutRegistry(folders), client)
    return PlacedRegistry(routed, client, tuple(_bundles(bundles))), tuple(names)


def _bundles(paths: Iterable[str]) -> Iterator[FromFile]:
    for path in paths:
        from gate.cli.reads.bundle_files import read_bundles  # seldom needed

        yield from read_bundles(path)


def _reach(plain_http: Iterable[str]) -> RegistryConfiguration:
    """Return how registries are reached: by the file of GATE_REGISTRIES, and what the call adds."""
    named = os.environ.get(REGISTRIES)
    said = load_reach(Path(named)) if named else RegistryConfiguration()
    return replace(
        said,
        insecure_hosts=said.insecure_hosts | frozenset(plain_http),
        proxies=Proxies.from_environment(os.environ),
    )


def _layout(text: str) -> tuple[str, Path]:
    name, equals, folder = text.partition("=")
    if not equals or not name or not folder:
        raise UsageError(
            "layout-option",
            f"{text!r} is not NAME=FOLDER",
            remedy="write registry.example/team=./images",
        )
    return name.rstrip("/"), Path(folder)
