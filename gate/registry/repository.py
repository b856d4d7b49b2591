"""What a place that holds one repository of images can be asked, over HTTP or on disk."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Generator, Iterable, Iterator
from typing import Protocol

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.model.records import dataclass
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
        """Delete a manifest under all of its names; False where that is not allowed here."""

    def settle(self) -> None:
        """Wait until a writer that read a tag before `put_tag` has written it too."""


class Source(Repository, Protocol):
    """One repository that an image is copied from."""

    def stream(self, descriptor: Descriptor) -> Generator[bytes, None, None]:
        """Yield a blob as it comes, of any size; a caller of a registry holds a `deadline`.

        Neither size nor digest is checked: see `whole`.
        """


class Destination(WritableRepository, Protocol):
    """One repository that an image is copied to."""

    def prepare(self) -> None:
        """Make the place, where that is not done by writing to it."""

    def holds(self, descriptor: Descriptor) -> bool:
        """Whether it has a blob, whole as far as it can be told without reading it."""

    def has_manifest(self, digest: Digest) -> bool:
        """Whether it has a manifest."""

    def take(self, descriptor: Descriptor, source: Source) -> Taken:
        """Store a blob of another repository; a caller of a registry holds a `deadline`."""

    def put_child(self, content: bytes, media_type: str) -> None:
        """Store a manifest that another one lists."""


class Taken(enum.Enum):
    """How a blob came to where it is."""

    THERE = "there"
    """It was there before."""
    MOUNTED = "mounted"
    """Its registry had it in another repository."""
    COPIED = "copied"


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


def whole(pieces: Iterable[bytes], descriptor: Descriptor, what: str) -> Iterator[bytes]:
    """Yield a blob as it comes; its last piece only where its size and its digest are right.

    So nobody who reads it can take it for whole where it is not. Raises RegistryError.
    """
    held, size, digest = b"", 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        if size > descriptor.size:
            break
        digest.update(piece)
        if held:
            yield held
        held = piece
    if size != descriptor.size:
        raise RegistryError(
            Code.SIZE_MISMATCH,
            f"{what} {descriptor.digest} has {'more' if size > descriptor.size else 'fewer'} bytes"
            f" than the {descriptor.size} that its manifest says",
            remedy="Push it again; if it happens twice, do not trust this registry or folder.",
        )
    if digest.hexdigest() != descriptor.digest.hex:
        raise RegistryError(
            Code.DIGEST_MISMATCH,
            f"{what} has other bytes than {descriptor.digest}",
            remedy="Push it again; if it happens twice, do not trust this registry or folder.",
        )
    if held:
        yield held


def parse_stored(stored: Stored, *, what: str, bounds: Bounds) -> Manifest:
    """Read a stored manifest or index; `what` says which, for people. Raises RegistryError."""
    return parse_manifest(
        stored.content, content_type=stored.content_type, what=what, bounds=bounds
    )
