"""Images in OCI layout folders on disk: one folder is one repository.

https://github.com/opencontainers/image-spec/blob/main/image-layout.md

Signatures are found in every way in which tools keep them there: entries of `index.json`
that cosign marks by `kind`, manifests with a `subject`, and the tags `sha256-<hex>`,
`sha256-<hex>.sig` and `sha256-<hex>.att` as `org.opencontainers.image.ref.name`.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from gate.errors import RegistryError
from gate.model.expressions import expression
from gate.model.image import Digest
from gate.model.words import listed
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.layout.folder import Folder
from gate.registry.layout.index import REF_NAME, LayoutIndex
from gate.registry.layout.refusals import ambiguous, missing, too_large
from gate.registry.oci.descriptor import Descriptor
from gate.registry.oci.manifest import (
    INDEX_TYPES,
    MANIFEST_TYPES,
    ImageManifest,
    Manifest,
    parse_manifest,
)
from gate.registry.repository import Source, Stored, Taken, checked, whole

_SHOWN: Final = 5
"""How many tags a message lists, and the most characters of each."""
_NAME: Final = 128
_KIND: Final = "kind"
_COSIGN: Final = "dev.cosignproject.cosign/"
_IMAGES: Final = frozenset((f"{_COSIGN}image", f"{_COSIGN}imageIndex"))
_SIGNATURES: Final = frozenset((f"{_COSIGN}sigs", f"{_COSIGN}atts"))
_SUBJECT_TAG: Final = expression(r"sha256-[0-9a-f]{64}(?:\.[a-z]+)?")


class LayoutRepository:
    """One layout folder, to read and to write.

    It is read afresh once for each object of this class: what another process writes
    later is not seen, so that one look is one state.
    """

    def __init__(self, path: Path, bounds: Bounds) -> None:
        """Take the folder; nothing is read yet."""
        self._folder = Folder(path)
        self._bounds = bounds
        self._index = LayoutIndex(self._folder, bounds, name=self.name)

    @property
    def name(self) -> str:
        """The folder, as the caller named it."""
        return f"oci:{self._folder.path}"

    def tagged(self, tag: str) -> Stored | None:
        """Return the manifest of the entry with that name. Raises RegistryError."""
        found = {d.digest: d for d in self._index.entries if _named(d, tag)}
        if len(found) > 1:
            raise ambiguous(self.name, len(found), f" named {tag}")
        return self._stored(next(iter(found.values()))) if found else None

    def untagged(self, tag: str) -> RegistryError:
        """Return what to say of a tag that is not there, with tags that are."""
        named = {d.annotations.get(REF_NAME, "") for d in self._index.entries}
        names = sorted(n for n in named if n and not _SUBJECT_TAG.fullmatch(n))
        shown = listed([name[:_NAME] for name in names], _SHOWN)
        return RegistryError(
            Code.NOT_FOUND,
            f"{self.name} has no image tagged {tag}",
            remedy=f"Name one that it has: {shown}."
            if names
            else "Name the image by its digest: nothing in the folder has a tag.",
        )

    def only_image(self) -> Stored:
        """Return the one image of the folder, which therefore needs no tag.

        Raises RegistryError.
        """
        marked = [d for d in self._index.entries if d.annotations.get(_KIND) in _IMAGES]
        found = {d.digest: d for d in marked or self._index.entries if self._may_run(d)}
        if len(found) != 1:
            raise ambiguous(self.name, len(found))
        return self._stored(next(iter(found.values())))

    def manifest(self, digest: Digest) -> Stored:
        """Return the manifest with a digest, listed or not."""
        content = self._blob(digest, self._bounds.manifest_bytes)
        return Stored(content, self._media_types.get(digest, ""))

    def blob(self, descriptor: Descriptor) -> bytes:
        """Return the content that a descriptor is about. Raises RegistryError."""
        content = self._blob(descriptor.digest, self._bounds.blob_bytes)
        if len(content) != descriptor.size:
            raise RegistryError(
                Code.SIZE_MISMATCH,
                f"{self.name} {descriptor.digest} has {len(content)} bytes, and its manifest"
                f" says {descriptor.size}",
                remedy="Write the layout again.",
            )
        return content

    def referrers(self, subject: Digest) -> tuple[Descriptor, ...]:
        """Return the listed manifests that say they are about a subject, or that cannot be read."""
        return (*self._by_subject.get(subject, ()), *self._unreadable)

    def companions(self, image: Digest) -> tuple[Digest, ...]:
        """Return what cosign marks as signatures, where it lies beside this image alone."""
        marked = [d.digest for d in self._index.entries if d.annotations.get(_KIND) in _SIGNATURES]
        images = {d.digest for d in self._index.entries if d.annotations.get(_KIND) in _IMAGES}
        return tuple(marked) if images == {image} else ()

    def make(self) -> None:
        """Make an empty layout, unless there is one."""
        self._index.make()

    def put_blob(self, content: bytes) -> None:
        """Store a blob, unless it is there and whole."""
        digest = Digest.of(content)
        if self._folder.read("blobs", "sha256", digest.hex, most=len(content)) != content:
            self._folder.write(content, "blobs", "sha256", digest.hex)

    def stream(self, descriptor: Descriptor) -> Generator[bytes, None, None]:
        """Yield a blob piece by piece. Neither size nor digest is checked. Raises RegistryError."""
        pieces = self._folder.pieces("blobs", "sha256", descriptor.digest.hex)
        if pieces is None:
            raise missing(self.name, descriptor.digest)
        yield from pieces

    def prepare(self) -> None:
        """Make an empty layout, unless there is one."""
        with self._folder.locked():
            self.make()

    def holds(self, descriptor: Descriptor) -> bool:
        """Whether a blob is there and whole: it is read."""
        pieces = self._folder.pieces("blobs", "sha256", descriptor.digest.hex)
        try:
            for _ in whole(pieces or (), descriptor, self.name):
                pass
        except RegistryError as error:
            if error.code not in (Code.SIZE_MISMATCH, Code.DIGEST_MISMATCH):
                raise
            return False
        return pieces is not None

    def has_manifest(self, digest: Digest) -> bool:
        """Whether a manifest's bytes are there, listed or not."""
        most = self._bounds.manifest_bytes
        content = self._folder.read("blobs", "sha256", digest.hex, most=most)
        return content is not None and Digest.of(content) == digest

    def take(self, descriptor: Descriptor, source: Source) -> Taken:
        """Store a blob of another repository, unless it is there and whole."""
        if self.holds(descriptor):
            return Taken.THERE
        with contextlib.closing(source.stream(descriptor)) as pieces:
            content = whole(pieces, descriptor, source.name)
            self._folder.write_pieces(content, "blobs", "sha256", descriptor.digest.hex)
        return Taken.COPIED

    def put_child(self, content: bytes, media_type: str) -> None:  # noqa: ARG002  # the Protocol's
        """Store a manifest that another one lists: `index.json` does not list it."""
        self.put_blob(content)

    def put_manifest(self, content: bytes, media_type: str) -> None:
        """Store a manifest and list it in `index.json`."""
        self.put_blob(content)
        with self._folder.locked():
            self.make()
            self._list(content, media_type, None)

    def put_tag(self, tag: str, content: bytes, media_type: str, *, over: Stored | None) -> bool:
        """Store a manifest and list it under a tag in place of `over`."""
        self.put_blob(content)
        with self._folder.locked():
            self.make()
            now = LayoutRepository(self._folder.path, self._bounds).tagged(tag)
            if (now and now.digest) != (over and over.digest):
                return False
            self._list(content, media_type, tag)
        return True

    def delete(self, digest: Digest) -> bool:
        """Take a manifest off `index.json`; its bytes stay in the folder."""
        with self._folder.locked():
            self._index.remove(digest)
        self._forget()
        return True

    def settle(self) -> None:
        """Return at once: a writer holds the folder's lock from reading to writing."""

    @functools.cached_property
    def _media_types(self) -> Mapping[Digest, str]:
        """What the first entry of each digest says of its type."""
        return {entry.digest: entry.media_type for entry in reversed(self._index.entries)}

    @functools.cached_property
    def _by_subject(self) -> Mapping[Digest, tuple[Descriptor, ...]]:
        """Every listed manifest that has a subject, by that, as a registry would list it."""
        found: dict[Digest, list[Descriptor]] = {}
        for entry, manifest in self._listed.values():
            if manifest is not None and manifest.subject is not None:
                described = replace(entry, annotations=_annotations(manifest) or entry.annotations)
                found.setdefault(manifest.subject.digest, []).append(described)
        return {subject: tuple(entries) for subject, entries in found.items()}

    @property
    def _unreadable(self) -> tuple[Descriptor, ...]:
        """Listed manifests whose subject nobody can tell: it may be any."""
        return tuple(entry for entry, manifest in self._listed.values() if manifest is None)

    @functools.cached_property
    def _listed(self) -> Mapping[Digest, tuple[Descriptor, Manifest | None]]:
        """Every listed manifest, by its digest; None where it is not there or not well formed."""
        found: dict[Digest, tuple[Descriptor, Manifest | None]] = {}
        total = 0
        for entry in self._index.entries:
            if entry.media_type in INDEX_TYPES | MANIFEST_TYPES:
                try:
                    content = self._stored(entry).content
                    manifest = parse_manifest(
                        content,
                        content_type=entry.media_type,
                        what=f"{self.name} {entry.digest}",
                        bounds=self._bounds,
                    )
                except RegistryError:
                    found[entry.digest] = entry, None
                    continue
                found[entry.digest] = entry, manifest
                total += len(content)
                if total > self._bounds.layout_bytes:
                    raise too_large(self.name, self._bounds)
        return found

    def _may_run(self, entry: Descriptor) -> bool:
        """Whether an entry can be what `oci:folder` without a tag means."""
        attached = {one.digest for every in self._by_subject.values() for one in every}
        return (
            entry.media_type in INDEX_TYPES | MANIFEST_TYPES
            and entry.annotations.get(_KIND) not in _SIGNATURES
            and not _SUBJECT_TAG.fullmatch(entry.annotations.get(REF_NAME, ""))
            and entry.digest not in attached
        )

    def _stored(self, entry: Descriptor) -> Stored:
        return Stored(self._blob(entry.digest, self._bounds.manifest_bytes), entry.media_type)

    def _blob(self, digest: Digest, most: int) -> bytes:
        content = self._folder.read("blobs", "sha256", digest.hex, most=most)
        if content is None:
            raise missing(self.name, digest)
        return checked(content, digest, f"{self.name} blobs/sha256/{digest.hex}")

    def _list(self, content: bytes, media_type: str, tag: str | None) -> None:
        self._index.add(content, media_type, tag)
        self._forget()

    def _forget(self) -> None:
        self.__dict__.pop("_by_subject", None)
        self.__dict__.pop("_listed", None)
        self.__dict__.pop("_media_types", None)


def _annotations(manifest: Manifest) -> Mapping[str, str]:
    return manifest.annotations if isinstance(manifest, ImageManifest) else {}


def _named(entry: Descriptor, tag: str) -> bool:
    """Whether an entry has a tag, as a tag alone or as the end of a whole reference."""
    name = entry.annotations.get(REF_NAME)
    return name is not None and (name == tag or ("/" in name and name.endswith(f":{tag}")))
