"""What attaches some content to an image already, so that it is not pushed again."""

from __future__ import annotations

from gate.model.image import Digest
from gate.registry.bounds import Bounds
from gate.registry.oci.contents import referrers_tag
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageIndex, ImageManifest
from gate.registry.repository import Repository, parse_stored


def carrier(
    repository: Repository, subject: Digest, content: Digest, bounds: Bounds
) -> Digest | None:
    """Return the manifest that attaches some content to a subject already. Raises RegistryError."""
    for digest in _listed(repository, subject, bounds):
        manifest = parse_stored(
            repository.manifest(digest), what=f"{repository.name} {digest}", bounds=bounds
        )
        if (
            isinstance(manifest, ImageManifest)
            and manifest.subject is not None
            and manifest.subject.digest == subject
            and content in {layer.digest for layer in manifest.layers}
        ):
            return digest
    return None


def _listed(repository: Repository, subject: Digest, bounds: Bounds) -> tuple[Digest, ...]:
    """Return what is listed as attached, by the referrers API and by its stand-in tag."""
    found = dict.fromkeys(e.digest for e in repository.referrers(subject) or ())
    tag = referrers_tag(subject)
    held = repository.tagged(tag)
    if held is not None:
        index = parse_stored(held, what=f"{repository.name}:{tag}", bounds=bounds)
        entries: tuple[Descriptor, ...] = index.manifests if isinstance(index, ImageIndex) else ()
        found |= dict.fromkeys(entry.digest for entry in entries)
    return tuple(found)
