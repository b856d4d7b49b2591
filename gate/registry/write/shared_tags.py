"""Tags that others write too: read, merged, read back, and looked at again after a while.

They are the tag that takes the place of the referrers API, and cosign's `.sig` and `.att`. Nothing
that others wrote is lost. Registries know no compare-and-swap: a writer that stalls between its
reading and its writing for longer than that while can still undo what another wrote.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from typing import Any

from gate.errors import RegistryError
from gate.model.image import Digest
from gate.registry.bounds import Bounds
from gate.registry.codes import Code
from gate.registry.oci.contents import referrers_tag
from gate.registry.oci.manifest import (
    OCI_INDEX,
    OCI_MANIFEST,
    ImageIndex,
    ImageManifest,
    listing,
    media_type_of,
)
from gate.registry.oci.written import descriptor_of, encode, signatures_config, signatures_manifest
from gate.registry.repository import Stored, WritableRepository, parse_stored
from gate.registry.wire import parse_object
from gate.registry.write.already_attached import demand_room


class SharedTags:
    """The tags of one run that others write too. Raises RegistryError."""

    def __init__(self, bounds: Bounds) -> None:
        """Take the bounds. Nothing is written yet."""
        self._bounds = bounds
        self._written: list[tuple[WritableRepository, Callable[[], object]]] = []
        """What was written, each with what would write it again."""
        self.overwritten: dict[str, set[Digest]] = {}
        """By repository: manifests that were under one of these tags before we wrote it."""

    def list_referrer(
        self, repository: WritableRepository, subject: Digest, *manifests: bytes
    ) -> None:
        """List manifests under the tag that takes the place of the referrers API.

        Whether the API works is seen from its answers: some registries say in a header
        that they keep referrers, and do not. Raises RegistryError.
        """
        tag = referrers_tag(subject)
        what = f"{repository.name}:{tag}"
        entries = [listing(one, media_type_of(one)) for one in manifests]
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            index = self._index(held, what)
            listed = {other["digest"] for other in index["manifests"]}
            new = [entry for entry in entries if entry["digest"] not in listed]
            if not new:
                return
            index["manifests"] = [*index["manifests"], *new]
            content = encode(index)
            demand_room(what, len(index["manifests"]), len(content), self._bounds)
            if repository.put_tag(tag, content, OCI_INDEX, over=held):
                self._overwrote(repository, held)
                again = functools.partial(self.list_referrer, repository, subject, *manifests)
                self._written.append((repository, again))
                return
        raise _conflict(what)

    def unlist(
        self, repository: WritableRepository, subject: Digest, manifests: Collection[Digest]
    ) -> frozenset[Digest]:
        """Take manifests off the list under the tag; return which of them were on it.

        Raises RegistryError.
        """
        tag = referrers_tag(subject)
        what = f"{repository.name}:{tag}"
        names = {str(digest) for digest in manifests}
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            if held is None:
                return frozenset()
            index = self._index(held, what)
            gone = {e["digest"] for e in index["manifests"] if e["digest"] in names}
            if not gone:
                return frozenset()
            index["manifests"] = [e for e in index["manifests"] if e["digest"] not in gone]
            if repository.put_tag(tag, encode(index), OCI_INDEX, over=held):
                self._overwrote(repository, held)
                again = functools.partial(self.unlist, repository, subject, manifests)
                self._written.append((repository, again))
                return frozenset(map(Digest.parse, gone))
        raise _conflict(what)

    def drop(
        self,
        repository: WritableRepository,
        subject: Digest,
        suffix: str,
        layers: Collection[Digest],
    ) -> int:
        """Take layers off the image under a subject's tag with a suffix; return how many.

        An image of no layer is no image: where nothing would be left, nothing is taken off.
        Raises RegistryError.
        """
        tag = f"{referrers_tag(subject)}{suffix}"
        what = f"{repository.name}:{tag}"
        names = {str(digest) for digest in layers}
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            before = self._layers(held, what)
            after = [layer for layer in before if layer["digest"] not in names]
            if held is None or not after or len(after) == len(before):
                return 0
            config = signatures_config(after)
            repository.put_blob(config)
            if repository.put_tag(tag, signatures_manifest(after, config), OCI_MANIFEST, over=held):
                self._overwrote(repository, held)
                again = functools.partial(self.drop, repository, subject, suffix, layers)
                self._written.append((repository, again))
                return len(before) - len(after)
        raise _conflict(what)

    def _index(self, held: Stored | None, what: str) -> dict[str, Any]:
        """Return the list that is there, exactly as it is written, or an empty one."""
        if held is None:
            return {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}
        if not isinstance(parse_stored(held, what=what, bounds=self._bounds), ImageIndex):
            raise _other_tag(what)
        return parse_object(held.content, what=what, depth=self._bounds.json_depth)

    def append(
        self,
        find: Callable[[], WritableRepository],
        tag: str,
        media_type: str,
        content: bytes,
        annotations: Mapping[str, str],
    ) -> Digest:
        """Append a layer to the image under a tag of signatures; return the image's digest.

        `find` returns the repository as it is now. Where the same layer, with the same annotations,
        is there already, nothing is written. Raises RegistryError.
        """
        repository = find()
        what = f"{repository.name}:{tag}"
        layer = {**descriptor_of(media_type, content), "annotations": dict(annotations)}
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            layers = self._layers(held, what)
            if held is not None and layer in layers:
                return held.digest
            config = signatures_config([*layers, layer])
            manifest = signatures_manifest([*layers, layer], config)
            demand_room(what, len(layers) + 1, len(manifest), self._bounds)
            repository.put_blob(config)
            repository.put_blob(content)
            if repository.put_tag(tag, manifest, OCI_MANIFEST, over=held):
                self._overwrote(repository, held)
                again = functools.partial(self.append, find, tag, media_type, content, annotations)
                self._written.append((repository, again))
                return Digest.of(manifest)
        raise _conflict(what)

    def merge(self, repository: WritableRepository, tag: str, copied: Stored) -> Digest:
        """Put a `.sig` or `.att` image of another repository under its tag; return what is there.

        Where the tag holds others, every layer of both stays. The blobs are there already.
        Raises RegistryError.
        """
        what = f"{repository.name}:{tag}"
        theirs = self._layers(copied, what)
        for _ in range(self._bounds.push_tries):
            held = repository.tagged(tag)
            layers = self._layers(held, what)
            lacking = [layer for layer in theirs if layer not in layers]
            if held is not None and not lacking:
                return held.digest
            content, media_type = copied.content, media_type_of(copied.content)
            if any(layer not in theirs for layer in layers):
                every = [*layers, *lacking]
                config = signatures_config(every)
                content, media_type = signatures_manifest(every, config), OCI_MANIFEST
                demand_room(what, len(every), len(content), self._bounds)
                repository.put_blob(config)
            if repository.put_tag(tag, content, media_type, over=held):
                self._overwrote(repository, held)
                again = functools.partial(self.merge, repository, tag, copied)
                self._written.append((repository, again))
                return Digest.of(content)
        raise _conflict(what)

    def _layers(self, held: Stored | None, what: str) -> list[dict[str, Any]]:
        """Return the layers that are there, exactly as they are written."""
        if held is None:
            return []
        parsed = parse_stored(held, what=what, bounds=self._bounds)
        if not isinstance(parsed, ImageManifest):
            raise _other_tag(what)
        depth = self._bounds.json_depth
        layers: list[dict[str, Any]] = parse_object(held.content, what=what, depth=depth)["layers"]
        return layers

    def _overwrote(self, repository: WritableRepository, held: Stored | None) -> None:
        if held is not None:
            self.overwritten.setdefault(repository.name, set()).add(held.digest)

    def confirm(self) -> None:
        """Look once more at each tag that others write too, and merge what has gone missing.

        Waits for `settle_seconds`, once for all tags, and not at all where none was written.
        Raises RegistryError.
        """
        for _ in range(self._bounds.push_tries):
            before, self._written = self._written, []
            if not before:
                return
            before[0][0].settle()
            for _, write in before:
                write()  # which writes nothing where all is still there
        if self._written:
            raise _conflict(self._written[0][0].name)


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
