"""What a place that holds one repository of images can be asked, over HTTP or on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import Manifest, parse_manifest


@dataclass(frozen=True, slots=True)
class Stored:
    """The bytes of a manifest as they are stored, and what the storage calls them."""

    content: bytes
    content_type: str = ""

    @property
    def digest(self) -> Digest:
        """Of the content: headers and file names are not believed."""
        return Digest.of(self.content)


class Repository(Protocol):
    """One repository, to read. Every method raises RegistryError.

    Bytes asked for by digest have that digest; nothing is longer than the bounds.
    """

    @property
    def name(self) -> str:
        """What to call it in a message."""

    def tagged(self, tag: str) -> Stored | None:
        """Return the manifest under a tag; None only where the answer is that there is none."""

    def untagged(self, tag: str) -> RegistryError:
        """Return what to say of a tag that is not there."""

    def manifest(self, digest: Digest) -> Stored:
        """Return the manifest with a digest."""

    def blob(self, descriptor: Descriptor) -> bytes:
        """Return the content that a descriptor is about."""

    def referrers(self, subject: Digest) -> tuple[Descriptor, ...] | None:
        """Return what is listed as being about a subject, once each; None where it cannot tell."""

    def companions(self, image: Digest) -> tuple[Digest, ...]:
        """Return manifests that lie beside the image as signatures, without being named so."""


class WritableRepository(Repository, Protocol):
    """One repository, to write. Writing what is there already changes nothing."""

    def put_blob(self, content: bytes) -> None:
        """Store a blob under its digest."""

    def put_manifest(self, content: bytes, media_type: str) -> None:
        """Store a manifest under its digest, where its subject's referrers are found."""

    def put_tag(self, tag: str, content: bytes, media_type: str, *, over: Stored | None) -> bool:
        """Store a manifest under a tag that held `over`; False where it holds others by now."""

    def delete(self, digest: Digest) -> bool:
        """Delete a manifest, whatever names it; False where that is not allowed here."""

    def settle(self) -> None:
        """Wait until a writer that read a tag before `put_tag` has written it too."""


class Repositories(Protocol):
    """Knows where each image's evidence is written."""

    def repository(self, reference: ImageReference, *, deletes: bool = False) -> WritableRepository:
        """Return the repository that takes an image's evidence, to write and where asked to delete.

        Raises RegistryError.
        """

    def held(self, image: ResolvedImage) -> Stored:
        """Return the manifest of the image itself, which may lie elsewhere. Raises RegistryError.

        The evidence of `docker.io/library/nginx` may be written to `registry.acme/evidence`.
        """

    def kept_at(self, image: ResolvedImage) -> str:
        """Return the name of where the image's evidence is written."""


def checked(content: bytes, digest: Digest, what: str) -> bytes:
    """Return the content, which has that digest. Raises RegistryError `digest-mismatch`."""
    if Digest.of(content) != digest:
        raise RegistryError(
            Code.DIGEST_MISMATCH,
            f"{what} has other bytes than {digest}",
            remedy="Push it again; if it happens twice, do not trust this registry or folder.",
        )
    return content


def parse_stored(stored: Stored, *, what: str, bounds: Bounds) -> Manifest:
    """Read a stored manifest or index; `what` says which, for people. Raises RegistryError."""
    return parse_manifest(
        stored.content, content_type=stored.content_type, what=what, bounds=bounds
    )
