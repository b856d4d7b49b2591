"""From a name to a digest and the platforms under it."""

from __future__ import annotations

from collections.abc import Iterator

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference, Platform, PlatformManifest, ResolvedImage
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import INDEX_TYPES, ImageIndex, ImageManifest
from gate.registry.repository import Repository, Stored, parse_stored

_NO_PLATFORM = Platform("unknown", "unknown")
"""How BuildKit marks what is no image. Runtimes never choose it, so it is never judged."""


def resolve(repository: Repository, reference: ImageReference, bounds: Bounds) -> ResolvedImage:
    """Return the digest that a repository holds for a reference, and its platforms.

    A digest in the reference decides and its tag is not asked for. Entries of an index that
    name no platform count as one: a runtime may choose them. An artifact that is no image
    is refused, as is an index without anything that runs. Raises RegistryError.
    """
    stored = held(repository, reference)
    manifest = parse_stored(stored, what=f"{repository.name} {stored.digest}", bounds=bounds)
    match manifest:
        case ImageManifest():
            if not manifest.is_image:
                raise not_an_image(reference)
            return ResolvedImage(reference, stored.digest)
        case ImageIndex():
            platforms = sorted(set(_platforms(repository, manifest, bounds, 1)))
            if not platforms:
                raise not_an_image(reference)
            if len(platforms) > bounds.platforms:
                raise _too_many(reference)
            return ResolvedImage(reference, stored.digest, tuple(platforms))


def held(repository: Repository, reference: ImageReference) -> Stored:
    """Return the manifest that a reference means: its digest decides. Raises RegistryError."""
    if reference.digest is not None:
        return repository.manifest(reference.digest)
    tag = reference.tag or "latest"
    stored = repository.tagged(tag)
    if stored is None:
        raise repository.untagged(tag)
    return stored


def _platforms(
    repository: Repository, index: ImageIndex, bounds: Bounds, depth: int
) -> Iterator[PlatformManifest]:
    for entry in index.manifests:
        if entry.platform == _NO_PLATFORM:
            continue
        if entry.media_type in INDEX_TYPES:
            nested = _nested(repository, entry, bounds, depth + 1)
            yield from _platforms(repository, nested, bounds, depth + 1)
        else:
            yield PlatformManifest(entry.platform or Platform("", ""), entry.digest)


def _nested(repository: Repository, entry: Descriptor, bounds: Bounds, depth: int) -> ImageIndex:
    if depth > bounds.index_depth:
        raise RegistryError(
            Code.TOO_MANY,
            f"{repository.name} nests image indexes more than {bounds.index_depth} deep",
            remedy="Push the image as one index that lists its platforms.",
        )
    stored = repository.manifest(entry.digest)
    manifest = parse_stored(stored, what=f"{repository.name} {entry.digest}", bounds=bounds)
    if not isinstance(manifest, ImageIndex):
        raise RegistryError(
            Code.MALFORMED_MANIFEST,
            f"{repository.name} {entry.digest} is listed as an index and is no index",
            remedy="Push the image again.",
        )
    return manifest


def not_an_image(reference: ImageReference) -> RegistryError:
    """Return what is said of a container's image that no container can run."""
    return RegistryError(
        Code.NOT_AN_IMAGE,
        f"{reference} is no container image: nothing in it can run",
        remedy="Name an image; name a chart or a bundle of manifests as a path, oci://REF.",
    )


def _too_many(reference: ImageReference) -> RegistryError:
    return RegistryError(
        Code.TOO_MANY,
        f"{reference} has more platforms than are judged",
        remedy="Push an index with fewer platforms.",
    )


def manifest_digests(image: ResolvedImage) -> tuple[Digest, ...]:
    """Return the digests of the manifests that have a configuration: what runs."""
    return tuple(p.digest for p in image.platforms) or (image.digest,)
