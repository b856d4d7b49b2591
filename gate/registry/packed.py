"""What a registry holds to be applied: a Helm chart, or a bundle of manifests.

The artifact's own manifest says what it is, and its digest binds that. Who reads which layer:

- helm takes the chart's layer by its type, and the provenance of `helm package --sign`;
  https://helm.sh/docs/topics/registries/
- Flux unpacks the first layer, of any type, or the first of a type that it is told;
  https://fluxcd.io/flux/components/source/ocirepositories/
- Argo CD unpacks the only layer whose type ends in `tar` or `tar+gzip`;
  https://argo-cd.readthedocs.io/en/stable/user-guide/oci/
- oras writes a layer with a title to the file of that name; https://oras.land/docs/

Only artifacts in which all of them find the same are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gate.errors import RegistryError
from gate.model.artifact import ArtifactKind
from gate.model.image import ImageReference, ResolvedImage
from gate.model.records import dataclass
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.archive import files_by_path, unpack
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import ImageManifest
from gate.registry.repository import Repository, parse_stored
from gate.registry.resolve import held
from gate.registry.wire import quote

HELM_CONFIG: Final = "application/vnd.cncf.helm.config.v1+json"
HELM_CHART: Final = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
HELM_PROVENANCE: Final = "application/vnd.cncf.helm.chart.provenance.v1.prov"
FLUX_CONTENT: Final = "application/vnd.cncf.flux.content.v1.tar+gzip"
OCI_TAR: Final = "application/vnd.oci.image.layer.v1.tar"
ARCHIVES: Final = {FLUX_CONTENT: True, f"{OCI_TAR}+gzip": True, OCI_TAR: False}
"""The types of a bundle's archive, each with whether it is gzip."""
FILES: Final = frozenset(
    ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "application/json")
)
"""The types of a layer that is one manifest."""
SUFFIXES: Final = (".yaml", ".yml", ".json")
_TITLE: Final = "org.opencontainers.image.title"
_UNPACK: Final = "io.deis.oras.content.unpack"
_GZIP: Final = b"\x1f\x8b"
_TAR_BLOCK: Final = 512


@dataclass(frozen=True, slots=True)
class Packed:
    """A chart or a bundle as it is stored. Nothing about it is verified but its digests."""

    image: ResolvedImage
    kind: ArtifactKind
    archive: bytes
    """Empty where each manifest is a layer of its own."""
    gzipped: bool
    """Of the archive."""
    titled: tuple[tuple[str, bytes], ...]
    """Each manifest that is a layer of its own, with its title, which anybody wrote."""

    def files(self, bounds: Bounds) -> dict[str, bytes]:
        """Return the content of each file by its path. Raises DocumentError as `unpack` does."""
        if self.archive:
            return unpack(self.archive, gzipped=self.gzipped, bounds=bounds)
        return files_by_path(self.titled, bounds)


def read_packed(repository: Repository, reference: ImageReference, bounds: Bounds) -> Packed:
    """Return the chart or the bundle that a reference means. Raises RegistryError.

    `not-an-artifact` where that is a container image, `not-an-image` where it is neither.
    """
    stored = held(repository, reference)
    manifest = parse_stored(stored, what=f"{repository.name} {stored.digest}", bounds=bounds)
    if not isinstance(manifest, ImageManifest):
        raise _not_read(reference, "an index")
    if manifest.is_image:
        raise RegistryError(
            Code.NOT_AN_ARTIFACT,
            f"{reference} is a container image, and oci:// names charts and bundles of manifests",
            remedy=f"Name it with --image {reference}.",
        )
    kind = _kind(manifest, reference)
    layers = sorted(manifest.layers, key=lambda layer: layer.media_type != HELM_CHART)
    size = sum(layer.size for layer in layers)
    if size > bounds.packed_bytes or len(layers) > bounds.packed_files:
        raise RegistryError(
            Code.TOO_LARGE,
            f"{reference} has {size} bytes in {len(layers)} files, and at most "
            f"{bounds.packed_bytes} in {bounds.packed_files} are read",
            remedy="Put only what is applied into it.",
        )
    contents = [repository.blob(layer) for layer in layers]
    alone = _is_file(layers[0])
    if any(map(_unpacks, contents if alone else contents[1:])):
        # Flux unpacks a first layer of any type, and Argo CD a file that oras calls a tar.
        raise _ambiguous(reference, layers)
    first, image = contents[0], ResolvedImage(reference, stored.digest)
    if kind is ArtifactKind.CHART:
        return Packed(image, kind, first, gzipped=True, titled=())
    if alone:
        titles = [layer.annotations[_TITLE] for layer in layers]
        titled = tuple(zip(titles, contents, strict=True))
        return Packed(image, kind, b"", gzipped=False, titled=titled)
    return Packed(image, kind, first, gzipped=ARCHIVES[layers[0].media_type], titled=())


def _unpacks(content: bytes) -> bool:
    """Whether some reader could take a file for an archive: text has no zero byte."""
    return content.startswith(_GZIP) or b"\0" in content[:_TAR_BLOCK]


def _kind(manifest: ImageManifest, reference: ImageReference) -> ArtifactKind:
    """Return what the artifact is. Raises RegistryError where readers could differ about it."""
    layers = manifest.layers
    types = [layer.media_type for layer in layers]
    if manifest.config.media_type == HELM_CONFIG:
        if types.count(HELM_CHART) != 1 or not {HELM_CHART, HELM_PROVENANCE}.issuperset(types):
            raise _ambiguous(reference, layers)
        return ArtifactKind.CHART
    files = sum(map(_is_file, layers))
    archives = sum(layer.media_type in ARCHIVES for layer in layers)
    if not files and not archives:
        shown = types[0] if types else manifest.config.media_type
        raise _not_read(reference, f"an artifact of {quote(shown)}")
    if files != len(layers) != 1:
        raise _ambiguous(reference, layers)
    return ArtifactKind.MANIFESTS


def _is_file(layer: Descriptor) -> bool:
    """Whether a layer is one file with the name of a manifest, as oras writes and reads it.

    oras calls a file of no given type a tar. Its content is then read as a manifest here, which
    a tar cannot be.
    """
    titled = layer.annotations.get(_TITLE, "").endswith(SUFFIXES)
    untyped = layer.media_type == OCI_TAR and layer.annotations.get(_UNPACK) != "true"
    return titled and (layer.media_type in FILES or untyped)


def _ambiguous(reference: ImageReference, layers: Sequence[Descriptor]) -> RegistryError:
    types = ", ".join(quote(layer.media_type) for layer in layers[:3])
    return RegistryError(
        Code.ARTIFACT_AMBIGUOUS,
        f"{reference} has {len(layers)} layers of which readers take different ones ({types})",
        remedy="Push one archive, or YAML files alone.",
    )


def _not_read(reference: ImageReference, what: str) -> RegistryError:
    return RegistryError(
        Code.NOT_AN_IMAGE,
        f"{reference} is {what}: no container image, Helm chart or bundle of manifests",
        remedy="Name an image, a chart, or an artifact that holds manifests.",
    )
