"""Writing: signed things attached to an image, so that every reader finds them.

A bundle becomes a referrer (OCI 1.1), listed under the tag that stands in for the referrers
API where a registry lacks it; a legacy signature or attestation becomes one more layer of
cosign's `.sig` or `.att` image. Nothing that is there is pushed again, and nothing that
others wrote is lost: tags are read, merged, read back, and with `confirm` looked at again after
a while, one for all that was pushed. Registries know no compare-and-swap: a writer that stalls
between its reading and its writing for longer than that while can still undo what another wrote.

https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from gate.errors import RegistryError
from gate.model.image import Digest, ImageReference, ResolvedImage
from gate.registry.attached import ENVELOPE_TYPE, SIGNATURE_TYPE, referrers_tag
from gate.registry.bounds import BOUNDS, Bounds
from gate.registry.codes import Code
from gate.registry.descriptor import Descriptor
from gate.registry.manifest import (
    OCI_INDEX,
    OCI_MANIFEST,
    ImageIndex,
    ImageManifest,
    listing,
    parse_manifest,
)
from gate.registry.repository import Stored, WritableRepository
from gate.registry.wire import parse_object
from gate.registry.written import (
    bundle_manifest,
    descriptor_of,
    encode,
    signatures_config,
    signatures_manifest,
)

_SIGNATURE_ANNOTATION: Final = "dev.cosignproject.cosign/signature"


class Publisher(Protocol):
    """Attaches signed bytes to images. Raises RegistryError."""

    def push_bundle(
        self, image: ResolvedImage, bundle: bytes, *, predicate_type: str, created: datetime
    ) -> Digest:
        """Attach a Sigstore bundle; return the digest of the manifest that carries it."""

    def push_attestation_legacy(
        self, image: ResolvedImage, envelope: bytes, *, predicate_type: str
    ) -> Digest:
        """Attach a DSSE envelope as cosign did before bundles."""

    def push_signature_legacy(
        self, image: ResolvedImage, payload: bytes, *, annotations: Mapping[str, str]
    ) -> Digest:
        """Attach a simple-signing payload, its signature in the annotations."""

    def confirm(self) -> None:
        """See to it that whoever wrote at the same time left everything where it is."""


class Repositories(Protocol):
    """Knows where each image's repository is."""

    def repository(self, reference: ImageReference) -> WritableRepository:
        """Return the repository that holds a reference. Raises RegistryError."""


class RepositoryPublisher:
    """A Publisher over registries or layout folders alike. One image's digest is its subject."""

    def __init__(self, repositories: Repositories, *, bounds: Bounds = BOUNDS) -> None:
        """Take what knows where images are."""
        self._repositories = repositories
        self._bounds = bounds
        self._shared: list[tuple[WritableRepository, Callable[[], object]]] = []
        """Tags that others write too and that were written, each with what would write it again."""

    def push_bundle(
        self, image: ResolvedImage, bundle: bytes, *, predicate_type: str, created: datetime
    ) -> Digest:
        """Attach a Sigstore bundle; return the digest of the manifest that carries it.

        `created` is shown to people and decides nothing. A bundle of the same bytes that
        is attached already is left as it is, and its manifest's digest is returned.
        """
        repository = self._repositories.repository(image.reference)
        present = self._carrier(repository, image.digest, Digest.of(bundle))
        if present is not None:
            return present
        subject = repository.manifest(image.digest)
        manifest = bundle_manifest(
            bundle,
            descriptor_of(self._media_type(subject, image), subject.content),
            predicate_type=predicate_type,
            created=created,
        )
        repository.put_blob(b"{}")
        repository.put_blob(bundle)
        repository.put_manifest(manifest, OCI_MANIFEST)
        if Digest.of(manifest) not in (repository.referrers(image.digest) or ()):
            self._list_under_tag(repository, image.digest, manifest)
        return Digest.of(manifest)

    def push_attestation_legacy(
        self, image: ResolvedImage, envelope: bytes, *, predicate_type: str
    ) -> Digest:
        """Append a DSSE envelope to the `.att` image; return that image's digest."""
        annotations = {_SIGNATURE_ANNOTATION: "", "predicateType": predicate_type}
        return self._append(image, ".att", ENVELOPE_TYPE, envelope, annotations)

    def push_signature_legacy(
        self, image: ResolvedImage, payload: bytes, *, annotations: Mapping[str, str]
    ) -> Digest:
        """Append a simple-signing payload to the `.sig` image; return that image's digest.

        The annotations hold the signature under `dev.cosignproject.cosign/signature`.
        """
        return self._append(image, ".sig", SIGNATURE_TYPE, payload, annotations)

    def confirm(self) -> None:
        """Look once more at each tag that others write too, and merge what has gone missing.

        Waits for `settle_seconds`, once for all tags, and not at all where none was written.
        """
        for _ in range(self._bounds.push_tries):
            before, self._shared = self._shared, []
            if not before:
                return
            before[0][0].settle()
            for _, write in before:
                write()  # which writes nothing where all is still there
        if self._shared:
            raise _conflict(self._shared[0][0].name)

    def _list_under_tag(
        self, repository: WritableRepository, subject: Digest, manifest: bytes
    ) -> None:
        """List a manifest under the tag that stands in for the referrers API.

        Whether the API works is seen from its answers: some registries say in a header
        that they keep referrers, and do not.
        """
        tag = referrers_tag(subject)
        what = f"{repository.name}:{tag}"
        entry = listing(manifest, OCI_MANIFEST)
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            index = self._index(held, what)
            if any(other["digest"] == entry["digest"] for other in index["manifests"]):
                return
            index["manifests"] = [*index["manifests"], entry]
            if repository.put_tag(tag, encode(index), OCI_INDEX, over=held):
                again = functools.partial(self._list_under_tag, repository, subject, manifest)
                self._shared.append((repository, again))
                return
        raise _conflict(what)

    def _index(self, held: Stored | None, what: str) -> dict[str, Any]:
        """Return the list that is there, exactly as it is written, or an empty one."""
        if held is None:
            return {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}
        if not isinstance(self._parse(held, what), ImageIndex):
            raise _other_tag(what)
        return parse_object(held.content, what=what, depth=self._bounds.json_depth)

    def _append(
        self,
        image: ResolvedImage,
        suffix: str,
        media_type: str,
        content: bytes,
        annotations: Mapping[str, str],
    ) -> Digest:
        repository = self._repositories.repository(image.reference)
        tag = f"{referrers_tag(image.digest)}{suffix}"
        what = f"{repository.name}:{tag}"
        layer = {**descriptor_of(media_type, content), "annotations": dict(annotations)}
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            layers = self._layers(held, what)
            if held is not None and layer in layers:
                return held.digest
            config = signatures_config([*layers, layer])
            manifest = signatures_manifest([*layers, layer], config)
            repository.put_blob(config)
            repository.put_blob(content)
            if repository.put_tag(tag, manifest, OCI_MANIFEST, over=held):
                again = functools.partial(
                    self._append, image, suffix, media_type, content, annotations
                )
                self._shared.append((repository, again))
                return Digest.of(manifest)
        raise _conflict(what)

    def _layers(self, held: Stored | None, what: str) -> list[dict[str, Any]]:
        """Return the layers that are there, exactly as they are written."""
        if held is None:
            return []
        parsed = self._parse(held, what)
        if not isinstance(parsed, ImageManifest):
            raise _other_tag(what)
        depth = self._bounds.json_depth
        layers: list[dict[str, Any]] = parse_object(held.content, what=what, depth=depth)["layers"]
        return layers

    def _carrier(
        self, repository: WritableRepository, subject: Digest, content: Digest
    ) -> Digest | None:
        """Return the manifest that attaches some content to a subject already."""
        for digest in listed(repository, subject, self._bounds):
            manifest = self._parse(repository.manifest(digest), f"{repository.name} {digest}")
            if (
                isinstance(manifest, ImageManifest)
                and manifest.subject is not None
                and manifest.subject.digest == subject
                and content in {layer.digest for layer in manifest.layers}
            ):
                return digest
        return None

    def _media_type(self, stored: Stored, image: ResolvedImage) -> str:
        return self._parse(stored, str(image)).media_type

    def _parse(self, stored: Stored, what: str) -> ImageManifest | ImageIndex:
        return parse_manifest(
            stored.content, content_type=stored.content_type, what=what, bounds=self._bounds
        )


def listed(repository: WritableRepository, subject: Digest, bounds: Bounds) -> tuple[Digest, ...]:
    """Return what is listed as attached, by the referrers API and by its stand-in tag."""
    found = dict.fromkeys(repository.referrers(subject) or ())
    tag = referrers_tag(subject)
    held = repository.tagged(tag)
    if held is not None:
        index = parse_manifest(
            held.content,
            content_type=held.content_type,
            what=f"{repository.name}:{tag}",
            bounds=bounds,
        )
        entries: tuple[Descriptor, ...] = index.manifests if isinstance(index, ImageIndex) else ()
        found |= dict.fromkeys(entry.digest for entry in entries)
    return tuple(found)


def _conflict(what: str) -> RegistryError:
    return RegistryError(
        Code.PUSH_CONFLICT,
        f"{what} kept changing while it was written",
        remedy="Run again when no other job signs the same image.",
    )


def _other_tag(what: str) -> RegistryError:
    return RegistryError(
        Code.MALFORMED_MANIFEST,
        f"{what} holds something else than signatures",
        remedy="Delete that tag and sign again.",
    )
